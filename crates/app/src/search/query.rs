//! What a reader searches for: words that must all occur, and phrases.

use super::abbreviations::{ABBREVIATIONS, Abbreviation};
use super::words::words;
use crate::error::Error;

/// Longest text of a search, in characters, as it is given and with a blank between its phrases.
pub const MAX_LENGTH: usize = 200;
/// Words of a search at most.
pub const MAX_WORDS: usize = 16;

/// A search text, read. There is no query syntax but quotes: every other character is text or separates words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TextQuery {
    /// All must be met.
    pub(super) clauses: Vec<Clause>,
    /// The words as read, equal for all spellings of one search.
    canonical: String,
}

/// One of its alternatives must be met; of an alternative, all runs must occur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Clause(pub(super) Vec<Vec<Run>>);

/// Words that stand next to one another in the title, the summary, the body or one tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run(pub(super) Vec<String>);

/// A search text as it is read: the same for all spellings of one search, and itself one of them.
///
/// # Errors
/// [`Error::BadRequest`] when it cannot be searched for.
pub fn canonical(text: &str) -> Result<String, Error> {
    TextQuery::parse(text).map(|query| query.canonical)
}

impl TextQuery {
    /// Reads a search text. Within quotes words must follow one another as given; outside them order does not matter, and
    /// an abbreviation also finds what it stands for.
    ///
    /// # Errors
    /// [`Error::BadRequest`] when the text is too long, has too many words, or none.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        within_limit(text)?;
        let parts: Vec<(Vec<String>, bool)> = parts(text);
        let count: usize = parts.iter().map(|(words, _)| words.len()).sum();
        if count == 0 {
            return Err(refused("the text to search for has no letter or digit".to_owned()));
        }
        if count > MAX_WORDS {
            return Err(refused(format!("the text to search for has {count} words, {MAX_WORDS} are allowed")));
        }
        let canonical = parts.iter().map(|(words, quoted)| shown(words, *quoted)).collect::<Vec<_>>().join(" ");
        // It may have blanks that the text does not have, and must be readable itself.
        within_limit(&canonical)?;
        let mut clauses = Vec::new();
        for (words, quoted) in parts {
            let found = if quoted { vec![Clause::of(Run(words))] } else { expanded(&words) };
            for clause in found {
                if !clauses.contains(&clause) {
                    clauses.push(clause);
                }
            }
        }
        Ok(Self { clauses, canonical })
    }

    /// The words as read, for what has to be bound to this search.
    pub(crate) fn canonical(&self) -> &str {
        &self.canonical
    }
}

impl Clause {
    fn of(run: Run) -> Self {
        Self(vec![vec![run]])
    }
}

fn within_limit(text: &str) -> Result<(), Error> {
    if text.chars().nth(MAX_LENGTH).is_some() {
        return Err(refused(format!("the text to search for has more than {MAX_LENGTH} characters")));
    }
    Ok(())
}

fn refused(reason: String) -> Error {
    Error::bad_request("text", reason)
}

/// The words of the text, with whether they stand in quotes. A quote that is never closed is not one.
fn parts(text: &str) -> Vec<(Vec<String>, bool)> {
    let pieces: Vec<&str> = text.split(['"', '“', '”', '„', '«', '»', '＂']).collect();
    let pairs = pieces.len() - 1;
    let parts = pieces.iter().enumerate().map(|(at, piece)| (split(&words(piece)), at % 2 == 1 && at < pairs));
    parts.filter(|(words, _)| !words.is_empty()).collect()
}

fn split(words: &str) -> Vec<String> {
    words.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn shown(words: &[String], quoted: bool) -> String {
    if quoted { format!("\"{}\"", words.join(" ")) } else { words.join(" ") }
}

/// Words outside quotes: each a clause of its own, but for known abbreviations and long forms.
fn expanded(words: &[String]) -> Vec<Clause> {
    let mut clauses = Vec::new();
    let mut rest = words;
    while let Some((first, others)) = rest.split_first() {
        if let Some((known, clause)) = longest_known(rest) {
            clauses.push(clause);
            rest = rest.get(known..).unwrap_or_default();
        } else {
            clauses.push(Clause::of(Run(vec![first.clone()])));
            rest = others;
        }
    }
    clauses
}

/// The longest short or long form at the start of `words`: how many words it has, and what may stand for it.
fn longest_known(words: &[String]) -> Option<(usize, Clause)> {
    let known = ABBREVIATIONS.iter().filter_map(|abbreviation| {
        let Abbreviation { short, long, both } = abbreviation;
        let (given, other) = match (words.starts_with(long) && *both, words.starts_with(short)) {
            (true, _) => (long, short),
            (false, true) => (short, long),
            (false, false) => return None,
        };
        let given_words = given.iter().map(|word| Run(vec![word.clone()])).collect();
        Some((given.len(), Clause(vec![given_words, vec![Run(other.clone())]])))
    });
    known.max_by_key(|(length, _)| *length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clauses(text: &str) -> String {
        let alternative = |runs: &Vec<Run>| runs.iter().map(|run| run.0.join("_")).collect::<Vec<_>>().join("+");
        let clause = |clause: &Clause| clause.0.iter().map(alternative).collect::<Vec<_>>().join("|");
        TextQuery::parse(text).unwrap().clauses.iter().map(clause).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_search_text_is_read_as_in_the_table() {
        let table = [
            ("Tiếp công dân", "tiep cong dan"),
            ("tiep TIẾP tiếp", "tiep"),
            ("\"tiếp công dân\"", "tiep_cong_dan"),
            ("lịch “tiếp công dân” sáng", "lich tiep_cong_dan sang"),
            ("\"tiếp công dân", "tiep cong dan"),
            ("\"một\" hai \"ba bốn", "mot hai ba bon"),
            ("UBND xã", "ubnd|uy_ban_nhan_dan xa"),
            ("uỷ ban nhân dân xã", "uy+ban+nhan+dan|ubnd xa"),
            ("\"UBND xã\"", "ubnd_xa"),
            ("739/QĐ-UBND", "739 qd|quyet_dinh ubnd|uy_ban_nhan_dan"),
            ("KT-XH", "kt+xh|kinh_te_xa_hoi"),
            ("nghị định", "nghi dinh"),
            ("NĐ 13", "nd|nghi_dinh 13"),
            ("dịch vụ công trực tuyến", "dich+vu+cong+truc+tuyen|dvctt"),
            ("body:x AND -y OR (z*)^2~", "body x and y or z 2"),
        ];
        for (text, expected) in table {
            assert_eq!(clauses(text), expected, "{text}");
        }
    }

    #[test]
    fn spellings_of_one_search_have_one_canonical_form() {
        let canonical = |text: &str| TextQuery::parse(text).unwrap().canonical().to_owned();
        assert_eq!(canonical("Hoá  \"ĐỨC Thọ\""), canonical("hóa “đức thọ”"));
        assert_ne!(canonical("đức thọ"), canonical("\"đức thọ\""));
        for text in ["Hoá  \"ĐỨC Thọ\" xã", "UBND/2024 \"một cửa", "số 12-NQ"] {
            assert_eq!(canonical(&canonical(text)), canonical(text));
        }
    }

    #[test]
    fn what_holds_no_word_or_too_much_is_refused() {
        let long = "á".repeat(MAX_LENGTH + 1);
        let huge = "x".repeat(10_240);
        let many = "a ".repeat(MAX_WORDS + 1);
        for text in ["", "  \t\n", "🙂🙂", "\"\"", "--- / …", "\u{0}\u{7}", &long, &huge, &many] {
            let refusal = TextQuery::parse(text);
            assert!(matches!(refusal, Err(Error::BadRequest { parameter: "text", .. })), "{text:?}");
        }
        assert!(TextQuery::parse(&"á".repeat(MAX_LENGTH)).is_ok());
        // What is read must be readable again: 16 phrases of 192 characters, 207 with blanks between them.
        assert!(TextQuery::parse(&"\"aaaaaaaaaa\"".repeat(16)).is_err());
        let read = TextQuery::parse(&"\"aaaaaaaaa\"".repeat(16)).unwrap();
        assert_eq!(TextQuery::parse(read.canonical()).unwrap().canonical(), read.canonical());
        assert!(TextQuery::parse(&"a ".repeat(MAX_WORDS)).is_ok());
    }
}
