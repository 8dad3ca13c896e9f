//! Abbreviations of official Vietnamese and what they stand for.

use std::sync::LazyLock;

use super::words::words;

/// A short form and its long form, each as folded words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Abbreviation {
    pub(super) short: Vec<String>,
    pub(super) long: Vec<String>,
    /// Whether a search for the long form finds the short one too.
    pub(super) both: bool,
}

/// The table, checked by a test of this module.
pub(super) static ABBREVIATIONS: LazyLock<Vec<Abbreviation>> =
    LazyLock::new(|| TABLE.lines().filter_map(read).collect());

const TABLE: &str = include_str!("abbreviations.tsv");

fn read(line: &str) -> Option<Abbreviation> {
    let mut columns = line.split('\t');
    let (short, long, reach) = (columns.next()?, columns.next()?, columns.next()?);
    Some(Abbreviation { short: split(short), long: split(long), both: reach == "both" })
}

fn split(text: &str) -> Vec<String> {
    words(text).split(' ').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_line_of_the_table_is_a_comment_or_an_abbreviation() {
        let lines: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(lines.len(), ABBREVIATIONS.len());
        for line in lines {
            let columns: Vec<&str> = line.split('\t').collect();
            assert!(matches!(columns[..], [_, _, "both" | "long"]), "{line}");
        }
    }

    #[test]
    fn no_form_stands_twice_in_the_table() {
        let forms = || ABBREVIATIONS.iter().flat_map(|it| [it.short.join(" "), it.long.join(" ")]);
        assert_eq!(forms().collect::<HashSet<_>>().len(), forms().count());
    }
}
