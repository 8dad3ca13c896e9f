//! The rules as data: [`rules.toml`](https://toml.io), read once, and the one automaton over all its phrases.

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use serde::Deserialize;

use super::glyph::{LETTER_MARKS, STROKE, TONE};
use super::stream::Stream;

const SOURCE: &str = include_str!("rules.toml");
const BRANDS: &str = include_str!("brands.toml");

/// What a phrase is evidence of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Topic,
    Promotion,
    /// Speaks against, from anywhere near.
    Reporting,
    /// Speaks against in the same sentence only: every honest page is full of it.
    Voice,
    Innocent,
    Sign,
}

impl Kind {
    /// As the file writes it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Topic => "topic",
            Self::Promotion => "promotion",
            Self::Reporting => "reporting",
            Self::Voice => "voice",
            Self::Innocent => "innocent",
            Self::Sign => "sign",
        }
    }
}

/// A rule of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) weight: u32,
    plain: Option<u32>,
    pub(super) message: String,
    #[serde(default)]
    phrases: Vec<String>,
}

/// How much evidence is how much.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub(super) long: u32,
    pub(super) short: u32,
    pub(super) topic_cap: u32,
    pub(super) promotion_cap: u32,
    pub(super) reporting_cap: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    limits: Limits,
    rule: Vec<Rule>,
}

/// Names of betting houses and of what hosts them; what each list holds is said in the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Brands {
    pub(super) names: Vec<String>,
    pub(super) need_context: Vec<String>,
    pub(super) host_words: Vec<String>,
    pub(super) hard_suffixes: Vec<String>,
    pub(super) soft_suffixes: Vec<String>,
    pub(super) trusted: Vec<String>,
    pub(super) honest_names: Vec<String>,
    pub(super) lucky_numbers: Vec<String>,
    pub(super) shape_words: Vec<String>,
    pub(super) shape_endings: Vec<String>,
    pub(super) numbered: Vec<String>,
    pub(super) glued: Vec<String>,
    pub(super) offices: Vec<String>,
    pub(super) networks: Vec<String>,
    pub(super) embeds: Vec<String>,
}

impl Brands {
    /// Whether one of the lists has the word.
    pub(super) fn has(list: &[String], word: &str) -> bool {
        list.iter().any(|known| known == word)
    }
}

/// A phrase ready to be compared.
pub(super) struct Phrase {
    pub(super) rule: usize,
    pub(super) text: String,
    marks: Vec<u8>,
    /// Number of the syllable of each letter.
    syllables: Vec<usize>,
    plain: u32,
    foreign: bool,
}

/// All that the scanner knows.
pub(super) struct Rules {
    pub(super) version: u32,
    pub(super) limits: Limits,
    pub(super) all: Vec<Rule>,
    by_id: HashMap<String, usize>,
    pub(super) phrases: Vec<Phrase>,
    /// Finds every phrase.
    pub(super) every: Automaton,
    /// Finds those that name something to sell: about half of them, in a smaller table, and most texts need no other.
    pub(super) topics: Automaton,
    /// What makes a name that of a betting house wherever it stands in it.
    pub(super) houses: AhoCorasick,
    /// The last letters of the endings that make a name: nearly no word has them.
    pub(super) ending_tails: Vec<[u8; 3]>,
    pub(super) brands: Brands,
}

/// Shorter names of betting houses are pieces of honest words.
const LEAST_PART: usize = 6;

/// Finds phrases in bare letters.
pub(super) struct Automaton {
    search: AhoCorasick,
    /// The place of each pattern among the phrases.
    phrases: Vec<usize>,
}

impl Automaton {
    fn of<'a>(phrases: impl Iterator<Item = (usize, &'a Phrase)>) -> Result<Self, String> {
        let (places, letters): (Vec<_>, Vec<_>) =
            phrases.map(|(at, phrase)| (at, Stream::of(&phrase.text).letters)).unzip();
        let search = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(letters);
        Ok(Self { search: search.map_err(|e| e.to_string())?, phrases: places })
    }

    /// Letters of the longest phrase.
    pub(super) fn longest(&self) -> usize {
        self.search.max_pattern_len()
    }

    /// Every occurrence as its first letter, the one behind its last, and the place of the phrase.
    pub(super) fn find<'a>(&'a self, letters: &'a [u8]) -> impl Iterator<Item = (usize, usize, usize)> + 'a {
        let found = self.search.find_overlapping_iter(letters);
        found.filter_map(|m| Some((m.start(), m.end(), *self.phrases.get(m.pattern().as_usize())?)))
    }
}

/// The rules of this build.
#[expect(clippy::expect_used, reason = "the files are part of the program; a test reads them")]
pub(super) static RULES: LazyLock<Rules> =
    LazyLock::new(|| Rules::read(SOURCE, BRANDS).expect("the rules are readable"));

impl Rules {
    fn read(source: &str, brands: &str) -> Result<Self, String> {
        let File { version, limits, rule: mut rules } = toml::from_str(source).map_err(|e| e.to_string())?;
        let mut brands: Brands = toml::from_str(brands).map_err(|e| e.to_string())?;
        for rule in &mut rules {
            match rule.id.as_str() {
                "gambling.brand" => rule.phrases.clone_from(&brands.names),
                "gambling.brand_context" => rule.phrases.clone_from(&brands.need_context),
                _ => {}
            }
        }
        brands.names.sort_unstable();
        brands.trusted.sort_unstable();
        let phrases: Vec<_> = rules
            .iter()
            .enumerate()
            .flat_map(|(at, rule)| rule.phrases.iter().map(move |text| (at, rule, text)))
            .flat_map(|(at, rule, text)| spelt_out(text).into_iter().map(move |text| Phrase::new(at, rule, &text)))
            .collect();
        let is_topic = |phrase: &Phrase| rules.get(phrase.rule).is_some_and(|rule| rule.kind == Kind::Topic);
        let every = Automaton::of(phrases.iter().enumerate())?;
        let topics = Automaton::of(phrases.iter().enumerate().filter(|(_, phrase)| is_topic(phrase)))?;
        let parts = brands.names.iter().filter(|name| name.len() >= LEAST_PART).chain(&brands.host_words);
        let houses = AhoCorasick::new(parts).map_err(|e| e.to_string())?;
        let tails = brands.shape_endings.iter().map(|ending| ending.as_bytes().last_chunk().copied());
        let ending_tails = tails.collect::<Option<_>>().ok_or("an ending of a name has at least three letters")?;
        let by_id = rules.iter().enumerate().map(|(at, rule)| (rule.id.clone(), at)).collect();
        Ok(Self { version, limits, all: rules, by_id, phrases, every, topics, houses, ending_tails, brands })
    }
}

impl Rules {
    /// The place of a rule that code names.
    pub(super) fn rule(&self, id: &str) -> usize {
        self.by_id.get(id).copied().unwrap_or(usize::MAX)
    }
}

/// The phrases of one with alternatives: `{hack|lấy} nick` is two.
fn spelt_out(text: &str) -> Vec<String> {
    let Some((head, rest)) = text.split_once('{') else { return vec![text.to_owned()] };
    let (choices, tail) = rest.split_once('}').unwrap_or((rest, ""));
    let tails = spelt_out(tail);
    choices.split('|').flat_map(|choice| tails.iter().map(move |tail| format!("{head}{choice}{tail}"))).collect()
}

impl Phrase {
    fn new(rule: usize, of: &Rule, text: &str) -> Self {
        let syllables: Vec<usize> =
            text.split(' ').enumerate().flat_map(|(at, word)| vec![at; Stream::of(word).len()]).collect();
        let Stream { marks, letters, .. } = Stream::of(text);
        let foreign = !letters.is_ascii();
        // One bare syllable spells too many words: "tội" is not "toi", nor "kèo" "keo".
        let bare = syllables.last() == Some(&0) && marks.iter().any(|marks| *marks != 0);
        let plain = if bare { 0 } else { of.plain.unwrap_or(of.weight) };
        Self { rule, text: text.to_owned(), marks, syllables, plain, foreign }
    }

    /// Whether it is written in a script that leaves no space between words.
    pub(super) fn is_foreign(&self) -> bool {
        self.foreign
    }

    /// Of how many words it is made.
    pub(super) fn words(&self) -> usize {
        self.syllables.last().map_or(0, |last| last + 1)
    }

    /// Whoever writes the tone also writes the mark of the letter, and the other way round: "bán cá" is not "bắn cá", nor
    /// "lô hàng" "lộ hàng". Except for đ, which many keep as d.
    fn is_half_marked(&self, text: &[u8], syllable: usize, toned: bool) -> bool {
        let drawn = LETTER_MARKS & !STROKE;
        let of = || self.syllables.iter().zip(self.marks.iter().zip(text)).filter(|(at, _)| **at == syllable);
        let (own, found) = (of().any(|(_, (own, _))| own & drawn != 0), of().any(|(_, (_, found))| found & drawn != 0));
        if toned { own && !found } else { found }
    }

    /// What it weighs without its marks.
    pub(super) const fn plain_weight(&self) -> u32 {
        self.plain
    }

    /// What the phrase weighs with the marks that the text gives it; `None` when they make other words of it.
    pub(super) fn weight(&self, rule: &Rule, text: &[u8]) -> Option<u32> {
        let tones = |marks: &[u8], syllable: usize| {
            let of = self.syllables.iter().zip(marks).filter(|(at, _)| **at == syllable);
            of.map(|(_, marks)| marks & TONE).max().unwrap_or(0)
        };
        let last = self.syllables.last().copied().unwrap_or(0);
        let (mut marked, mut spoken) = (0, 0);
        for syllable in 0..=last {
            let (own, found) = (tones(&self.marks, syllable), tones(text, syllable));
            if (found != 0 && found != own) || (own != 0 && self.is_half_marked(text, syllable, found != 0)) {
                return None;
            }
            marked += u32::from(own != 0);
            spoken += u32::from(found != 0);
        }
        for (own, found) in self.marks.iter().zip(text) {
            let (own, found) = (own & LETTER_MARKS, found & LETTER_MARKS);
            if found & !own != 0 {
                return None;
            }
            marked += own.count_ones();
            spoken += found.count_ones();
        }
        if last == 0 && spoken != 0 && spoken < marked {
            return None;
        }
        let weight = if spoken * 2 >= marked { rule.weight } else { self.plain };
        (weight > 0 || rule.kind == Kind::Innocent).then_some(weight)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_readable_and_every_phrase_has_letters() {
        let rules = Rules::read(SOURCE, BRANDS).unwrap();
        assert!(rules.version >= 1);
        assert!(rules.phrases.iter().all(|phrase| !phrase.marks.is_empty()));
        assert!(rules.all.iter().all(|rule| !rule.message.is_empty() && rule.id.contains('.')));
    }

    #[test]
    fn alternatives_are_spelt_out() {
        assert_eq!(spelt_out("nổ hũ"), ["nổ hũ"]);
        assert_eq!(spelt_out("{làm|bán} bằng{| cấp} giả").len(), 4);
        assert!(
            RULES.phrases.iter().all(|phrase| !phrase.text.contains(['{', '|', '}']) && !phrase.text.contains("  "))
        );
    }

    #[test]
    fn another_mark_is_another_word() {
        let phrase = |text: &str| {
            let rules = &RULES;
            let phrase = rules.phrases.iter().find(|phrase| phrase.text == "cá cược").unwrap();
            phrase.weight(&rules.all[phrase.rule], &Stream::of(text).marks)
        };
        assert_eq!(phrase("cá cược"), Some(5));
        assert_eq!(phrase("ca cuoc"), Some(3));
        assert_eq!(phrase("cá cuợc"), Some(5));
        assert_eq!(phrase("cá cuộc"), None);
        assert_eq!(phrase("cả cuộc"), None);
    }
}
