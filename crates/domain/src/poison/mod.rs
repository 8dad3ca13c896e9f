//! The scan for injected advertising (R38): gambling, betting, prostitution and loan sharks in what is written, in links,
//! in names of files, and hidden from readers. Rules are data (`rules.toml`, `brands.toml`); `docs/scanner.md` explains
//! them and has the measured figures.
//!
//! Pure, linear in the length of the text, and without a pattern language that backtracks.

mod attachment;
mod brand;
mod evidence;
mod glyph;
mod hosts;
mod link;
mod markup;
mod page;
mod rules;
mod stream;
mod style;
mod weigh;

use serde::{Deserialize, Serialize};

use evidence::Reading;
use rules::RULES;

/// What a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Where {
    /// HTML of an article or a page.
    BodyHtml,
    /// A headline.
    Title,
    /// The last part of an address.
    Slug,
    /// Name of an attached file.
    AttachmentName,
    /// What a citizen wrote.
    Question,
    /// An address that something links to.
    Link,
}

/// A text to look at.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// What it is.
    pub place: Where,
    /// The text itself, as it came in.
    pub text: &'a str,
}

/// Why a text is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The rule, such as `hidden.link`; stable, for machines.
    pub rule: &'static str,
    /// What the rule looks for, in Vietnamese, for the author.
    pub message: &'static str,
    /// What was found, at most 120 characters.
    pub found: String,
}

/// The outcome: clean when there is no reason to hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Verdict {
    /// One for each rule that spoke.
    pub reasons: Vec<Reason>,
}

impl Verdict {
    /// Whether a second person must look at it.
    pub fn is_held(&self) -> bool {
        !self.reasons.is_empty()
    }
}

/// Version of the rules: what was scanned with an older one is worth another scan.
pub fn rules_version() -> u32 {
    RULES.version
}

/// A rule, for people who ask why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleInfo {
    /// Stable name, such as `hidden.link`.
    pub id: &'static str,
    /// What it is evidence of: topic, promotion, reporting, voice, innocent or sign.
    pub kind: &'static str,
    /// How much it counts.
    pub weight: u32,
    /// What it looks for, in Vietnamese.
    pub message: &'static str,
}

/// The rules, in the order of their file.
pub fn rules() -> impl Iterator<Item = RuleInfo> {
    RULES.all.iter().map(|rule| RuleInfo {
        id: &rule.id,
        kind: rule.kind.name(),
        weight: rule.weight,
        message: &rule.message,
    })
}

/// Looks at a text.
pub fn scan(subject: &Subject<'_>) -> Verdict {
    let Subject { place, text } = *subject;
    let mut hits = match place {
        Where::AttachmentName => [attachment::examine(text), glued(text)].concat(),
        Where::BodyHtml => page::examine(text),
        Where::Link => link_text(text),
        Where::Title | Where::Question | Where::Slug if markup::is_markup(text) => page::examine(text),
        Where::Slug => named(&link::percent_decoded(text)),
        Where::Title => [spoken(text, Length::Short), glued(text)].concat(),
        Where::Question => spoken(text, Length::Long),
    };
    hits.sort_by_key(|hit| hit.rule);
    hits.dedup_by_key(|hit| hit.rule);
    Verdict { reasons: hits.into_iter().filter_map(Hit::reason).collect() }
}

/// Whether a host, without `www.`, is known to be honest, or one of the state.
pub(crate) fn is_trusted_host(host: &str) -> bool {
    hosts::is_trusted(host)
}

/// Whether an address is that of a betting house or an impostor, whoever links to it.
pub(crate) fn leads_astray(address: &str) -> bool {
    let hits = link::examine(address, link::Use::Follow);
    hits.into_iter().filter_map(Hit::reason).any(|reason| ["link.host", "link.imposter"].contains(&reason.rule))
}

/// The words of a slug.
fn named(text: &str) -> Vec<Hit> {
    [evidence::judge(text, Length::Short), glued(text)].concat()
}

/// Words of a short text that were glued to one.
fn glued(text: &str) -> Vec<Hit> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.filter(|word| hosts::is_glued(word)).map(|word| Hit::of("link.host", word)).collect()
}

/// Text without markup; addresses written out in it are looked at too.
fn spoken(text: &str, length: Length) -> Vec<Hit> {
    let text = markup::decoded(text);
    let reading = Reading::of(&text);
    let mut hits = reading.judge(length, 0);
    let mut addresses = page::addresses(&text).take(200).peekable();
    if addresses.peek().is_some() && !reading.is_report() {
        hits.extend(addresses.flat_map(|address| link::examine(address, link::Use::Follow)));
    }
    hits
}

/// An address, or an address with words around it.
fn link_text(text: &str) -> Vec<Hit> {
    let text = markup::decoded(text);
    let mut hits = link::examine(&text, link::Use::Follow);
    if markup::is_markup(&text) {
        hits.extend(page::examine(&text));
    } else if text.trim().contains(char::is_whitespace) {
        hits.extend(spoken(&text, Length::Short));
    }
    hits
}

/// How much a text says beside what it sells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    /// A body: the surroundings tell who speaks.
    Long,
    /// A title, a slug, a name: there are no surroundings.
    Short,
    /// Text that readers do not see: nobody reports in secret.
    Hidden,
}

/// A rule that spoke, by its place in the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Hit {
    rule: usize,
    found: String,
}

impl Hit {
    /// Of a rule that code names.
    fn of(id: &str, found: &str) -> Self {
        Self { rule: RULES.rule(id), found: found.to_owned() }
    }

    #[cfg(test)]
    fn id(&self) -> &'static str {
        RULES.all.get(self.rule).map_or("", |rule| rule.id.as_str())
    }

    fn reason(self) -> Option<Reason> {
        let rule = RULES.all.get(self.rule)?;
        let found = self.found.chars().filter(|c| !c.is_control()).take(120).collect();
        Some(Reason { rule: &rule.id, message: &rule.message, found })
    }
}
