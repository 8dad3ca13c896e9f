//! Looks for what was changed behind the application's back: every act against its leaf and the tree, every edition
//! against the last act on it and the signature of its site, every row that is shown against the edition it shows, people,
//! sites and registers against the last act on them.
//!
//! All of it is read in one transaction, in batches, so that writers neither wait nor cause alarm.

mod editions;
mod keyring;
mod leaves;
mod matters;

use std::fmt;

use serde::Serialize;

use lienthong_proof::checkpoint::Checkpoint;
use lienthong_proof::hex;

use crate::app::App;
use crate::error::Error;

/// Findings that are listed; more are counted.
pub const MOST_FINDINGS: usize = 10_000;

/// Rows in one batch.
const BATCH: u32 = 500;

/// What was looked at, and what is wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Acts whose leaf was computed anew.
    pub acts: u64,
    /// Entries looked at, with all their editions and rows.
    pub entries: u64,
    /// Editions looked at.
    pub editions: u64,
    /// Signatures checked.
    pub signatures: u64,
    /// People, sites and registers looked at, each with all its rows.
    pub matters: u64,
    /// Signed states of the log that were checked against it.
    pub checkpoints: u64,
    /// Root of the log, computed from its acts, in hexadecimal.
    pub root: String,
    /// The first leaf at which the log is not what it was: its act was changed or removed, or stands among leaves whose
    /// subtree differs.
    pub first_bad_leaf: Option<u64>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Further findings, beyond [`MOST_FINDINGS`].
    pub more: u64,
    #[serde(skip)]
    known_until: Option<u64>,
}

/// What is known from elsewhere when a database is looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// A signed state of the log that was kept elsewhere.
    pub checkpoint: Option<&'a str>,
    /// What acts up to this leaf came upon, somebody has looked at: it is not told again.
    pub until: Option<u64>,
}

/// A row that was changed, added or removed behind the application's back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Its table.
    pub table: &'static str,
    /// Its key.
    pub id: String,
    /// What is wrong with it.
    pub what: String,
    /// The act of the log that came upon it, where the change lies before an act: it stays found for ever.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<u64>,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.more == 0
    }

    #[expect(clippy::needless_pass_by_value, reason = "ids and numbers, which are copied, and short texts")]
    fn found(&mut self, table: &'static str, id: impl ToString, what: impl Into<String>) {
        self.push(Finding { table, id: id.to_string(), what: what.into(), act: None });
    }

    /// Act `leaf` came upon something else than act `last`, the one before it on the same thing, had left.
    fn surprised(&mut self, table: &'static str, id: impl fmt::Display, (leaf, last): (u64, Option<u64>)) {
        if self.known_until.is_some_and(|known| leaf <= known) {
            return;
        }
        let left = last.map_or_else(|| "no act had made".to_owned(), |last| format!("act {last} had not left"));
        let what = format!("act {leaf} of the log came upon what {left}");
        self.push(Finding { table, id: id.to_string(), what, act: Some(leaf) });
    }

    fn push(&mut self, finding: Finding) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(finding);
        } else {
            self.more += 1;
        }
    }

    fn bad_leaf(&mut self, leaf: u64) {
        self.first_bad_leaf = Some(self.first_bad_leaf.map_or(leaf, |first| first.min(leaf)));
    }
}

/// Looks at everything.
///
/// # Errors
/// [`Error::Store`] when the database does not answer. What is wrong with the data is no error but a finding.
pub async fn verify(app: &App, known: Known<'_>) -> Result<Report, Error> {
    let snapshot = app.reference();
    let tx = app.store().begin_reading().await?;
    let mut report = Report { known_until: known.until, ..Report::default() };
    let mut keyring = keyring::Keyring::read(&tx, app.seal(), &mut report).await?;
    let leaves = leaves::check(&tx, (&keyring, known.checkpoint), &mut report).await?;
    report.root = hex(&leaves.root);
    keyring.compare(&leaves, &mut report);
    editions::check(&tx, (&snapshot, &keyring), &mut report).await?;
    matters::check(&tx, &mut report).await?;
    Ok(report)
}

/// Where a state of the log comes from, and what it says.
struct Claim {
    /// Row of the table, or the file.
    id: String,
    checkpoint: Checkpoint,
}
