use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::unit::Level;

/// The levels a topic is an obligation of, written with the letters of the catalogue: `T` tỉnh, `X` xã, `H` huyện (sites up
/// to 30/06/2025 only). Never empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Levels(BTreeSet<Level>);

/// The text is no set of levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LevelsError {
    /// A word other than T, X, H.
    #[error("a level is one of T, X, H")]
    Letter,
    /// The same letter twice.
    #[error("a level is named once")]
    Repeated,
    /// No letter at all.
    #[error("at least one level is named")]
    Empty,
}

impl Levels {
    /// Whether the topic is an obligation of this level.
    pub fn contains(&self, level: Level) -> bool {
        self.0.contains(&level)
    }

    /// The levels from the top down.
    pub fn iter(&self) -> impl Iterator<Item = Level> {
        self.0.iter().copied()
    }
}

/// The level a letter of the catalogue stands for.
pub(super) fn level_of_letter(letter: &str) -> Option<Level> {
    match letter {
        "T" => Some(Level::Province),
        "H" => Some(Level::District),
        "X" => Some(Level::Commune),
        _ => None,
    }
}

impl FromStr for Levels {
    type Err = LevelsError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut levels = BTreeSet::new();
        for letter in text.split_whitespace() {
            if !levels.insert(level_of_letter(letter).ok_or(LevelsError::Letter)?) {
                return Err(LevelsError::Repeated);
            }
        }
        if levels.is_empty() { Err(LevelsError::Empty) } else { Ok(Self(levels)) }
    }
}

/// In the order of the catalogue: `T X H`.
impl fmt::Display for Levels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = [(Level::Province, "T"), (Level::Commune, "X"), (Level::District, "H")];
        let present: Vec<&str> =
            letters.iter().filter(|(level, _)| self.contains(*level)).map(|(_, letter)| *letter).collect();
        f.write_str(&present.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_round_trip_in_the_order_of_the_catalogue() {
        for (text, shown) in [("T X H", "T X H"), ("H T", "T H"), ("X", "X"), (" T  X ", "T X")] {
            assert_eq!(text.parse::<Levels>().unwrap().to_string(), shown);
        }
        let levels: Levels = "T H".parse().unwrap();
        assert_eq!(levels.iter().collect::<Vec<_>>(), [Level::Province, Level::District]);
        assert!(!levels.contains(Level::Commune));
    }

    #[test]
    fn anything_else_is_refused() {
        let table = [
            ("", LevelsError::Empty),
            ("T T", LevelsError::Repeated),
            ("TX", LevelsError::Letter),
            ("t", LevelsError::Letter),
        ];
        for (text, error) in table {
            assert_eq!(text.parse::<Levels>(), Err(error), "{text}");
        }
    }
}
