//! Levels, kind, status: lists that are closed today and were not yesterday. What is unknown is kept and reported.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::record::Field;
use super::report::{Findings, Reason};

/// The level of government that carries the procedure out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    /// Cấp bộ.
    Ministry,
    /// Cấp tỉnh.
    Province,
    /// Cấp huyện: no such level since 01/07/2025; found in older records only.
    District,
    /// Cấp xã.
    Commune,
    /// Cơ quan khác.
    OtherAgency,
}

/// Who laid down the procedure's content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Kind {
    /// The known class, if it is one.
    pub class: Option<KindClass>,
    /// The words as found.
    pub verbatim: String,
}

/// The known classes of procedures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum KindClass {
    /// "TTHC được giao luật quy định chi tiết".
    DelegatedByLaw,
    /// "TTHC không được luật giao cho địa phương quy định …".
    NotDelegatedToLocality,
    /// "Loại khác".
    Other,
}

/// Whether the procedure is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The known state, if it is one.
    pub state: Option<StatusState>,
    /// The words as found.
    pub verbatim: String,
}

/// The known states of a procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StatusState {
    /// Còn hiệu lực.
    InForce,
    /// Hết hiệu lực.
    Expired,
    /// Sửa đổi.
    Amended,
    /// Thay thế.
    Replaced,
    /// Bãi bỏ.
    Annulled,
}

const LEVELS: [(&str, Level); 5] = [
    ("cấp bộ", Level::Ministry),
    ("cấp tỉnh", Level::Province),
    ("cấp huyện", Level::District),
    ("cấp xã", Level::Commune),
    ("cơ quan khác", Level::OtherAgency),
];

/// Beginnings of the known kinds: the second one goes on differently in different years.
const KINDS: [(&str, KindClass); 3] = [
    ("tthc được giao luật quy định chi tiết", KindClass::DelegatedByLaw),
    ("tthc không được luật giao cho địa phương quy định", KindClass::NotDelegatedToLocality),
    ("loại khác", KindClass::Other),
];

const STATES: [(&str, StatusState); 5] = [
    ("còn hiệu lực", StatusState::InForce),
    ("hết hiệu lực", StatusState::Expired),
    ("sửa đổi", StatusState::Amended),
    ("thay thế", StatusState::Replaced),
    ("bãi bỏ", StatusState::Annulled),
];

/// Reads "Cấp bộ, Cấp tỉnh, Cấp xã".
pub(super) fn levels(text: &str, findings: &mut Findings) -> BTreeSet<Level> {
    let mut levels = BTreeSet::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let wanted = part.to_lowercase();
        match LEVELS.iter().find(|(name, _)| *name == wanted) {
            Some((_, level)) => _ = levels.insert(*level),
            None => findings.add(Field::Levels, Reason::UnknownValue, part),
        }
    }
    levels
}

/// Reads "Loại thủ tục".
pub(super) fn kind(verbatim: String, findings: &mut Findings) -> Kind {
    Kind { class: starting(&verbatim, &KINDS, Field::Kind, findings), verbatim }
}

/// Reads "Trạng thái".
pub(super) fn status(verbatim: String, findings: &mut Findings) -> Status {
    Status { state: starting(&verbatim, &STATES, Field::Status, findings), verbatim }
}

fn starting<T: Copy>(text: &str, known: &[(&str, T)], field: Field, findings: &mut Findings) -> Option<T> {
    let wanted = text.to_lowercase();
    let found = known.iter().find(|(beginning, _)| wanted.starts_with(beginning)).map(|(_, value)| *value);
    if found.is_none() {
        findings.add(field, Reason::UnknownValue, text);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_a_set_and_the_unknown_is_reported() {
        let mut findings = Findings::default();
        let read = levels("Cấp xã, Cấp bộ, Cơ quan khác, Cấp xã, Cấp thôn", &mut findings);
        assert_eq!(read.into_iter().collect::<Vec<_>>(), [Level::Ministry, Level::Commune, Level::OtherAgency]);
        assert_eq!(findings.into_vec().first().unwrap().text, "Cấp thôn");
    }

    #[test]
    fn an_unknown_kind_keeps_its_words() {
        let mut findings = Findings::default();
        let long = "TTHC không được luật giao cho địa phương quy định hoặc quy định chi tiết";
        assert_eq!(kind(long.to_owned(), &mut findings).class, Some(KindClass::NotDelegatedToLocality));
        let unknown = kind("TTHC liên thông".to_owned(), &mut findings);
        assert_eq!((unknown.class, unknown.verbatim.as_str()), (None, "TTHC liên thông"));
        assert_eq!(findings.into_vec().len(), 1);
    }
}
