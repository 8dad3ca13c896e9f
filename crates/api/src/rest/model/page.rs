use lienthong_app::App;
use lienthong_app::queries::internal::InternalPage;
use lienthong_app::queries::{Page, TotalCount};
use serde::Serialize;
use utoipa::ToSchema;

use crate::view::Window;

/// Where a page lies in its list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct PageInfo {
    /// Whether the list goes on after this page.
    pub(in crate::rest) has_next: bool,
    /// Whether the list has entries before this page.
    pub(in crate::rest) has_previous: bool,
    /// Cursor of the first entry of the page, for `before`; null on an empty page.
    #[schema(required)]
    pub(in crate::rest) start_cursor: Option<String>,
    /// Where the list goes on, for `after`: the cursor of the last entry, or further down where entries were passed over; null
    /// on an empty page at the end.
    #[schema(required)]
    pub(in crate::rest) end_cursor: Option<String>,
}

/// A total that is counted only so far.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct Total {
    /// The number counted, at most 10,000.
    #[schema(example = 2079)]
    value: u32,
    /// Whether there are more than that.
    more: bool,
}

impl PageInfo {
    /// Where a page of articles lies.
    pub(in crate::rest) fn of(app: &App, page: &Page) -> Self {
        Self {
            has_next: page.has_next,
            has_previous: page.has_previous,
            start_cursor: page.start_cursor(app),
            end_cursor: page.end_cursor(app),
        }
    }
}

impl PageInfo {
    /// Where a page of internal articles lies.
    pub(in crate::rest) fn of_internal(app: &App, page: &InternalPage) -> Self {
        Self {
            has_next: page.has_next,
            has_previous: page.has_previous,
            start_cursor: page.articles.first().map(|article| page.cursor(app, article)),
            end_cursor: page.articles.last().map(|article| page.cursor(app, article)),
        }
    }
}

impl PageInfo {
    /// Where a part of a list lies whose items are their own cursors; `ends` are the ids of its first and last item.
    pub(in crate::rest) fn of_window<T>(window: &Window<'_, T>, ends: Option<[&String; 2]>) -> Self {
        let [start_cursor, end_cursor] = ends.map_or([None, None], |ends| ends.map(|id| Some(id.clone())));
        Self { has_next: window.has_next, has_previous: window.has_previous, start_cursor, end_cursor }
    }
}

impl From<TotalCount> for Total {
    fn from(count: TotalCount) -> Self {
        let TotalCount { value, more } = count;
        Self { value, more }
    }
}
