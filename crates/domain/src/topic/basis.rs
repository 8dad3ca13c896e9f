use std::convert::Infallible;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::levels::level_of_letter;
use crate::unit::Level;

/// Where the number of days of a rule comes from. Only `Law` may not be loosened by a province.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BasisKind {
    /// `L`: stated by law in force.
    Law,
    /// `F`: the general fallback of five working days (Luật TCTT Article 18 clause 4, Luật THDCCS Article 12 clause 3).
    Fallback,
    /// `H`: a number of the repealed NĐ 43/2011/NĐ-CP Article 17.
    Historic,
    /// `R`: from a replaced text whose successor has not been read.
    Replaced,
    /// `D`: derived, no law.
    Derived,
}

/// The basis column of a topic: what it says, and what of it is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// The text of the catalogue: `L (X) / F (T)`.
    pub verbatim: String,
    /// Its alternatives in order; empty when the text is not of this form.
    pub clauses: Vec<BasisClause>,
}

/// One alternative: a kind, and in parentheses what it is limited to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasisClause {
    /// Kind of basis.
    pub kind: BasisKind,
    /// The parenthesis.
    pub qualifier: Option<BasisQualifier>,
}

/// What a parenthesis after a kind of basis means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BasisQualifier {
    /// `(X)`, `(T)`: at this level.
    At(Level),
    /// `(H)`: a historic number exists beside it. In this column H is never the district.
    HistoricBeside,
    /// `(text)`: the law states the duty in words, without a number.
    InWords,
}

impl BasisKind {
    fn from_letter(letter: &str) -> Option<Self> {
        match letter {
            "L" => Some(Self::Law),
            "F" => Some(Self::Fallback),
            "H" => Some(Self::Historic),
            "R" => Some(Self::Replaced),
            "D" => Some(Self::Derived),
            _ => None,
        }
    }
}

impl Basis {
    /// The kind of basis at a level: the clause for that level, or the one for all. `None` when the catalogue gives none
    /// there (`L (X)` at a province).
    pub fn at(&self, level: Level) -> Option<BasisKind> {
        let for_level = |clause: &&BasisClause| clause.qualifier == Some(BasisQualifier::At(level));
        let for_all = |clause: &&BasisClause| !matches!(clause.qualifier, Some(BasisQualifier::At(_)));
        let mut clauses = self.clauses.iter();
        clauses.clone().find(for_level).or_else(|| clauses.find(for_all)).map(|clause| clause.kind)
    }
}

impl FromStr for Basis {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let clauses: Option<Vec<BasisClause>> = text.split('/').map(|part| clause(part.trim())).collect();
        Ok(Self { verbatim: text.to_owned(), clauses: clauses.unwrap_or_default() })
    }
}

fn clause(text: &str) -> Option<BasisClause> {
    let Some((letter, qualifier)) = text.split_once('(') else {
        return Some(BasisClause { kind: BasisKind::from_letter(text)?, qualifier: None });
    };
    let qualifier = match qualifier.strip_suffix(')')? {
        "H" => BasisQualifier::HistoricBeside,
        "text" => BasisQualifier::InWords,
        letter => BasisQualifier::At(level_of_letter(letter)?),
    };
    Some(BasisClause { kind: BasisKind::from_letter(letter.trim())?, qualifier: Some(qualifier) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_province_and_commune(text: &str) -> (Option<BasisKind>, Option<BasisKind>) {
        let basis: Basis = text.parse().unwrap();
        assert_eq!(basis.verbatim, text);
        (basis.at(Level::Province), basis.at(Level::Commune))
    }

    #[test]
    fn the_clause_of_a_level_goes_before_the_one_for_all() {
        use BasisKind::{Fallback, Law};
        let table = [
            ("L", (Some(Law), Some(Law))),
            ("L (X)", (None, Some(Law))),
            ("L (X) / F", (Some(Fallback), Some(Law))),
            ("F / L (X)", (Some(Fallback), Some(Law))),
            ("L (X) / F (T)", (Some(Fallback), Some(Law))),
            ("F (H)", (Some(Fallback), Some(Fallback))),
            ("L (text)", (Some(Law), Some(Law))),
            ("see annex", (None, None)),
            ("L (Y)", (None, None)),
        ];
        for (text, kinds) in table {
            assert_eq!(at_province_and_commune(text), kinds, "{text}");
        }
    }

    #[test]
    fn h_in_parentheses_is_a_historic_number() {
        let basis: Basis = "F (H)".parse().unwrap();
        let qualifier = Some(BasisQualifier::HistoricBeside);
        assert_eq!(basis.clauses, [BasisClause { kind: BasisKind::Fallback, qualifier }]);
    }
}
