//! Turns the patterns of a theme into text: one voice per article, so that a word or a number is said the same way twice.

use crate::grammar::{LIBRARY, Theme};
use crate::rng::Rng;
use crate::setting::Setting;

/// Nesting of words within words; the data stay well below it.
const DEEPEST: u32 = 8;

/// One article's choice of words.
pub(crate) struct Voice {
    pub(crate) theme: &'static Theme,
    pub(crate) rng: Rng,
    setting: Setting,
    said: Vec<(&'static str, String)>,
}

impl Voice {
    pub(crate) fn new(theme: &'static Theme, setting: Setting, rng: Rng) -> Self {
        Self { theme, rng, setting, said: Vec::new() }
    }

    /// The text of `pattern`, starting with a capital letter.
    pub(crate) fn say(&mut self, pattern: &'static str) -> String {
        let mut text = String::with_capacity(2 * pattern.len());
        self.write(pattern, &mut text, 0);
        capitalised(&text)
    }

    /// One of the theme's lines under `key` (or of the common ones, when it has none); empty when neither has any.
    pub(crate) fn say_one(&mut self, key: &str) -> String {
        let own: Vec<_> = self.theme.all(key).collect();
        let choices = if own.is_empty() { LIBRARY.common.all(key).collect() } else { own };
        self.rng.pick(&choices).copied().map(|pattern| self.say(pattern)).unwrap_or_default()
    }

    /// The patterns under `key` in a random order.
    pub(crate) fn shuffled(&mut self, theme: &Theme, key: &str) -> Vec<&'static str> {
        self.rng.shuffled(theme.all(key).collect())
    }

    fn write(&mut self, pattern: &'static str, out: &mut String, depth: u32) {
        let mut rest = pattern;
        while let Some((before, opening, after)) = split_at_opening(rest) {
            out.push_str(before);
            let Some((inside, tail)) = after.split_once(closing(opening)) else { break };
            if opening == "[" {
                let choices: Vec<_> = inside.split('|').collect();
                let choice = self.rng.pick(&choices).copied().unwrap_or_default();
                self.write(choice, out, depth);
            } else {
                out.push_str(&self.slot(inside, depth));
            }
            rest = tail;
        }
        out.push_str(rest);
    }

    fn slot(&mut self, slot: &'static str, depth: u32) -> String {
        let (name, fresh) = slot.strip_prefix('*').map_or((slot, false), |name| (name, true));
        let known = self.said.iter().find(|(word, _)| word.eq_ignore_ascii_case(name)).map(|(_, text)| text.clone());
        let text = match known {
            Some(text) if !fresh => text,
            known => self.another(name, known.as_deref(), depth),
        };
        if !fresh && !self.said.iter().any(|(word, _)| word.eq_ignore_ascii_case(name)) {
            self.said.push((name, text.clone()));
        }
        if name.starts_with(|c: char| c.is_ascii_uppercase()) { capitalised(&text) } else { text }
    }

    /// A choice that differs from `known`, if a few attempts find one.
    fn another(&mut self, name: &'static str, known: Option<&str>, depth: u32) -> String {
        let mut text = self.choose(name, depth);
        for _ in 0..4 {
            if Some(text.as_str()) != known {
                break;
            }
            text = self.choose(name, depth);
        }
        text
    }

    fn choose(&mut self, name: &'static str, depth: u32) -> String {
        if let Some((low, high)) = range(name) {
            return grouped(self.rng.between(low, high));
        }
        if let Some(words) = self.setting.word(name) {
            return self.rng.pick(words).cloned().unwrap_or_default();
        }
        let choices = self.theme.word(name).or_else(|| LIBRARY.common.word(name)).unwrap_or_default();
        let choice = self.rng.pick(choices).copied().unwrap_or_default();
        let mut text = String::new();
        if depth < DEEPEST {
            self.write(choice, &mut text, depth + 1);
        }
        text
    }
}

fn split_at_opening(text: &'static str) -> Option<(&'static str, &'static str, &'static str)> {
    // Both are ASCII, so a byte is enough, and much faster than decoding.
    let at = text.bytes().position(|byte| matches!(byte, b'{' | b'['))?;
    let (before, rest) = text.split_at(at);
    let (opening, after) = rest.split_at(1);
    Some((before, opening, after))
}

fn closing(opening: &str) -> char {
    if opening == "[" { ']' } else { '}' }
}

fn range(name: &str) -> Option<(u32, u32)> {
    let (low, high) = name.split_once('-')?;
    Some((low.parse().ok()?, high.parse().ok()?))
}

/// Thousands are set off by a point, as in Vietnamese print. The grammar has no number above 999.999.
fn grouped(number: u32) -> String {
    if number < 1_000 { number.to_string() } else { format!("{}.{:03}", number / 1_000, number % 1_000) }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let mut capitalised = String::with_capacity(text.len() + 1);
    capitalised.extend(letters.next().into_iter().flat_map(char::to_uppercase));
    capitalised.push_str(letters.as_str());
    capitalised
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voice() -> Voice {
        let theme = LIBRARY.themes.iter().find(|theme| theme.name == "hai-san").expect("a theme named hai-san");
        Voice::new(theme, Setting::default(), Rng::named(&["voice"]))
    }

    #[test]
    fn a_word_and_a_number_are_the_same_throughout_an_article() {
        let mut voice = voice();
        let first = voice.say("{loai} {tan} {22-140}");
        assert_eq!(voice.say("{loai} {tan} {22-140}"), first);
    }

    #[test]
    fn a_starred_word_differs_from_the_remembered_one() {
        let mut voice = voice();
        let remembered = voice.say("{loai}");
        assert!((0..20).all(|_| voice.say("{*loai}") != remembered));
    }

    #[test]
    fn a_capital_in_the_name_capitalises_the_word() {
        let mut voice = voice();
        let (small, capital) = (voice.say("x {loai}"), voice.say("x {Loai}"));
        assert!(small != capital && small.to_lowercase() == capital.to_lowercase(), "{small} / {capital}");
    }

    #[test]
    fn thousands_are_set_off_by_a_point() {
        assert_eq!([7, 999, 2_079, 48_000].map(grouped), ["7", "999", "2.079", "48.000"]);
    }
}
