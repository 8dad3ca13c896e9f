//! The sentence grammar: themes read from `data/themes/*.txt`, which are compiled in.
//!
//! A file is a list of themes. `== name` starts one; each further line is `key: value`; `#` starts a comment. Keys that
//! steer are `category`, `months`, `from`, `place`, `weight`, `tone`, `language`; keys that hold text (`title`, `lead`,
//! `para`, `item`, `row`, `photo` …) may stand any number of times; `let name: a | b | c` defines a word. In text,
//!
//! * `{name}` is a word, the same throughout one article; `{*name}` a fresh choice; `{Name}` starts with a capital;
//! * `{12-95}` is a number from 12 to 95, the same throughout one article, so that title, text and table agree;
//! * `[a|b]` is one of the alternatives, chosen afresh each time.

use std::sync::LazyLock;

use chrono::{Datelike as _, NaiveDate};

/// All themes, and the words and sentences that they share.
pub(crate) static LIBRARY: LazyLock<Library> = LazyLock::new(|| Library {
    common: FILES.iter().flat_map(|file| themes(file)).find(|theme| theme.name == "common").unwrap_or_default(),
    themes: FILES.iter().flat_map(|file| themes(file)).filter(|theme| theme.name != "common").collect(),
});

/// See [`LIBRARY`].
pub(crate) struct Library {
    pub(crate) common: Theme,
    pub(crate) themes: Vec<Theme>,
}

/// What one kind of article is made of.
#[derive(Debug, Default)]
pub(crate) struct Theme {
    pub(crate) name: &'static str,
    /// Share among the themes that fit; 0 is never drawn.
    pub(crate) weight: u32,
    /// Which places suit, see [`crate::setting::suits`]; empty for all.
    pub(crate) place: &'static str,
    months: Vec<u32>,
    from: Option<NaiveDate>,
    lines: Vec<(&'static str, &'static str)>,
    rules: Vec<(&'static str, Vec<&'static str>)>,
}

impl Theme {
    /// The first line under `key`; empty when there is none.
    pub(crate) fn first(&self, key: &str) -> &'static str {
        self.all(key).next().unwrap_or_default()
    }

    /// All lines under `key`.
    pub(crate) fn all(&self, key: &str) -> impl Iterator<Item = &'static str> {
        self.lines.iter().filter(move |(candidate, _)| *candidate == key).map(|(_, value)| *value)
    }

    /// The alternatives of the word `name`, in any letter case.
    pub(crate) fn word(&self, name: &str) -> Option<&[&'static str]> {
        self.rules.iter().find(|(word, _)| word.eq_ignore_ascii_case(name)).map(|(_, choices)| choices.as_slice())
    }

    /// Whether such an article is plausible on `day`.
    pub(crate) fn in_season(&self, day: NaiveDate) -> bool {
        let month = self.months.is_empty() || self.months.contains(&day.month());
        month && self.from.is_none_or(|from| from <= day)
    }

    fn add(&mut self, key: &'static str, value: &'static str) {
        match key.strip_prefix("let ") {
            Some(word) => self.rules.push((word, value.split(" | ").collect())),
            None => self.lines.push((key, value)),
        }
        match key {
            "place" => self.place = value,
            "weight" => self.weight = value.parse().unwrap_or_default(),
            "months" => self.months = value.split(' ').filter_map(|month| month.parse().ok()).collect(),
            "from" => self.from = value.parse().ok(),
            _ => {}
        }
    }
}

fn themes(file: &'static str) -> Vec<Theme> {
    let mut themes: Vec<Theme> = Vec::new();
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("== ") {
            themes.push(Theme { name, ..Theme::default() });
        } else if let (Some(theme), Some((key, value))) = (themes.last_mut(), line.split_once(": ")) {
            theme.add(key, value);
        }
    }
    themes
}

const FILES: [&str; 7] = [
    include_str!("../data/themes/common.txt"),
    include_str!("../data/themes/kinh-te.txt"),
    include_str!("../data/themes/van-hoa-xa-hoi.txt"),
    include_str!("../data/themes/to-chuc-an-ninh.txt"),
    include_str!("../data/themes/chi-dao.txt"),
    include_str!("../data/themes/dich-vu.txt"),
    include_str!("../data/themes/other-languages.txt"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setting::{Setting, unit_of};
    use crate::template::template;
    use crate::units::day;

    #[test]
    fn every_line_of_every_file_is_understood() {
        for line in FILES.iter().flat_map(|file| file.lines()) {
            let known = line.starts_with('#') || line.starts_with("== ") || line.split_once(": ").is_some();
            assert!(known, "{line}");
        }
    }

    #[test]
    fn every_theme_can_carry_an_article() {
        for theme in &LIBRARY.themes {
            let category = theme.first("category");
            assert!(template().iter().any(|known| known.slug == category), "{}", theme.name);
            assert!(theme.all("title").count() >= 1 && theme.all("lead").count() >= 1, "{}", theme.name);
            assert!(theme.all("para").count() >= 2, "{}", theme.name);
            assert!(theme.all("row").all(|row| row.split(" | ").count() == 2), "{}", theme.name);
        }
    }

    #[test]
    fn every_word_that_a_text_uses_is_defined() {
        let commune = unit_of("xuan-hai").expect("a unit");
        let setting = Setting::new(commune, day(2024, 5, 2), &mut crate::rng::Rng::named(&["words"]));
        for theme in LIBRARY.themes.iter().chain([&LIBRARY.common]) {
            for name in words(theme) {
                let bare = name.trim_start_matches('*');
                let range = bare.split('-').all(|number| number.parse::<u32>().is_ok()) && bare.contains('-');
                let known = range || setting.word(bare).is_some();
                let defined = theme.word(bare).is_some() || LIBRARY.common.word(bare).is_some();
                assert!(known || defined, "{}: {{{name}}}", theme.name);
            }
        }
    }

    #[test]
    fn text_needs_no_escaping_in_html() {
        let file = FILES.concat();
        assert!(!file.contains(['<', '>', '&', '"']));
        assert!(FILES.iter().all(|file| file.matches('[').count() == file.matches(']').count()));
        assert!(FILES.iter().all(|file| file.matches('{').count() == file.matches('}').count()));
    }

    fn words(theme: &Theme) -> impl Iterator<Item = &'static str> {
        let texts =
            theme.lines.iter().map(|(_, text)| *text).chain(theme.rules.iter().flat_map(|(_, all)| all.clone()));
        texts.flat_map(|text| text.split('{').skip(1)).filter_map(|slot| slot.split_once('}').map(|(name, _)| name))
    }
}
