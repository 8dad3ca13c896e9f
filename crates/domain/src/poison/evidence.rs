//! Finds what a text says: something to sell and the wish to sell it, and the words of those who report or warn.

use std::cell::OnceCell;
use std::ops::Range;

use super::brand::{Shape, shape};
use super::glyph::DISGUISED;
use super::rules::{Automaton, Kind, RULES};
use super::stream::{self, Stream};
use super::weigh::{OFFER, weigh};
use super::{Hit, Length};

/// Two clear words of a report.
const CLEAR_REPORT: u32 = 13;

/// A word of a report that is one by itself.
const CLEAR_WORD: u32 = 8;

/// Letters of a phrase that spell nothing else, whatever their marks.
const LONG_PHRASE: usize = 11;

/// A piece of evidence in a stream.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) rule: usize,
    pub(super) weight: u32,
    /// Equal for equal words: each counts once.
    pub(super) key: usize,
    pub(super) disguised: bool,
}

impl Found {
    pub(super) fn kind(&self) -> Option<Kind> {
        RULES.all.get(self.rule).map(|rule| rule.kind)
    }
}

/// What the text is held for, if it is.
pub(super) fn judge(text: &str, length: Length) -> Vec<Hit> {
    Reading::of(text).judge(length, 0)
}

/// A text with what was found in it.
pub(super) struct Reading<'a> {
    text: &'a str,
    stream: Stream,
    found: OnceCell<Vec<Found>>,
}

impl<'a> Reading<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, stream: Stream::of(text), found: OnceCell::new() }
    }

    fn found(&self) -> &[Found] {
        self.found.get_or_init(|| find(&self.stream))
    }

    /// What the text is held for, if it is.
    pub(super) fn judge(&self, length: Length, extra_promotion: u32) -> Vec<Hit> {
        // Most texts name nothing to sell, and then there is nothing to weigh.
        let hits = if topics(&self.stream).next().is_some() {
            weigh(&self.stream, self.found(), length, extra_promotion)
        } else {
            Vec::new()
        };
        if !hits.is_empty() || !may_be_leet(self.text) {
            return hits;
        }
        let leet = Stream::leet(self.text);
        let found = find(&leet).into_iter();
        let found: Vec<_> = found.filter(|f| f.kind() != Some(Kind::Topic) || is_leet(&leet, f)).collect();
        weigh(&leet, &found, length, extra_promotion)
    }

    /// Whether the text reports or warns so clearly that addresses written out in it, without a link, are those it warns
    /// of.
    pub(super) fn is_report(&self) -> bool {
        let reports = self.found().iter().filter(|one| one.kind() == Some(Kind::Reporting));
        reports.map(|one| one.weight).sum::<u32>() >= CLEAR_REPORT
    }
}

/// Whether something to sell is named at all, whoever speaks.
pub(super) fn names_a_topic(text: &str) -> bool {
    let stream = Stream::of(text);
    let is_named = |found: &Found| found.kind() == Some(Kind::Topic) && found.weight >= 4;
    topics(&stream).next().is_some() && find(&stream).iter().any(is_named)
}

/// Whether digits or symbols in the place of letters name something to sell. Most texts have some, and little around them.
fn may_be_leet(text: &str) -> bool {
    stream::leet_pieces(text, RULES.topics.longest()).any(|piece| {
        let leet = Stream::leet(piece);
        phrases(&leet, &RULES.topics).any(|found| is_leet(&leet, &found))
    })
}

/// Some letters, not most of them, are stood in for.
fn is_leet(stream: &Stream, found: &Found) -> bool {
    let marks = stream.marks.get(found.start..found.end).unwrap_or_default();
    let stood_in = marks.iter().filter(|marks| **marks & DISGUISED != 0).count();
    marks.len() >= 5 && stood_in > 0 && stood_in * 2 <= marks.len() && found.key < RULES.phrases.len()
}

/// What names something to sell, even where it lies in an innocent phrase.
fn topics(stream: &Stream) -> impl Iterator<Item = Found> {
    phrases(stream, &RULES.topics).chain(shapes(stream))
}

fn find(stream: &Stream) -> Vec<Found> {
    let mut found: Vec<Found> = phrases(stream, &RULES.every).collect();
    found.extend(shapes(stream));
    found.extend(numbers(stream));
    let mut found = without_overlaps(found);
    for one in &mut found {
        // Who quotes an advertisement need not mean it.
        if matches!(one.kind(), Some(Kind::Topic | Kind::Promotion)) && stream.is_quoted(one.start) {
            one.weight = one.weight.div_ceil(2);
        }
    }
    for sentence in found.chunk_by_mut(|left, right| stream.sentence(left.start) == stream.sentence(right.start)) {
        temper(sentence);
    }
    found
}

/// What is promised in a sentence that warns is what it warns of: "dụ dỗ bằng tiền thưởng chào mừng".
fn temper(sentence: &mut [Found]) {
    if sentence.iter().any(|one| one.kind() == Some(Kind::Reporting) && one.weight >= CLEAR_WORD) {
        for one in sentence.iter_mut().filter(|one| one.kind() == Some(Kind::Promotion)) {
            one.weight = one.weight.div_ceil(2);
        }
    }
}

fn phrases<'a>(stream: &'a Stream, among: &'a Automaton) -> impl Iterator<Item = Found> + 'a {
    among.find(&stream.letters).filter_map(|(start, end, key)| phrase(stream, start..end, key))
}

/// The phrase that the letters spell, unless their marks, or how they stand in words, make something else of them.
fn phrase(stream: &Stream, Range { start, end }: Range<usize>, key: usize) -> Option<Found> {
    let phrase = RULES.phrases.get(key)?;
    if !phrase.is_foreign() && (!stream.at_boundary(start) || !stream.at_boundary(end)) {
        return None;
    }
    let marks = stream.marks.get(start..end)?;
    let rule = RULES.all.get(phrase.rule)?;
    let length = end - start;
    let meant = phrase.weight(rule, marks);
    // Other marks make other words: "không thể chấp" is not "không thế chấp". Four of them in a row are written so on
    // purpose, and so is what stands in letters of another alphabet throughout.
    let long = || phrase.words() >= 4 && length >= LONG_PHRASE;
    let styled = || length >= 5 && marks.iter().filter(|marks| **marks & DISGUISED != 0).count() * 4 >= length * 3;
    let mismarked = meant.is_none() && rule.kind == Kind::Topic && (long() || styled());
    let weight = meant.or(mismarked.then(|| phrase.plain_weight()).filter(|weight| *weight > 0))?;
    let words = usize::try_from(stream.words_in(start, end)).unwrap_or(usize::MAX);
    let name = stream.letters.get(start..end).is_some_and(|name| name.iter().any(u8::is_ascii_digit));
    let spread = (length >= 4 || (name && length == 3)) && words * 10 >= length * 8;
    if length < 5 && words > phrase.words() && !spread {
        return None;
    }
    let disguised = spread || mismarked || marks.iter().any(|marks| marks & DISGUISED != 0);
    Some(Found { start, end, rule: phrase.rule, weight, key, disguised })
}

/// Names that are only shaped like those of betting houses.
fn shapes(stream: &Stream) -> impl Iterator<Item = Found> {
    stream.each_word().filter_map(|(start, word)| {
        let rule = RULES.rule(match shape(word)? {
            Shape::Strong => "gambling.brand_shape",
            Shape::Weak => "gambling.brand_shape_weak",
        });
        let weight = RULES.all.get(rule).map_or(0, |rule| rule.weight);
        let key = RULES.phrases.len() + word.iter().fold(0, |sum, b| (sum * 31 + usize::from(*b)) % 1_000_003);
        Some(Found { start, end: start + word.len(), rule, weight, key, disguised: false })
    })
}

/// Telephone numbers and round sums: `0987.654.321`, `100k`.
fn numbers(stream: &Stream) -> Vec<Found> {
    let (phone, money) = (RULES.rule("promotion.phone"), RULES.rule("promotion.money"));
    let mut found = Vec::new();
    let mut at = 0;
    for run in stream.letters.chunk_by(|left, right| left.is_ascii_digit() == right.is_ascii_digit()) {
        let (start, end) = (at, at + run.len());
        at = end;
        let digits = run.first().is_some_and(u8::is_ascii_digit);
        let thousand = stream.letters.get(end) == Some(&b'k') && stream.words_in(start, end + 1) == 1;
        let rule = match run.len() {
            9..=12 if digits && (run.starts_with(b"0") || run.starts_with(b"84")) => phone,
            2..=4 if digits && thousand && stream.at_boundary(end + 1) => money,
            _ => continue,
        };
        let weight = RULES.all.get(rule).map_or(0, |rule| rule.weight);
        found.push(Found { start, end, rule, weight, key: usize::MAX - rule, disguised: false });
    }
    found
}

/// The longest phrase of its kind wins where several overlap, and an innocent one covers what lies in it.
fn without_overlaps(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_unstable_by_key(|f| (f.start, usize::MAX - f.end, u32::MAX - f.weight));
    let mut ends: [usize; 4] = [0; 4];
    let (mut innocent_until, mut topic_until, mut named_until) = (0, 0, 0);
    let mut kept: Vec<Found> = Vec::with_capacity(found.len());
    for one in found {
        let Some(kind) = one.kind() else { continue };
        let (row, covered) = match kind {
            Kind::Innocent => {
                innocent_until = innocent_until.max(one.end);
                continue;
            }
            Kind::Topic => (0, one.end <= innocent_until),
            // The name of a game praises nothing by itself.
            Kind::Promotion => (1, one.end <= named_until),
            // "không bị chặn" is no warning, nor "bắt cầu" an arrest.
            Kind::Reporting | Kind::Sign => (2, one.end <= topic_until),
            Kind::Voice => (3, one.end <= topic_until),
        };
        let Some(end) = ends.get_mut(row) else { continue };
        if one.start < *end || covered {
            continue;
        }
        *end = one.end;
        if matches!(kind, Kind::Topic | Kind::Promotion) {
            topic_until = topic_until.max(one.end);
        }
        if kind == Kind::Topic && one.weight < OFFER {
            named_until = named_until.max(one.end);
        }
        kept.push(one);
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What people write who spread a word, and what cannot be seen.
    const BETWEEN: [&str; 5] = ["", " ", ".", " . ", "\u{200b}"];

    proptest! {
        #[test]
        fn a_name_with_a_sign_in_it_is_seen_wherever_it_stands(
            before in 0..900_usize, behind in 0..900_usize, between in 0..BETWEEN.len(), sign in 0..6_usize,
        ) {
            let name = ["t", "à", "i", "x", "ỉ", "u"];
            let spread: Vec<&str> = name.iter().enumerate().map(|(at, c)| if at == sign { leet(c) } else { *c }).collect();
            let honest = "Ngày 05/7, xã họp thôn 4 lúc 7h30! ".chars().cycle();
            let text: String = honest.clone().take(before).chain([' ']).collect();
            let text = text + &spread.join(BETWEEN[between]) + " " + &honest.take(behind).collect::<String>();
            prop_assert_eq!(may_be_leet(&text), leet(name[sign]) != name[sign], "{}", text);
        }
    }

    fn leet(letter: &str) -> &str {
        match letter {
            "t" => "7",
            "à" => "4",
            "i" | "ỉ" => "1",
            other => other,
        }
    }

    #[test]
    fn pieces_are_few_where_signs_are_and_many_signs_share_one() {
        let honest = "Thôn họp. ".repeat(200);
        let text = format!("{honest}lúc 7h30{honest}{}{honest}", "a1".repeat(2_000));
        let pieces: Vec<&str> = stream::leet_pieces(&text, 20).collect();
        assert_eq!(pieces.len(), 2, "{pieces:?}");
        assert!(pieces[0].contains("7h30") && pieces[0].len() < 120, "{}", pieces[0]);
        assert!(pieces[1].contains(&"a1".repeat(2_000)) && pieces[1].len() < 4_120, "{}", pieces[1]);
        assert_eq!(stream::leet_pieces(&honest, 20).count(), 0);
    }
}
