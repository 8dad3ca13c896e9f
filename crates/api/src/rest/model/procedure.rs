use lienthong_app::queries::procedures::OfferedBasis as Basis;
use lienthong_domain::procedure;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Channel, PageInfo, Time, Total, global_id};
use crate::ids::NodeType;
use crate::view::ProcedureView;

/// An administrative procedure (thủ tục hành chính): a cached copy of the national record, never a master.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct AdministrativeProcedure {
    /// Id.
    id: String,
    /// National code, `d.dddddd`.
    #[schema(example = "1.001193")]
    code: String,
    /// Name; not unique.
    #[schema(example = "Thủ tục đăng ký khai sinh")]
    name: String,
    /// Field (lĩnh vực).
    #[schema(required, example = "Hộ tịch")]
    field: Option<String>,
    /// Levels that carry it out.
    levels: Vec<ProcedureLevel>,
    /// Whether it is in force; null where the record does not say, as most do, or says it in words that are not known
    /// here.
    #[schema(required)]
    status: Option<ProcedureStatus>,
    /// The same as the national record writes it.
    #[schema(required, example = "Còn hiệu lực")]
    status_verbatim: Option<String>,
    /// The decision that published it, as the record writes it.
    #[schema(required)]
    decision: Option<String>,
    /// Who may apply, as the record writes it.
    #[schema(example = json!(["Công dân Việt Nam"]))]
    applicants: Vec<String>,
    /// The competent agency.
    #[schema(required)]
    competent_agency: Option<String>,
    /// Where dossiers are received.
    #[schema(required)]
    receiving_address: Option<String>,
    /// The order of acts, plain text.
    #[schema(required)]
    steps: Option<String>,
    /// How to hand in, how long it takes, what it costs.
    channels: Vec<Channel>,
    /// The papers, case by case.
    dossier: Vec<DossierCase>,
    /// What the applicant receives.
    results: Vec<ProcedureResult>,
    /// The law it rests on.
    legal_bases: Vec<LegalBasis>,
    /// Requirements and conditions.
    #[schema(required)]
    requirements: Option<String>,
    /// The page of the national portal the copy was taken from.
    #[schema(required)]
    source_url: Option<String>,
    /// When this instance last took over a change of the record.
    modified_at: Time,
    /// On what it rests that the procedure is offered at the unit asked for; null when no unit was asked for.
    #[schema(required)]
    offered_basis: Option<OfferedBasis>,
}

/// Levels of government that carry a procedure out: `ministry` cấp bộ, `province` cấp tỉnh, `district` cấp huyện (until
/// 30/06/2025), `commune` cấp xã, `other_agency` cơ quan khác.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(in crate::rest) enum ProcedureLevel {
    /// Cấp bộ.
    Ministry,
    /// Cấp tỉnh.
    Province,
    /// Cấp huyện, until 30/06/2025.
    District,
    /// Cấp xã.
    Commune,
    /// Cơ quan khác.
    OtherAgency,
}

/// Whether a procedure is in force (trạng thái), by the national record: `in_force` còn hiệu lực, `expired` hết hiệu
/// lực, `amended` sửa đổi, `replaced` thay thế, `annulled` bãi bỏ. Lists hold what is in force, what was amended and what
/// has no known status; the rest is found by its code.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ProcedureStatus {
    /// Còn hiệu lực.
    InForce,
    /// Hết hiệu lực: nobody can apply for it any more.
    Expired,
    /// Sửa đổi: in force as amended.
    Amended,
    /// Thay thế: another procedure stands in its place.
    Replaced,
    /// Bãi bỏ: nobody can apply for it any more.
    Annulled,
}

/// On what the statement rests that a procedure is offered at a unit: `national_level` the national record names the
/// unit's level.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OfferedBasis {
    /// The national record names the unit's level.
    NationalLevel,
}

/// Papers of one case.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DossierCase {
    /// Which case.
    #[schema(required)]
    title: Option<String>,
    /// The papers.
    items: Vec<DossierItem>,
}

/// One paper.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DossierItem {
    /// Its name.
    #[schema(example = "Giấy chứng sinh")]
    name: String,
    /// Forms to fill in.
    forms: Vec<String>,
    /// Number of originals.
    #[schema(required, example = 1)]
    originals: Option<u32>,
    /// Number of copies.
    #[schema(required, example = 0)]
    copies: Option<u32>,
}

/// What the applicant receives.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProcedureResult {
    /// Its name.
    #[schema(example = "Giấy khai sinh")]
    name: String,
    /// Its national code.
    #[schema(required, example = "KQ.G15.000031")]
    code: Option<String>,
}

/// A legal text the procedure rests on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LegalBasis {
    /// Number as the record writes it.
    #[schema(required, example = "60/2014/QH13")]
    number: Option<String>,
    /// Title.
    #[schema(required, example = "Luật Hộ tịch")]
    title: Option<String>,
}

/// One page of a list of procedures.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct AdministrativeProcedureList {
    /// The procedures of the page, latest edition first.
    pub(in crate::rest) data: Vec<AdministrativeProcedure>,
    /// Where the page lies in the list.
    pub(in crate::rest) page: PageInfo,
    /// How many procedures the list has in all; only with `include=total`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::rest) total: Option<Total>,
}

impl From<ProcedureView> for AdministrativeProcedure {
    fn from(view: ProcedureView) -> Self {
        let (status, status_verbatim) = (view.status().map(Into::into), view.status_verbatim().map(str::to_owned));
        let ProcedureView { id, modified_at, record, offered } = view;
        #[rustfmt::skip] // One name a line would make a long function of a short one.
        let procedure::Procedure {
            code, name, field, levels, decision, applicants, agencies, steps, channels, dossier, results,
            legal_bases, requirements, provenance,
            agency_suffix: _, kind: _, related: _, keywords: _, description: _, status: _, content_hash: _, raw: _,
        } = record;
        Self {
            id: global_id(NodeType::Procedure, id.as_uuid()),
            code: code.to_string(),
            name,
            field,
            levels: levels.into_iter().map(Into::into).collect(),
            status,
            status_verbatim,
            decision: decision.map(|decision| decision.verbatim),
            applicants: applicants.into_iter().map(|applicant| applicant.verbatim).collect(),
            competent_agency: agencies.competent,
            receiving_address: agencies.receiving_address,
            steps: steps.text,
            channels: channels.rows.into_iter().map(Into::into).collect(),
            dossier: dossier.into_iter().map(Into::into).collect(),
            results: results.into_iter().map(Into::into).collect(),
            legal_bases: legal_bases.into_iter().map(Into::into).collect(),
            requirements,
            source_url: provenance.source_url,
            modified_at: Time(modified_at),
            offered_basis: offered.map(Into::into),
        }
    }
}

impl From<procedure::DossierCase> for DossierCase {
    fn from(case: procedure::DossierCase) -> Self {
        let procedure::DossierCase { title, items, heading: _, trailing: _ } = case;
        let item = |item: procedure::DossierItem| {
            let procedure::DossierItem { name, forms, originals, copies, verbatim: _ } = item;
            DossierItem { name, forms, originals, copies }
        };
        Self { title, items: items.into_iter().map(item).collect() }
    }
}

impl From<procedure::Outcome> for ProcedureResult {
    fn from(outcome: procedure::Outcome) -> Self {
        let procedure::Outcome { name, code, verbatim: _ } = outcome;
        Self { name, code }
    }
}

impl From<procedure::LegalBasis> for LegalBasis {
    fn from(basis: procedure::LegalBasis) -> Self {
        let procedure::LegalBasis { number, title, number_key: _, verbatim: _ } = basis;
        Self { number, title }
    }
}

impl From<Basis> for OfferedBasis {
    fn from(basis: Basis) -> Self {
        match basis {
            Basis::NationalLevel => Self::NationalLevel,
        }
    }
}

impl From<procedure::StatusState> for ProcedureStatus {
    fn from(state: procedure::StatusState) -> Self {
        use procedure::StatusState as Domain;
        match state {
            Domain::InForce => Self::InForce,
            Domain::Expired => Self::Expired,
            Domain::Amended => Self::Amended,
            Domain::Replaced => Self::Replaced,
            Domain::Annulled => Self::Annulled,
        }
    }
}

impl From<procedure::Level> for ProcedureLevel {
    fn from(level: procedure::Level) -> Self {
        use procedure::Level as Domain;
        match level {
            Domain::Ministry => Self::Ministry,
            Domain::Province => Self::Province,
            Domain::District => Self::District,
            Domain::Commune => Self::Commune,
            Domain::OtherAgency => Self::OtherAgency,
        }
    }
}

impl From<ProcedureLevel> for procedure::Level {
    fn from(level: ProcedureLevel) -> Self {
        match level {
            ProcedureLevel::Ministry => Self::Ministry,
            ProcedureLevel::Province => Self::Province,
            ProcedureLevel::District => Self::District,
            ProcedureLevel::Commune => Self::Commune,
            ProcedureLevel::OtherAgency => Self::OtherAgency,
        }
    }
}
