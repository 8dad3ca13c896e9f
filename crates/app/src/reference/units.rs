//! Units, their tree, and who took over whom.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use lienthong_domain::ids::UnitId;
use lienthong_domain::registry::{Succession, Unit};
use lienthong_domain::text::collation_key;
use lienthong_domain::unit::UnitCode;
use lienthong_persistence::{Store, units};

use crate::error::Error;
use crate::reference::{DEEPEST, listed};

/// All units of the instance.
#[derive(Debug, Default)]
pub struct Units {
    by_id: HashMap<UnitId, Arc<Unit>>,
    by_code: HashMap<UnitCode, Vec<UnitId>>,
    by_slug: HashMap<String, UnitId>,
    /// Units without a unit above them.
    roots: Vec<UnitId>,
    children: HashMap<UnitId, Vec<UnitId>>,
    predecessors: HashMap<UnitId, Vec<Succession>>,
    successors: HashMap<UnitId, Vec<Succession>>,
}

impl Units {
    pub(super) async fn load(store: &Store) -> Result<Self, Error> {
        Ok(Self::new(units::all(store).await?, units::successions(store).await?))
    }

    fn new(all: Vec<Unit>, successions: Vec<Succession>) -> Self {
        let mut units = Self::default();
        for unit in all {
            if let Some(code) = unit.code {
                units.by_code.entry(code).or_default().push(unit.id);
            }
            units.by_slug.insert(unit.slug.to_string(), unit.id);
            units.by_id.insert(unit.id, Arc::new(unit));
        }
        let mut in_order: Vec<_> = units.by_id.values().cloned().collect();
        listed::sort(&mut in_order);
        for unit in in_order {
            match unit.parent {
                Some(parent) => units.children.entry(parent).or_default().push(unit.id),
                None => units.roots.push(unit.id),
            }
        }
        for edge in successions {
            units.predecessors.entry(edge.successor).or_default().push(edge.clone());
            units.successors.entry(edge.predecessor).or_default().push(edge);
        }
        units
    }

    /// The unit with this id.
    pub fn get(&self, id: UnitId) -> Option<&Arc<Unit>> {
        self.by_id.get(&id)
    }

    /// The unit that had `code` on `day`; codes were reused in 2025, so a code alone does not name a unit.
    pub fn by_code(&self, code: UnitCode, day: NaiveDate) -> Option<&Arc<Unit>> {
        self.by_code.get(&code)?.iter().filter_map(|id| self.get(*id)).find(|unit| unit.is_valid_on(day))
    }

    /// The unit with this slug.
    pub fn by_slug(&self, slug: &str) -> Option<&Arc<Unit>> {
        self.by_slug.get(slug).and_then(|id| self.get(*id))
    }

    /// The unit that a person means by a code or a slug: a code means the unit of `day`.
    pub fn named(&self, name: &str, day: NaiveDate) -> Option<&Arc<Unit>> {
        match name.parse::<UnitCode>() {
            Ok(code) => self.by_code(code, day),
            Err(_) => self.by_slug(name),
        }
    }

    /// All units.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Unit>> {
        self.by_id.values()
    }

    /// The units without a unit above them, in the Vietnamese order of their names.
    pub fn roots(&self) -> impl Iterator<Item = &Arc<Unit>> {
        self.roots.iter().filter_map(|id| self.get(*id))
    }

    /// The units directly below, in the Vietnamese order of their names.
    pub fn children(&self, id: UnitId) -> impl Iterator<Item = &Arc<Unit>> {
        self.children.get(&id).into_iter().flatten().filter_map(|child| self.get(*child))
    }

    /// The unit and all units below it, in no order.
    pub fn subtree(&self, root: UnitId) -> Vec<UnitId> {
        let mut found = vec![root];
        let mut level = vec![root];
        for _ in 0..DEEPEST {
            level = level.iter().filter_map(|id| self.children.get(id)).flatten().copied().collect();
            found.extend(&level);
        }
        found
    }

    /// The unit and all units above it, nearest first.
    pub fn chain(&self, id: UnitId) -> Vec<UnitId> {
        let above = |unit: &&Arc<Unit>| unit.parent.and_then(|parent| self.get(parent));
        std::iter::successors(self.get(id), above).take(DEEPEST).map(|unit| unit.id).collect()
    }

    /// What went into this unit.
    pub fn predecessors(&self, id: UnitId) -> &[Succession] {
        self.predecessors.get(&id).map_or(&[], Vec::as_slice)
    }

    /// What became of this unit.
    pub fn successors(&self, id: UnitId) -> &[Succession] {
        self.successors.get(&id).map_or(&[], Vec::as_slice)
    }

    /// The units of `day` that stand where this one stood, in the Vietnamese order of their names: its successors, and
    /// those of a successor that has ended too. Without any when nothing is known of them; the unit itself while it exists.
    pub fn heirs(&self, id: UnitId, day: NaiveDate) -> Vec<&Arc<Unit>> {
        // What is in the list once is not looked at again, so that a ring in damaged data does not hold us up.
        let mut found = vec![id];
        let mut heirs = Vec::new();
        let mut next = 0;
        while let Some(id) = found.get(next).copied() {
            next += 1;
            match self.get(id).filter(|unit| unit.is_valid_on(day)) {
                Some(unit) => heirs.push(unit),
                None => {
                    for edge in self.successors(id) {
                        if !found.contains(&edge.successor) {
                            found.push(edge.successor);
                        }
                    }
                }
            }
        }
        heirs.sort_by_cached_key(|unit| (collation_key(&unit.full_name), unit.id));
        heirs
    }
}

#[cfg(test)]
mod tests {
    use lienthong_domain::time::{Timestamp, parse_day};
    use lienthong_domain::unit::UnitKind;

    use super::*;

    fn commune(number: i64, valid_to: Option<&str>) -> Unit {
        Unit {
            id: UnitId::new(Timestamp::from_micros(number)),
            code: None,
            kind: UnitKind::Commune,
            name: number.to_string(),
            full_name: format!("Xã {number}"),
            name_en: None,
            slug: format!("xa-{number}").parse().unwrap(),
            parent: None,
            valid_from: None,
            valid_to: valid_to.map(|day| parse_day(day).unwrap()),
            lineage: None,
        }
    }

    #[test]
    fn the_heirs_of_a_unit_are_those_of_its_heirs_too_where_they_have_ended() {
        let (first, second) = (Some("2019-12-31"), Some("2025-06-30"));
        let all = [commune(1, first), commune(2, second), commune(3, None), commune(4, None), commune(5, second)];
        let ids = all.clone().map(|unit| unit.id);
        // The last edge is damage: it closes a ring of two that have ended.
        let edges = [(0, 1), (0, 2), (1, 3), (1, 2), (1, 0)].map(|(from, to): (usize, usize)| Succession {
            predecessor: ids[from],
            successor: ids[to],
            part: None,
        });
        let units = Units::new(all.to_vec(), edges.to_vec());
        let heirs = |unit: usize, day: &str| -> Vec<UnitId> {
            units.heirs(ids[unit], parse_day(day).unwrap()).iter().map(|heir| heir.id).collect()
        };
        assert_eq!(heirs(0, "2026-01-15"), [ids[2], ids[3]]);
        assert_eq!(heirs(0, "2020-01-01"), [ids[1], ids[2]]);
        assert_eq!(heirs(0, "2019-01-01"), [ids[0]], "it exists itself");
        assert!(heirs(4, "2026-01-15").is_empty(), "nothing is known of what became of it");
    }
}
