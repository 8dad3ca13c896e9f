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
/// Rows of a list that a page may pass over for its conditions, some ten milliseconds' worth. A page that has come so far
/// ends there, with fewer entries than were asked for or none, and its cursor goes on.
pub(crate) const PASSED_OVER_AT_MOST: u32 = 4_000;
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
    /// The entries, in the order of the list. Fewer than were asked for at its end, and where a list has conditions that few
    /// entries meet.
    pub headers: Vec<Arc<LiveHeader>>,
    /// Whether the list goes on after them.
    pub has_next: bool,
    /// Whether the list has entries before them.
    pub has_previous: bool,
    /// The list, which its cursors are bound to; `None` when it is known to be empty.
    pub listing: Option<Listing>,
    /// The search, which its cursors are bound to as well.
    pub(super) search: Option<Arc<str>>,
    /// How far it was read, when it ends there.
    reach: Option<(Part, Key)>,
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
        Self { headers, has_next, has_previous, listing: Some(listing), search: None, reach: None }
    }

    /// A page of a list that cannot have entries.
    pub const fn empty() -> Self {
        Self { headers: Vec::new(), has_next: false, has_previous: false, listing: None, search: None, reach: None }
    }

    /// The page of a list whose conditions were looked at as far as `end`: whether more follows there is not known, so it goes on.
    fn read_up_to(mut self, end: Option<Key>, part: Part) -> Self {
        let goes_on = match part {
            Part::First(_) => self.has_next,
            Part::Last(_) => self.has_previous,
        };
        let Some(end) = end.filter(|_| !goes_on) else { return self };
        match part {
            Part::First(_) => self.has_next = true,
            Part::Last(_) => self.has_previous = true,
        }
        self.reach = Some((part, end));
        self
    }

    /// The cursor of one of its entries.
    pub fn cursor(&self, app: &App, header: &LiveHeader) -> String {
        self.listing.as_ref().map_or_else(String::new, |listing| self.signed(app, listing, header.key(listing.order)))
    }

    /// The cursor behind which the list was not read: that of the first entry, or further up.
    pub fn start_cursor(&self, app: &App) -> Option<String> {
        let reach = self.reach.filter(|(part, _)| matches!(part, Part::Last(_)));
        self.end_of(app, (reach, self.headers.first()))
    }

    /// The cursor behind which the list goes on: that of the last entry, or further down.
    pub fn end_cursor(&self, app: &App) -> Option<String> {
        let reach = self.reach.filter(|(part, _)| matches!(part, Part::First(_)));
        self.end_of(app, (reach, self.headers.last()))
    }

    fn end_of(&self, app: &App, (reach, entry): (Option<(Part, Key)>, Option<&Arc<LiveHeader>>)) -> Option<String> {
        let listing = self.listing.as_ref()?;
        let key = reach.map(|(_, key)| key).or_else(|| entry.map(|header| header.key(listing.order)))?;
        Some(self.signed(app, listing, key))
    }

    fn signed(&self, app: &App, listing: &Listing, key: Key) -> String {
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

/// Reads one page: one statement, which asks for one entry more than the page holds to see whether the list goes on. Where
/// entries are passed over for conditions, one statement more says where the page ends at the latest.
pub(super) async fn read(
    app: &App,
    listing: Listing,
    request: &PageRequest,
    bodies: Bodies,
    now: Timestamp,
) -> Result<Page, Error> {
    let (size, part) = request.part(&app.cursors(), &listing)?;
    let end = reach(app, &listing, (part, PASSED_OVER_AT_MOST)).await?;
    let headers = live_entries::list(app.store(), &listing, (part, end), (size + 1, bodies), now).await?;
    Ok(Page::cut(headers, (size, part), listing).read_up_to(end, part))
}

/// How many entries a list has, counted up to [`COUNTED_AT_MOST`]; with conditions, among so many of its rows.
pub(super) async fn count(app: &App, listing: &Listing, now: Timestamp) -> Result<TotalCount, Error> {
    let end = reach(app, listing, (Part::First(None), COUNTED_AT_MOST + 1)).await?;
    let (value, more) = live_entries::count(app.store(), (listing, end), COUNTED_AT_MOST, now).await?;
    Ok(TotalCount { value, more: more || end.is_some() })
}

async fn reach(app: &App, listing: &Listing, (part, most): (Part, u32)) -> Result<Option<Key>, Error> {
    if !listing.has_conditions() {
        return Ok(None);
    }
    Ok(live_entries::reach(app.store(), listing, part, most).await?)
}
