//! Pages of a list: keyset only, 1 to 100 entries, cursors that belong to the list.

use std::sync::Arc;

use lienthong_domain::time::Timestamp;
use lienthong_persistence::live_entries::{self, Bodies, Key, Listing, LiveHeader, Part};

use crate::app::App;
use crate::cursor::CursorKey;
use crate::error::Error;

/// Entries on a page when the client does not say.
pub(crate) const DEFAULT_SIZE: u32 = 20;
/// Entries on a page at most.
pub(crate) const MAX_SIZE: u32 = 100;
/// How far a total is counted; beyond it only "more than" is known.
pub(crate) const COUNTED_AT_MOST: u32 = 10_000;

/// Which page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// So many from the start, or after `after`.
    pub first: Option<u32>,
    /// So many from the end, or before `before`.
    pub last: Option<u32>,
    /// A cursor of this list.
    pub after: Option<String>,
    /// A cursor of this list.
    pub before: Option<String>,
}

/// One page.
#[derive(Debug, Clone)]
pub struct Page {
    /// The entries, in the order of the list.
    pub headers: Vec<Arc<LiveHeader>>,
    /// Whether the list goes on after them.
    pub has_next: bool,
    /// Whether the list has entries before them.
    pub has_previous: bool,
    /// The list, which its cursors are bound to; `None` when it is known to be empty.
    pub listing: Option<Listing>,
    /// The search, which its cursors are bound to as well.
    pub(super) search: Option<Arc<str>>,
}

/// A total that is counted only so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TotalCount {
    /// The number counted.
    pub value: u32,
    /// Whether there are more than that.
    pub more: bool,
}

impl PageRequest {
    /// The number of entries, and whether they are taken from the end.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when `first` and `last` exclude each other or lie outside 1 to 100.
    pub fn size(&self) -> Result<(u32, bool), Error> {
        let (name, size, from_end) = match (self.first, self.last) {
            (Some(_), Some(_)) => return Err(Error::bad_request("first", "first and last exclude each other")),
            (None, Some(last)) => ("last", last, true),
            (first, None) => ("first", first.unwrap_or(DEFAULT_SIZE), false),
        };
        if size == 0 || size > MAX_SIZE {
            return Err(Error::bad_request(name, format!("{name} must be between 1 and {MAX_SIZE}")));
        }
        if from_end && self.after.is_some() {
            return Err(Error::bad_request("after", "after goes with first, before with last"));
        }
        if !from_end && self.before.is_some() {
            return Err(Error::bad_request("before", "before goes with last, after with first"));
        }
        Ok((size, from_end))
    }
}

impl PageRequest {
    /// The number of entries, and the part of `listing` they are taken from.
    pub(super) fn part(&self, cursors: &CursorKey, listing: &Listing) -> Result<(u32, Part), Error> {
        let (size, from_end) = self.size()?;
        let key = |cursor: &Option<String>| -> Result<Option<Key>, Error> {
            cursor.as_deref().map(|cursor| cursors.read(listing, cursor)).transpose()
        };
        let part = if from_end { Part::Last(key(&self.before)?) } else { Part::First(key(&self.after)?) };
        Ok((size, part))
    }
}

impl Page {
    /// The page of `size` out of one entry more than it holds, if the list goes on.
    pub(super) fn cut(mut headers: Vec<LiveHeader>, (size, part): (u32, Part), listing: Listing) -> Self {
        let (has_next, has_previous) = cut(&mut headers, (size, part));
        let headers = headers.into_iter().map(Arc::new).collect();
        Self { headers, has_next, has_previous, listing: Some(listing), search: None }
    }

    /// A page of a list that cannot have entries.
    pub const fn empty() -> Self {
        Self { headers: Vec::new(), has_next: false, has_previous: false, listing: None, search: None }
    }

    /// The cursor of one of its entries.
    pub fn cursor(&self, app: &App, header: &LiveHeader) -> String {
        let Some(listing) = &self.listing else { return String::new() };
        let key = header.key(listing.order);
        match &self.search {
            None => app.cursors().sign(listing, key),
            Some(search) => app.cursors().bound_to(search).sign(listing, key),
        }
    }
}

/// Leaves `size` out of one entry more than the page holds. Tells whether the list goes on after them and before them.
pub(super) fn cut<T>(entries: &mut Vec<T>, (size, part): (u32, Part)) -> (bool, bool) {
    let more = entries.len() > size as usize;
    match part {
        Part::First(after) => {
            entries.truncate(size as usize);
            (more, after.is_some())
        }
        Part::Last(before) => {
            entries.drain(..entries.len().saturating_sub(size as usize));
            (before.is_some(), more)
        }
    }
}

/// Reads one page: one statement, which asks for one entry more than the page holds to see whether the list goes on.
pub(super) async fn read(
    app: &App,
    listing: Listing,
    request: &PageRequest,
    bodies: Bodies,
    now: Timestamp,
) -> Result<Page, Error> {
    let (size, part) = request.part(&app.cursors(), &listing)?;
    let headers = live_entries::list(app.store(), &listing, part, (size + 1, bodies), now).await?;
    Ok(Page::cut(headers, (size, part), listing))
}
