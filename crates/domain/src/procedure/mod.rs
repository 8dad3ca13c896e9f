//! Administrative procedures (thủ tục hành chính) as the national portal records them.
//!
//! [`parse`] turns one national record into a [`Procedure`]. Tables reach us flattened to text without separators; they are
//! parted again as far as the text allows. Three promises: nothing is lost (the record is kept whole in
//! [`Procedure::raw`], and rows keep their text), nothing is guessed in silence (see [`NotUnderstood`]), and nothing is
//! repaired (contradictions are kept on both sides, see [`Discrepancy`]).

mod applicants;
mod channel;
mod classification;
mod code;
mod decimal;
mod discrepancy;
mod dossier;
mod fee;
pub mod file;
mod form;
mod hash;
mod legal;
mod number;
mod outcome;
mod record;
mod related;
mod report;
mod scan;
mod steps;
mod time;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

pub use applicants::{Applicant, ApplicantGroup};
pub use channel::{Channel, ChannelTable, Method};
pub use classification::{Kind, KindClass, Level, Status, StatusState};
pub use code::{CodeError, LocalisedCode, ProcedureCode};
pub use decimal::{Decimal, DecimalError};
pub use discrepancy::Discrepancy;
pub use dossier::{DossierCase, DossierItem};
pub use fee::{Currency, Fee};
pub use hash::{ContentHash, HashError};
pub use legal::LegalBasis;
pub use number::number_key;
pub use outcome::Outcome;
pub use record::{Field, RawRecord};
pub use report::{NotUnderstood, Reason};
pub use steps::{Step, Steps};
pub use time::{ProcessingTime, TimeUnit};

use report::Findings;

/// An administrative procedure. Article 8 of Decree 63/2010/NĐ-CP lists what one must say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Procedure {
    /// The national code.
    pub code: ProcedureCode,
    /// The agency after the code, when the record carries the localised form.
    pub agency_suffix: Option<String>,
    /// The name; not unique, up to 1,100 characters.
    pub name: String,
    /// The decision that published it.
    pub decision: Option<Decision>,
    /// The levels that carry it out.
    pub levels: BTreeSet<Level>,
    /// Who laid down its content.
    pub kind: Option<Kind>,
    /// The field of administration (lĩnh vực), as found.
    pub field: Option<String>,
    /// Who may apply.
    pub applicants: Vec<Applicant>,
    /// The agencies, as found: their names contain commas, so lists are not split.
    pub agencies: Agencies,
    /// The order of acts.
    pub steps: Steps,
    /// How to hand in, how long it takes, what it costs.
    pub channels: ChannelTable,
    /// The papers, case by case.
    pub dossier: Vec<DossierCase>,
    /// What the applicant receives.
    pub results: Vec<Outcome>,
    /// The law it rests on.
    pub legal_bases: Vec<LegalBasis>,
    /// Requirements and conditions.
    pub requirements: Option<String>,
    /// Names of related procedures.
    pub related: Vec<String>,
    /// Keywords, as found.
    pub keywords: Option<String>,
    /// Description.
    pub description: Option<String>,
    /// Whether it is in force; absent in the records seen so far.
    pub status: Option<Status>,
    /// Where the record comes from.
    pub provenance: Provenance,
    /// Changes exactly when the content changes.
    pub content_hash: ContentHash,
    /// The whole record as read.
    pub raw: RawRecord,
}

/// A decision that publishes procedures (quyết định công bố).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// The number as found.
    pub verbatim: String,
    /// The number in the one spelling that compares (see [`number_key`]).
    pub key: String,
}

/// Agencies of a procedure. The national record mostly leaves them empty; localities fill them in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Agencies {
    /// Cơ quan có thẩm quyền.
    pub competent: Option<String>,
    /// Cơ quan thực hiện.
    pub implementing: Option<String>,
    /// Cơ quan được ủy quyền.
    pub authorised: Option<String>,
    /// Cơ quan phối hợp.
    pub coordinating: Option<String>,
    /// Địa chỉ tiếp nhận.
    pub receiving_address: Option<String>,
}

/// Where a record comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Provenance {
    /// The page: an http or https address, as found.
    pub source_url: Option<String>,
    /// The portal's id: its own key, else the end of the address.
    pub source_id: Option<Uuid>,
    /// The ministry's list in which the record was found.
    pub ministry: Option<String>,
}

/// A procedure and what of it was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    /// The procedure.
    pub procedure: Procedure,
    /// Pieces kept as text only.
    pub not_understood: Vec<NotUnderstood>,
}

/// A record that is no procedure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct Refused {
    /// Why.
    pub reason: Refusal,
    /// The record, untouched.
    pub raw: RawRecord,
}

/// Why a record is no procedure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No code.
    #[error("the record has no procedure code")]
    CodeMissing,
    /// A code that is none.
    #[error(transparent)]
    CodeInvalid(#[from] CodeError),
    /// No name.
    #[error("the record has no name")]
    NameMissing,
    /// The decision that publishes a list, recorded as if it were a procedure.
    #[error("the record is a list of procedures, not a procedure: {0:?}")]
    ListOfProcedures(String),
}

/// Reads one national record.
///
/// # Errors
/// [`Refused`], with the record inside, when it has no code or no name or is a published list of procedures.
pub fn parse(raw: RawRecord) -> Result<Parsed, Refused> {
    match identity(&raw) {
        Ok((code, name)) => Ok(read(raw, code, name)),
        Err(reason) => Err(Refused { reason, raw }),
    }
}

fn identity(raw: &RawRecord) -> Result<(LocalisedCode, String), Refusal> {
    let code = raw.trimmed(Field::Code).ok_or(Refusal::CodeMissing)?.parse()?;
    let name = raw.trimmed(Field::Name).ok_or(Refusal::NameMissing)?;
    let words = name.to_lowercase();
    let is_list = words.split_whitespace().take(4).eq(["công", "bố", "danh", "mục"]);
    if is_list { Err(Refusal::ListOfProcedures(name)) } else { Ok((code, name)) }
}

fn read(raw: RawRecord, code: LocalisedCode, name: String) -> Parsed {
    let mut findings = Findings::default();
    for field in Field::ALL.into_iter().filter(|field| raw.is_nested(*field)) {
        findings.add(
            field,
            Reason::NotText,
            raw.as_map().get(field.key()).map(ToString::to_string).unwrap_or_default(),
        );
    }
    let results = raw.text(Field::Results).unwrap_or_default();
    let parted = outcome::sections(&results);
    let swallowed = |field, text: Option<&str>| raw.trimmed(field).or_else(|| text.and_then(record::present));
    let text = |field| raw.text(field).unwrap_or_default();
    let procedure = Procedure {
        code: code.code,
        agency_suffix: code.agency,
        name,
        decision: raw.trimmed(Field::Decision).map(|verbatim| Decision { key: number_key(&verbatim), verbatim }),
        levels: classification::levels(&text(Field::Levels), &mut findings),
        kind: raw.trimmed(Field::Kind).map(|kind| classification::kind(kind, &mut findings)),
        field: raw.trimmed(Field::Field),
        applicants: applicants::read(&text(Field::Applicants), &mut findings),
        agencies: agencies(&raw),
        steps: steps::read(&text(Field::Steps)),
        channels: raw.text(Field::Channels).map(|table| ChannelTable::read(&table, &mut findings)).unwrap_or_default(),
        dossier: raw.text(Field::Dossier).map(|table| dossier::read(&table, &mut findings)).unwrap_or_default(),
        results: outcome::read(parted.results, &mut findings),
        legal_bases: raw.text(Field::LegalBases).map(|table| legal::read(&table, &mut findings)).unwrap_or_default(),
        requirements: raw.trimmed(Field::Requirements),
        related: related::read(&text(Field::Related)),
        keywords: swallowed(Field::Keywords, parted.keywords),
        description: swallowed(Field::Description, parted.description),
        status: raw.trimmed(Field::Status).map(|status| classification::status(status, &mut findings)),
        provenance: provenance(&raw, &mut findings),
        content_hash: ContentHash::of(&raw),
        raw,
    };
    Parsed { procedure, not_understood: findings.into_vec() }
}

fn agencies(raw: &RawRecord) -> Agencies {
    Agencies {
        competent: raw.trimmed(Field::CompetentAgency),
        implementing: raw.trimmed(Field::ImplementingAgency),
        authorised: raw.trimmed(Field::AuthorisedAgency),
        coordinating: raw.trimmed(Field::CoordinatingAgency),
        receiving_address: raw.trimmed(Field::ReceivingAddress),
    }
}

fn provenance(raw: &RawRecord, findings: &mut Findings) -> Provenance {
    let address = raw.trimmed(Field::SourceUrl);
    let web = address.as_deref().and_then(web_address);
    if let Some(address) = address.as_deref().filter(|_| web.is_none()) {
        findings.add(Field::SourceUrl, Reason::NotAnAddress, address);
    }
    let id = raw.trimmed(Field::SourceId);
    let own = id.as_deref().and_then(|id| Uuid::parse_str(id).ok());
    if let Some(id) = id.filter(|_| own.is_none()) {
        findings.add(Field::SourceId, Reason::NotAnId, id);
    }
    let at_end =
        web.as_ref().and_then(|url| url.path_segments()?.next_back().and_then(|end| Uuid::parse_str(end).ok()));
    Provenance {
        source_url: address.filter(|_| web.is_some()),
        source_id: own.or(at_end),
        ministry: raw.trimmed(Field::Ministry),
    }
}

fn web_address(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}
