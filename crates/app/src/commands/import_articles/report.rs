//! What an import did.

use std::collections::BTreeMap;

use lienthong_domain::hold::Finding;
use lienthong_domain::ids::SiteId;
use lienthong_domain::site::DatedOutside;
use serde::Serialize;

use crate::reference::Snapshot;

/// Lines with errors that are listed; of the others only the number is kept.
pub const MOST_ERRORS: usize = 10_000;

/// How far a source has been worked off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Position {
    /// Bytes.
    pub bytes: u64,
    /// Lines, blank ones included.
    pub lines: u64,
}

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArticlesReport {
    /// Whether nothing of it was kept.
    pub dry_run: bool,
    /// Lines that are not blank: the sum of the next five.
    pub read: u64,
    /// New articles.
    pub created: u64,
    /// Articles with a new edition.
    pub updated: u64,
    /// Articles that say what they said at the last import, or what is live.
    pub unchanged: u64,
    /// Articles in which the scanner has found something: written as drafts, and public once somebody has let them pass and
    /// published them.
    pub held: u64,
    /// Lines that break a rule.
    pub refused: u64,
    /// Articles from whose text sanitising took something, among those created and updated.
    pub sanitised: u64,
    /// Sites to which the file brings articles from before their first day: `import sites` gives them an earlier one.
    pub dated_outside: Vec<DatedOutside>,
    /// The rules that lines break, and what the scanner has found, at most [`MOST_ERRORS`].
    pub errors: Vec<LineError>,
    /// Errors beyond those listed.
    pub errors_left_out: u64,
}

/// A rule that a line breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LineError {
    /// Number of the line, from 1.
    pub line: u64,
    /// The key, such as `cover.alt`; empty for the line as a whole.
    pub field: String,
    /// The rule.
    pub rule: String,
}

impl std::fmt::Display for LineError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { line, field, rule } = self;
        if field.is_empty() { write!(f, "line {line}: {rule}") } else { write!(f, "line {line}: {field}: {rule}") }
    }
}

/// A line that was refused, with all the rules it breaks.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) line: u64,
    /// Keys and rules.
    pub(super) wrong: Vec<(String, String)>,
}

impl Refused {
    pub(super) fn one(line: u64, field: &str, rule: impl Into<String>) -> Self {
        Self { line, wrong: vec![(field.to_owned(), rule.into())] }
    }
}

/// Articles of the file from before the first day of their site. Lines that break a rule by themselves are no articles.
#[derive(Default)]
pub(super) struct Early(BTreeMap<SiteId, u64>);

impl Early {
    pub(super) fn count(&mut self, sites: impl Iterator<Item = SiteId>) {
        sites.for_each(|site| *self.0.entry(site).or_default() += 1);
    }

    pub(super) fn told(self, reference: &Snapshot) -> Vec<DatedOutside> {
        let told = self.0.into_iter().filter_map(|(site, before)| {
            let site = reference.sites.get(site)?;
            let (active_from, active_to) = (site.active_from, site.active_to);
            Some(DatedOutside { site: site.host.clone(), active_from, active_to, before, behind: 0 })
        });
        let mut told: Vec<DatedOutside> = told.collect();
        told.sort_by(|one, other| one.site.cmp(&other.site));
        told
    }
}

impl ArticlesReport {
    /// Takes a refused line into the report.
    pub(super) fn refuse(&mut self, refused: Refused) {
        self.refused += 1;
        self.list(refused);
    }

    /// Takes an article into the report that a second person has to look at.
    pub(super) fn hold(&mut self, line: u64, findings: &[Finding]) {
        self.held += 1;
        let told = |one: &Finding| (one.field.clone(), format!("held, {}: {}", one.rule, one.found));
        self.list(Refused { line, wrong: findings.iter().map(told).collect() });
    }

    fn list(&mut self, Refused { line, wrong }: Refused) {
        for (field, rule) in wrong {
            if self.errors.len() < MOST_ERRORS {
                self.errors.push(LineError { line, field, rule });
            } else {
                self.errors_left_out += 1;
            }
        }
    }
}
