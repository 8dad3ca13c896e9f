//! From a list of units and what is already there to what has to be written. Pure.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike as _, NaiveDate};

use lienthong_domain::ids::UnitId;
use lienthong_domain::registry::{Succession, Unit};
use lienthong_domain::time::Timestamp;
use lienthong_domain::unit::file::UnitRecord;
use lienthong_domain::unit::lineage::{self, Lineage, Predecessor};
use lienthong_domain::unit::{HistoricKey, Level, UnitCode, UnitKind};
use lienthong_persistence::units::HistoricUnit;

use super::slugs::Slugs;
use super::units::{NotParsed, UnitsReport};

/// The units and edges of the instance.
pub(super) struct Known {
    pub(super) units: Vec<Unit>,
    /// Former units by their stored keys.
    pub(super) historic: HashMap<String, UnitId>,
    pub(super) edges: HashMap<(UnitId, UnitId), Succession>,
}

/// The days that decide.
#[derive(Clone, Copy)]
pub(super) struct Terms {
    pub(super) in_force: NaiveDate,
    pub(super) today: NaiveDate,
    pub(super) now: Timestamp,
}

impl Terms {
    /// The last day of a unit of this kind: that before the reorganisation for a district, which no list has since.
    fn end_of(self, kind: UnitKind) -> Option<NaiveDate> {
        if kind.level() == Level::District { self.in_force.pred_opt() } else { None }
    }
}

/// What has to be written: what is already there in the same state is left out.
#[derive(Default)]
pub(super) struct Plan {
    /// Provinces before communes.
    pub(super) units: Vec<Unit>,
    pub(super) historic: Vec<HistoricUnit>,
    pub(super) edges: Vec<Succession>,
    pub(super) report: UnitsReport,
}

/// A row of the list with its lineage and the unit it is already known as.
struct Item {
    record: UnitRecord,
    lineage: Lineage,
    found: Option<Unit>,
}

/// The former units of the list: by key, one of the texts that name it, and where it went.
type Former = BTreeMap<HistoricKey, (Predecessor, Vec<(UnitId, Option<String>)>)>;

impl Plan {
    pub(super) fn new(known: &Known, records: Vec<UnitRecord>, terms: Terms) -> Self {
        let mut plan = Self::default();
        let mut slugs = Slugs::taken(known.units.iter().map(|unit| unit.slug.as_str().to_owned()));
        let items = plan.items(records, known, terms);
        let former = plan.current(items, (known, &mut slugs), terms);
        plan.former(&former, (known, &mut slugs), terms);
        plan
    }

    /// The rows in order of level and code, without repeated codes.
    fn items(&mut self, mut records: Vec<UnitRecord>, known: &Known, terms: Terms) -> Vec<Item> {
        records.sort_by_key(|record| record.code);
        let mut by_code: HashMap<UnitCode, Vec<&Unit>> = HashMap::new();
        for unit in &known.units {
            if let Some(code) = unit.code {
                by_code.entry(code).or_default().push(unit);
            }
        }
        let mut seen = BTreeSet::new();
        let mut items = Vec::with_capacity(records.len());
        for record in records {
            if !seen.insert(record.code) {
                self.report.refused.push(format!("unit {}: the code stands on an earlier line", record.code));
                continue;
            }
            let bearers = by_code.get(&record.code).map(Vec::as_slice).unwrap_or_default();
            let first = |is_meant: &dyn Fn(&&&Unit) -> bool| bearers.iter().find(is_meant);
            let found = first(&|unit| unit.valid_from == Some(terms.in_force))
                .or_else(|| first(&|unit| unit.is_valid_on(terms.today)))
                .or_else(|| first(&|unit| unit.valid_to.is_some() && unit.valid_to == terms.end_of(unit.kind)));
            // No unit takes the code of a former district, whichever day it is known to have ended on.
            let of_district = || bearers.iter().filter(|unit| unit.kind.level() == Level::District);
            let found = found.or_else(|| of_district().max_by_key(|unit| unit.valid_to));
            let lineage = lineage::parse(&record.lineage_text, record.code.level());
            items.push(Item { lineage, found: found.map(|unit| (*unit).clone()), record });
        }
        items
    }

    /// Today's units. Returns the former units that their texts name.
    fn current(&mut self, items: Vec<Item>, (known, slugs): (&Known, &mut Slugs), terms: Terms) -> Former {
        let mut provinces = provinces(known, terms.today);
        provinces.extend(items.iter().filter(|item| item.record.province_code.is_none()).map(|item| {
            let id = item.found.as_ref().map_or_else(|| UnitId::new(terms.now), |unit| unit.id);
            (item.record.code, (id, item.record.name.clone()))
        }));
        for item in items.iter().filter(|item| item.found.is_none()) {
            slugs.claim(&wishes(&item.record, &provinces));
        }
        let mut former = Former::new();
        for item in items {
            match unit(&item, (&provinces, slugs), terms) {
                Ok(unit) => self.keep(unit, item, &mut former, terms),
                Err(reason) => self.report.refused.push(format!("unit {}: {reason}", item.record.code)),
            }
        }
        former
    }

    fn keep(&mut self, unit: Unit, item: Item, former: &mut Former, terms: Terms) {
        let Item { record, lineage, found } = item;
        let Lineage { unchanged: _, predecessors, unparsed } = lineage;
        if record.lineage_text.is_empty() {
            self.report.unknown_origin.push(record.code);
        }
        self.report.not_parsed.extend(unparsed.into_iter().map(|text| NotParsed { unit: record.code, text }));
        let province = record.province_code.unwrap_or(record.code);
        let first_day = unit.valid_from.unwrap_or(terms.in_force);
        let last_day = first_day.pred_opt().unwrap_or(first_day);
        for predecessor in predecessors {
            let key = HistoricKey::new(province, &predecessor, last_day);
            let part = part(&predecessor);
            former.entry(key).or_insert_with(|| (predecessor, Vec::new())).1.push((unit.id, part));
        }
        if self.report.units.count(found.as_ref(), &unit) {
            self.units.push(unit);
        }
    }

    fn former(&mut self, former: &Former, (known, slugs): (&Known, &mut Slugs), terms: Terms) {
        let is_new = |key: &HistoricKey| !known.historic.contains_key(&key.to_string());
        for (key, (predecessor, _)) in former.iter().filter(|(key, _)| is_new(key)) {
            slugs.claim(&historic_wishes(key, predecessor));
        }
        for (key, (predecessor, successors)) in former {
            let known_as = known.historic.get(&key.to_string()).copied();
            let id = known_as.or_else(|| self.historic(historic_unit(key, predecessor, slugs, terms.now)));
            self.report.historic.unchanged += usize::from(known_as.is_some());
            match id {
                Some(id) => self.succession(id, successors, known),
                None => self.report.refused.push(format!("former unit {key}: the name has no letter")),
            }
        }
    }

    fn historic(&mut self, unit: Option<HistoricUnit>) -> Option<UnitId> {
        let id = unit.as_ref()?.unit.id;
        self.report.historic.created += 1;
        self.historic.extend(unit);
        Some(id)
    }

    fn succession(&mut self, predecessor: UnitId, successors: &[(UnitId, Option<String>)], known: &Known) {
        let mut parts: BTreeMap<UnitId, BTreeSet<&str>> = BTreeMap::new();
        for (successor, part) in successors {
            parts.entry(*successor).or_default().extend(part.as_deref());
        }
        for (successor, parts) in parts {
            let part = parts.into_iter().collect::<Vec<_>>().join("; ");
            let edge = Succession { predecessor, successor, part: Some(part).filter(|part| !part.is_empty()) };
            if self.report.successions.count(known.edges.get(&(predecessor, successor)), &edge) {
                self.edges.push(edge);
            }
        }
    }
}

/// Today's provinces that are already there: id and name.
fn provinces(known: &Known, today: NaiveDate) -> BTreeMap<UnitCode, (UnitId, String)> {
    let current = known.units.iter().filter(|unit| unit.parent.is_none() && unit.is_valid_on(today));
    current.filter_map(|unit| Some((unit.code?, (unit.id, unit.name.clone())))).collect()
}

/// The unit that a row describes. What is already there keeps identity, slug and days.
fn unit(
    item: &Item,
    (provinces, slugs): (&BTreeMap<UnitCode, (UnitId, String)>, &mut Slugs),
    terms: Terms,
) -> Result<Unit, String> {
    let Item { record, lineage, found } = item;
    let parent = match record.province_code {
        Some(code) => Some(provinces.get(&code).ok_or_else(|| format!("there is no province {code}"))?.0),
        None => None,
    };
    let own = provinces.get(&record.code).map(|(id, _)| *id);
    let (id, slug, valid_from, valid_to) = if let Some(unit) = found {
        (unit.id, unit.slug.clone(), unit.valid_from, unit.valid_to)
    } else {
        let slug = slugs.give(&wishes(record, provinces)).ok_or("the name has no letter")?;
        // A list that names no predecessor does not say since when the unit exists.
        let made = !lineage.predecessors.is_empty() || !lineage.unparsed.is_empty();
        let valid_to = terms.end_of(record.kind);
        let valid_from = (made && valid_to.is_none()).then_some(terms.in_force);
        (own.unwrap_or_else(|| UnitId::new(terms.now)), slug, valid_from, valid_to)
    };
    let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Ok(Unit {
        id,
        code: Some(record.code),
        kind: record.kind,
        name: record.name.clone(),
        full_name: record.full_name.clone(),
        name_en: text(&record.name_en),
        slug,
        parent,
        valid_from,
        valid_to,
        lineage: text(&record.lineage_text),
    })
}

/// `xa-tan-thanh`, with the province where that is wanted twice, with the code where that is wanted twice as well.
fn wishes(record: &UnitRecord, provinces: &BTreeMap<UnitCode, (UnitId, String)>) -> Vec<String> {
    let name = &record.full_name;
    let province = record.province_code.and_then(|code| provinces.get(&code));
    let mut wishes = vec![name.clone()];
    wishes.extend(province.map(|(_, province)| format!("{name} {province}")));
    wishes.push(format!("{name} {}", record.code));
    wishes
}

fn historic_unit(key: &HistoricKey, of: &Predecessor, slugs: &mut Slugs, now: Timestamp) -> Option<HistoricUnit> {
    let slug = slugs.give(&historic_wishes(key, of))?;
    let unit = Unit {
        id: UnitId::new(now),
        code: None,
        kind: of.kind,
        name: of.name.clone(),
        full_name: of.full_name.clone(),
        name_en: None,
        slug,
        parent: None,
        valid_from: None,
        valid_to: Some(key.ended_on()),
        lineage: None,
    };
    Some(HistoricUnit { unit, key: key.to_string() })
}

/// `thi-tran-tien-dien-42-2025`: the successor's province and the year of the end, with the district where the text
/// needs it to tell namesakes apart.
fn historic_wishes(key: &HistoricKey, of: &Predecessor) -> Vec<String> {
    let name = &of.full_name;
    let end = format!("{} {}", key.province(), key.ended_on().year());
    let mut wishes = vec![format!("{name} {end}")];
    wishes.extend(of.within.as_ref().map(|within| format!("{name} {} {end}", within.name)));
    wishes
}

/// Everything the text says of which part went over.
fn part(of: &Predecessor) -> Option<String> {
    let said: Vec<&str> =
        of.part.iter().map(|part| part.verbatim.as_str()).chain(of.remarks.iter().map(String::as_str)).collect();
    (!said.is_empty()).then(|| said.join("; "))
}
