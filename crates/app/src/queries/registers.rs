//! Lists of the reference data. They are wholly in memory, so a page is a slice and costs no statement.

use std::sync::Arc;

use chrono::NaiveDate;

use lienthong_domain::ids::{SiteId, UnitId};
use lienthong_domain::registry::{Agency, Site, Topic, Unit};
use lienthong_domain::series::Series;

use crate::app::App;
use crate::error::Error;
use crate::queries::page::COUNTED_AT_MOST;
use crate::queries::{PageRequest, TotalCount};
use crate::reference::{Listed, Snapshot};

/// A list of reference data, in the order of [`Listed::place`].
#[derive(Debug)]
pub struct Register<'a, T> {
    /// Names the list to its cursors.
    name: String,
    all: Vec<&'a Arc<T>>,
}

/// One page of such a list.
#[derive(Debug, Clone)]
pub struct RegisterPage<T> {
    /// What the page holds, in the order of the list.
    pub items: Vec<Arc<T>>,
    /// Whether the list goes on after them.
    pub has_next: bool,
    /// Whether the list has others before them.
    pub has_previous: bool,
    /// How many the list has in all.
    pub total: TotalCount,
    name: String,
}

impl<'a> Register<'a, Unit> {
    /// The units without a unit above them that exist on the day of `as_of`, or else today. Without a day a list goes on
    /// over midnight, so its cursors are not bound to today.
    pub fn roots(reference: &'a Snapshot, as_of: Option<NaiveDate>, today: NaiveDate) -> Self {
        let day = as_of.unwrap_or(today);
        let name = as_of.map_or_else(|| "units".to_owned(), |day| format!("units of {day}"));
        Self { name, all: reference.units.roots().filter(|unit| unit.is_valid_on(day)).collect() }
    }

    /// The units directly below one.
    pub fn children(reference: &'a Snapshot, of: UnitId) -> Self {
        Self { name: format!("units below {of}"), all: reference.units.children(of).collect() }
    }
}

impl<'a> Register<'a, Site> {
    /// The sites of a unit and of all units below it, or all of them.
    pub fn sites(reference: &'a Snapshot, below: Option<UnitId>) -> Self {
        let all = match below {
            None => reference.sites.in_order().collect(),
            Some(unit) => reference.sites.below(&reference.units, unit).collect(),
        };
        Self { name: within("sites", below), all }
    }
}

impl<'a> Register<'a, Agency> {
    /// The agencies of a unit and of all units below it, or all of them.
    pub fn agencies(reference: &'a Snapshot, below: Option<UnitId>) -> Self {
        let all = match below {
            None => reference.agencies.in_order().collect(),
            Some(unit) => reference.agencies.below(&reference.units, unit).collect(),
        };
        Self { name: within("agencies", below), all }
    }
}

impl<'a> Register<'a, Topic> {
    /// The topics that exist on the sites of a unit, or all of them.
    pub fn topics(reference: &'a Snapshot, on: Option<UnitId>) -> Self {
        let topics = reference.topics.all().iter();
        let all = match on {
            None => topics.collect(),
            Some(unit) => {
                let units = reference.units.chain(unit);
                topics.filter(|topic| topic.is_valid_within(&units)).collect()
            }
        };
        Self { name: within("topics", on), all }
    }
}

impl<'a> Register<'a, Series> {
    /// The series of a site.
    pub fn series(reference: &'a Snapshot, of: SiteId) -> Self {
        Self { name: format!("series of {of}"), all: reference.series.of_site(of).collect() }
    }
}

impl<T: Listed> Register<'_, T> {
    /// One page. A cursor stands for the place of one item in the order, so it leads on even when that has left the list; where it
    /// has another name since, it leads on from there.
    ///
    /// # Errors
    /// [`Error::BadRequest`] and [`Error::InvalidCursor`] for what cannot be asked.
    pub fn page(self, app: &App, reference: &Snapshot, request: &PageRequest) -> Result<RegisterPage<T>, Error> {
        let (size, from_end) = request.size()?;
        let cursor = if from_end { &request.before } else { &request.after };
        let bound = cursor.as_deref().map(|cursor| self.place(app, reference, cursor)).transpose()?;
        let (size, length) = (size as usize, self.all.len());
        let (start, end) = if from_end {
            let end = bound.map_or(length, |bound| self.all.partition_point(|one| one.place() < bound));
            (end.saturating_sub(size), end)
        } else {
            let start = bound.map_or(0, |bound| self.all.partition_point(|one| one.place() <= bound));
            (start, start.saturating_add(size).min(length))
        };
        let items = self.all.into_iter().skip(start).take(end - start).cloned().collect();
        Ok(RegisterPage {
            items,
            has_next: end < length,
            has_previous: start > 0,
            total: total(length),
            name: self.name,
        })
    }

    fn place(&self, app: &App, reference: &Snapshot, cursor: &str) -> Result<T::Place, Error> {
        let id = app.cursors().read_item(&self.name, cursor)?;
        Ok(T::find(reference, id).ok_or(Error::InvalidCursor)?.place())
    }
}

impl<T: Listed> RegisterPage<T> {
    /// The cursor of one of its entries.
    pub fn cursor(&self, app: &App, item: &T) -> String {
        app.cursors().sign_item(&self.name, item.uuid())
    }
}

fn within(what: &str, unit: Option<UnitId>) -> String {
    unit.map_or_else(|| what.to_owned(), |unit| format!("{what} within {unit}"))
}

/// Counted as far as other lists are, so that clients meet one kind of total.
fn total(length: usize) -> TotalCount {
    let counted = u32::try_from(length).unwrap_or(u32::MAX);
    TotalCount { value: counted.min(COUNTED_AT_MOST), more: counted > COUNTED_AT_MOST }
}
