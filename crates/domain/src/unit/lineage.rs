//! The words in which the 2025 reorganisation says what a unit was made of:
//! `Phường Giảng Võ, Phường Kim Mã (phần còn lại sau khi sáp nhập vào phường Ba Đình, phường Ngọc Hà)`.
//!
//! What is not understood is kept word for word and never guessed at: a bare name without its kind (`Thủ Thừa`, after
//! four communes, was a township), a piece of ground that was no unit (`Trường bắn TB1`).

mod pieces;

use pieces::{parentheses, pieces};

use super::{Level, UnitKind};
use crate::text::{nfc, spelling};

/// What a unit was made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lineage {
    /// The text says that the unit stays as it was ("giữ nguyên").
    pub unchanged: bool,
    /// Former units, in the order of the text.
    pub predecessors: Vec<Predecessor>,
    /// Pieces that name no unit, word for word, in the order of the text.
    pub unparsed: Vec<String>,
}

/// A former unit, the whole of which or a part of which went into the new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Predecessor {
    /// Kind of the former unit.
    pub kind: UnitKind,
    /// Name without the kind: `Kim Mã`.
    pub name: String,
    /// Name with the kind, capitalised: `Phường Kim Mã`.
    pub full_name: String,
    /// The unit it lay in, where the text says so to tell namesakes apart.
    pub within: Option<Within>,
    /// Which part of it, where the text says so. `None` does not mean the whole: the first successor of a divided unit is
    /// usually named without any remark.
    pub part: Option<Part>,
    /// Parentheses that are neither `within` nor `part`: `bao gồm Hòn Đá Bạc`.
    pub remarks: Vec<String>,
    /// The whole piece of the text, in normal form C.
    pub verbatim: String,
}

/// The district (and province, if given) of a former unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Within {
    /// As in the text, without `thuộc`: `Quận 10`; `huyện Châu Thành, tỉnh Bến Tre`.
    pub name: String,
    /// The text says it once for a run of numbered wards: `Phường 6, Phường 8 (Quận 10)`; this is one of the others.
    pub inferred: bool,
}

/// Part of a former unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which part.
    pub share: Share,
    /// The parenthesis, word for word: `phần còn lại sau khi sáp nhập vào xã Thư Lâm`.
    pub verbatim: String,
}

/// Which part of a former unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// "Một phần …".
    Portion,
    /// "Phần còn lại …": what other successors had left.
    Remainder,
}

/// Reads the lineage of a unit. `successor` is the level of the new unit: "thành phố" among the predecessors of a province
/// is another kind than among those of a commune.
///
/// Empty text gives an empty lineage (unknown, not unchanged).
pub fn parse(text: &str, successor: Level) -> Lineage {
    let text = nfc(text);
    let mut lineage = Lineage::default();
    if spelling(&text) == spelling("giữ nguyên") {
        lineage.unchanged = true;
        return lineage;
    }
    let levels = levels_below(successor);
    let mut run = None;
    for piece in pieces(&text, levels).into_iter().rev() {
        if let Some(mut found) = predecessor(piece, levels) {
            share_district(&mut found, &mut run);
            lineage.predecessors.push(found);
        } else {
            run = None;
            lineage.unparsed.push(piece.to_owned());
        }
    }
    lineage.predecessors.reverse();
    lineage.unparsed.reverse();
    lineage
}

fn levels_below(successor: Level) -> &'static [Level] {
    match successor {
        Level::Province => &[Level::Province],
        Level::District | Level::Commune => &[Level::Commune, Level::District],
    }
}

fn predecessor(piece: &str, levels: &[Level]) -> Option<Predecessor> {
    let (head, groups) = parentheses(piece)?;
    // The one abbreviation in the national list.
    let head = if head == "TPHCM" { "Thành phố Hồ Chí Minh" } else { head };
    let (kind, name) = UnitKind::split_full_name(head, levels)?;
    let full_name = format!("{} {name}", kind.title());
    let verbatim = piece.to_owned();
    let mut found = Predecessor { kind, name, full_name, within: None, part: None, remarks: Vec::new(), verbatim };
    for group in groups {
        match (part(group), within(group)) {
            (Some(part), _) if found.part.is_none() => found.part = Some(part),
            (None, Some(within)) if found.within.is_none() => found.within = Some(within),
            _ => found.remarks.push(group.to_owned()),
        }
    }
    Some(found)
}

fn part(group: &str) -> Option<Part> {
    let begins = |words: &str| spelling(group).starts_with(&spelling(words));
    let share = if begins("phần còn lại") {
        Share::Remainder
    } else if begins("một phần") {
        Share::Portion
    } else {
        return None;
    };
    Some(Part { share, verbatim: group.to_owned() })
}

fn within(group: &str) -> Option<Within> {
    let name = group.strip_prefix("thuộc ").unwrap_or(group);
    UnitKind::split_full_name(name, &[Level::District, Level::Province])?;
    Some(Within { name: name.to_owned(), inferred: false })
}

/// Gives a numbered ward the district of the next numbered ward of its run. Pieces are visited from the last to the first.
fn share_district(found: &mut Predecessor, run: &mut Option<String>) {
    let numbered = found.kind == UnitKind::Ward && found.name.bytes().all(|byte| byte.is_ascii_digit());
    match &found.within {
        _ if !numbered => *run = None,
        Some(within) => *run = Some(within.name.clone()),
        None => found.within = run.clone().map(|name| Within { name, inferred: true }),
    }
}

#[cfg(test)]
mod tests;
