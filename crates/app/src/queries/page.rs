//! Pages of a list: keyset only, 1 to 100 entries, cursors that belong to the list.

use lienthong_domain::time::Timestamp;
use lienthong_persistence::live_entries::{self, Bodies, Key, Listing, LiveHeader, Part};

use crate::app::App;
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
    pub headers: Vec<LiveHeader>,
    /// Whether the list goes on after them.
    pub has_next: bool,
    /// Whether the list has entries before them.
    pub has_previous: bool,
    /// The list, which its cursors are bound to; `None` when it is known to be empty.
    pub listing: Option<Listing>,
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

impl Page {
    /// A page of a list that cannot have entries.
    pub const fn empty() -> Self {
        Self { headers: Vec::new(), has_next: false, has_previous: false, listing: None }
    }

    /// The cursor of one of its entries.
    pub fn cursor(&self, app: &App, header: &LiveHeader) -> String {
        self.listing.as_ref().map_or_else(String::new, |listing| app.cursors().sign(listing, header.key(listing.order)))
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
    let (size, from_end) = request.size()?;
    let key = |cursor: &Option<String>| -> Result<Option<Key>, Error> {
        cursor.as_deref().map(|cursor| app.cursors().read(&listing, cursor)).transpose()
    };
    let (key, part) = if from_end {
        let key = key(&request.before)?;
        (key, Part::Last(key))
    } else {
        let key = key(&request.after)?;
        (key, Part::First(key))
    };
    let mut headers = live_entries::list(app.store(), &listing, part, (size + 1, bodies), now).await?;
    let more = headers.len() > size as usize;
    if more && from_end {
        headers.remove(0);
    } else if more {
        headers.pop();
    }
    let (has_next, has_previous) = if from_end { (key.is_some(), more) } else { (more, key.is_some()) };
    Ok(Page { headers, has_next, has_previous, listing: Some(listing) })
}
