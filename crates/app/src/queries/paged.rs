//! What all pages have in common, whatever is listed.

use std::sync::Arc;

use lienthong_persistence::live_entries::LiveHeader;

use crate::app::App;
use crate::queries::Page;
use crate::queries::internal::{InternalArticle, InternalPage};
use crate::queries::registers::RegisterPage;
use crate::reference::Listed;

/// A page of a list, with cursors that belong to the list.
pub trait Paged {
    /// What is listed.
    type Item;

    /// What the page holds, in the order of the list.
    fn items(&self) -> &[Self::Item];

    /// Whether the list goes on after them.
    fn has_next(&self) -> bool;

    /// Whether the list has others before them.
    fn has_previous(&self) -> bool;

    /// The cursor of one of its items.
    fn cursor_of(&self, app: &App, item: &Self::Item) -> String;

    /// The cursors behind which the list goes on: those of its first and last item; `None` on an empty page.
    fn ends(&self, app: &App) -> [Option<String>; 2] {
        let items = self.items();
        [items.first(), items.last()].map(|item| item.map(|item| self.cursor_of(app, item)))
    }
}

impl Paged for Page {
    type Item = Arc<LiveHeader>;

    fn items(&self) -> &[Self::Item] {
        &self.headers
    }

    fn has_next(&self) -> bool {
        self.has_next
    }

    fn has_previous(&self) -> bool {
        self.has_previous
    }

    fn cursor_of(&self, app: &App, item: &Self::Item) -> String {
        self.cursor(app, item)
    }

    fn ends(&self, app: &App) -> [Option<String>; 2] {
        [self.start_cursor(app), self.end_cursor(app)]
    }
}

impl Paged for InternalPage {
    type Item = InternalArticle;

    fn items(&self) -> &[Self::Item] {
        &self.articles
    }

    fn has_next(&self) -> bool {
        self.has_next
    }

    fn has_previous(&self) -> bool {
        self.has_previous
    }

    fn cursor_of(&self, app: &App, item: &Self::Item) -> String {
        self.cursor(app, item)
    }
}

impl<T: Listed> Paged for RegisterPage<T> {
    type Item = Arc<T>;

    fn items(&self) -> &[Self::Item] {
        &self.items
    }

    fn has_next(&self) -> bool {
        self.has_next
    }

    fn has_previous(&self) -> bool {
        self.has_previous
    }

    fn cursor_of(&self, app: &App, item: &Self::Item) -> String {
        self.cursor(app, item)
    }
}
