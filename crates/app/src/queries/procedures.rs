//! Administrative procedures of the national catalogue.

use chrono::NaiveDate;

use lienthong_domain::entry::EntryKind;
use lienthong_domain::ids::{EntryId, UnitId};
use lienthong_domain::procedure::{Level, Procedure, ProcedureCode};
use lienthong_domain::registry::Unit;
use lienthong_domain::scope::{Place, ScopeKey, Subject};
use lienthong_domain::time::Timestamp;
use lienthong_domain::unit;
use lienthong_persistence::live_entries::{self, Bodies, Listing, LiveHeader, Order};

use crate::app::App;
use crate::commands::procedures::slug;
use crate::error::Error;
use crate::queries::page;
use crate::queries::{Page, PageRequest, Tags, TotalCount};
use crate::reference::{Snapshot, Units};

/// One list of procedures. Only valid ones are listed: in force, or of a status that is not stated.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProcedureFilter {
    /// Only what is carried out at this level.
    pub level: Option<Level>,
    /// Only this field (lĩnh vực), compared without marks.
    pub field: Option<String>,
    /// Only what is offered at this unit, which must exist today; names a level by itself.
    pub offered_at: Option<UnitId>,
}

/// On what the statement rests that a procedure is offered somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferedBasis {
    /// The national record names the unit's level. Whether this very unit offers it, no data says.
    NationalLevel,
}

impl OfferedBasis {
    /// Stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NationalLevel => "NATIONAL_LEVEL",
        }
    }
}

impl ProcedureFilter {
    /// On what the list's answer to "offered at" rests; `None` when that was not asked.
    pub fn offered_basis(&self) -> Option<OfferedBasis> {
        self.offered_at.map(|_| OfferedBasis::NationalLevel)
    }
}

/// One page of a list: one statement. Latest edition first.
///
/// # Errors
/// [`Error::NotFound`] for an unknown unit; [`Error::BadRequest`] for one that does not exist on the day of `now`, with
/// those that took it over, and like [`Error::InvalidCursor`] for what cannot be asked; [`Error::Store`] when the
/// database does not answer.
pub async fn page(
    app: &App,
    filter: &ProcedureFilter,
    request: &PageRequest,
    (bodies, tags): (Bodies, &Tags),
    now: Timestamp,
) -> Result<Page, Error> {
    request.size()?;
    let listing = plan(&app.reference(), filter, now.local_day())?;
    tags.add(listing.scope);
    page::read(app, listing, request, bodies, now).await
}

/// How many procedures a list has.
///
/// # Errors
/// As [`page`].
pub async fn count(app: &App, filter: &ProcedureFilter, tags: &Tags, now: Timestamp) -> Result<TotalCount, Error> {
    let listing = plan(&app.reference(), filter, now.local_day())?;
    tags.add(listing.scope);
    page::count(app, &listing, now).await
}

/// One procedure with its body, whatever its status; `None` when the catalogue has none of this code.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn by_code(
    app: &App,
    code: &ProcedureCode,
    tags: &Tags,
    now: Timestamp,
) -> Result<Option<LiveHeader>, Error> {
    let found = match app.reference().sites.catalogue() {
        Some(site) => live_entries::by_slug(app.store(), site, slug(code)?.as_str(), now).await?,
        None => None,
    };
    // A miss depends on the whole catalogue: the next import may bring the code.
    let whole = || ScopeKey::list(EntryKind::Procedure, Place::Instance, &Subject::Any);
    tags.add(found.as_ref().map_or_else(whole, |header| ScopeKey::entry(header.entry)));
    Ok(found)
}

/// One procedure with its body, by identity.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn by_id(app: &App, id: EntryId, tags: &Tags, now: Timestamp) -> Result<Option<LiveHeader>, Error> {
    tags.add(ScopeKey::entry(id));
    Ok(live_entries::by_ids(app.store(), EntryKind::Procedure, &[id], now).await?.pop())
}

/// The typed record of a header that was read with its body. Its raw record is empty: that stays with the edition.
///
/// # Errors
/// [`Error::Internal`] when the header has no body or the stored detail cannot be read.
pub fn record(header: &LiveHeader) -> Result<Procedure, Error> {
    let detail = header.body.as_ref().and_then(|body| body.detail.as_deref());
    let detail =
        detail.ok_or_else(|| Error::Internal(format!("procedure {} was read without its body", header.slug)))?;
    serde_json::from_str(detail).map_err(|error| Error::Internal(format!("procedure {}: {error}", header.slug)))
}

fn plan(reference: &Snapshot, filter: &ProcedureFilter, today: NaiveDate) -> Result<Listing, Error> {
    let subject = match (level(reference, filter, today)?, &filter.field) {
        (None, None) => Subject::Any,
        (Some(level), None) => Subject::Level(level),
        (None, Some(field)) => Subject::Field(field.clone()),
        (Some(level), Some(field)) => Subject::LevelField(level, field.clone()),
    };
    Ok(Listing {
        scope: ScopeKey::list(EntryKind::Procedure, Place::Instance, &subject),
        order: Order::Published,
        from: None,
        to: None,
        language: None,
        article_kind: None,
        categories: Vec::new(),
        topics: Vec::new(),
    })
}

/// The level asked for, by name or by a unit of it. A former unit is refused: the list of its level would say that it still
/// offers something, and an empty one would leave people without the unit they have to go to.
fn level(reference: &Snapshot, filter: &ProcedureFilter, today: NaiveDate) -> Result<Option<Level>, Error> {
    let Some(unit) = filter.offered_at else { return Ok(filter.level) };
    let unit = reference.units.get(unit).ok_or(Error::NotFound("unit"))?;
    if !unit.is_valid_on(today) {
        return Err(Error::bad_request("offeredAt", absence(&reference.units, unit, today)));
    }
    let level = match unit.kind.level() {
        unit::Level::Province => Level::Province,
        unit::Level::District => Level::District,
        unit::Level::Commune => Level::Commune,
    };
    if filter.level.is_some_and(|named| named != level) {
        return Err(Error::bad_request("level", "offeredAt names a level by itself, and another one"));
    }
    Ok(Some(level))
}

/// Why nothing is offered at a unit that does not exist on the day, and where to ask instead.
fn absence(units: &Units, unit: &Unit, today: NaiveDate) -> String {
    let name = &unit.full_name;
    let Some(ended) = unit.valid_to.filter(|end| *end < today) else {
        return format!("{name} does not exist yet, and offers nothing before it does");
    };
    let heirs: Vec<String> =
        units.heirs(unit.id, today).iter().map(|heir| format!("{} ({})", heir.full_name, heir.slug)).collect();
    if heirs.is_empty() {
        return format!("{name} ended on {ended} and offers nothing since; no unit is recorded that took it over");
    }
    format!("{name} ended on {ended} and offers nothing since; ask for what took it over: {}", heirs.join(", "))
}
