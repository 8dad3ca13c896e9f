//! Administrative procedures of the national catalogue.

use std::sync::Arc;

use async_graphql::{Enum, ID, Object, SimpleObject};

use lienthong_app::queries::procedures::{self, OfferedBasis as Basis, ProcedureFilter};
use lienthong_app::queries::{LiveHeader, Page, TotalCount};
use lienthong_domain::procedure::{self, Channel};

use crate::error::ApiError;
use crate::graphql::connection::{Connection, Counted, Shown};
use crate::graphql::scalar::DateTime;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;
use crate::view::ProcedureView;

/// An administrative procedure (thủ tục hành chính): a cached copy of the national record, never a master.
#[derive(Clone)]
pub(crate) struct AdministrativeProcedure(Arc<ProcedureView>);

/// Levels of government that carry a procedure out.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "procedure::Level")]
pub(crate) enum ProcedureLevel {
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

/// Whether a procedure is in force (trạng thái), by the national record. Lists hold what is in force, what was amended and
/// what has no known status; the rest is found by its code.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "procedure::StatusState")]
pub(crate) enum ProcedureStatus {
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

/// How a dossier is handed in.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "procedure::Method")]
pub(crate) enum ProcedureMethod {
    /// Trực tuyến.
    Online,
    /// Dịch vụ bưu chính.
    Post,
    /// Trực tiếp.
    InPerson,
}

/// Units of a processing time.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "procedure::TimeUnit")]
pub(crate) enum ProcedureTimeUnit {
    /// Phút.
    Minute,
    /// Giờ.
    Hour,
    /// Ngày làm việc: without weekends and public holidays.
    WorkingDay,
    /// Ngày.
    Day,
    /// Tuần.
    Week,
    /// Tháng.
    Month,
    /// Quý.
    Quarter,
    /// Năm.
    Year,
}

/// What a fee is counted in.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "procedure::Currency")]
pub(crate) enum FeeCurrency {
    /// Việt Nam đồng.
    Vnd,
    /// United States dollars.
    Usd,
    /// Euros.
    Eur,
    /// Per cent of what the condition names.
    Percent,
}

/// On what the statement rests that a procedure is offered at a unit.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "Basis")]
pub(crate) enum OfferedBasis {
    /// The national record names the unit's level.
    NationalLevel,
}

/// How long the authority may take.
#[derive(SimpleObject)]
pub(crate) struct ProcessingTime {
    /// The number, exact, as a decimal.
    value: Option<String>,
    /// The unit; none where the national record leaves it out, and never guessed.
    unit: Option<ProcedureTimeUnit>,
    /// As the national record writes it.
    verbatim: String,
}

/// One fee.
#[derive(SimpleObject)]
pub(crate) struct Fee {
    /// The amount, exact, as a decimal.
    amount: Option<String>,
    /// What it is counted in.
    currency: Option<FeeCurrency>,
    /// Whether the record says "Miễn phí".
    free: bool,
    /// Per what, for whom, under which rule.
    condition: Option<String>,
    /// As the national record writes it.
    verbatim: String,
}

/// One way to hand a dossier in, with its time and fees. A method may have several rows.
#[derive(SimpleObject)]
pub(crate) struct ProcedureChannel {
    /// How the dossier is handed in.
    method: ProcedureMethod,
    /// How long the authority may take.
    time: Option<ProcessingTime>,
    /// The fees; none when the record says nothing.
    fees: Vec<Fee>,
    /// What the record adds in words.
    description: Option<String>,
    /// Whether column and words contradict each other.
    contradictory: bool,
}

/// Papers of one case.
#[derive(SimpleObject)]
pub(crate) struct DossierCase {
    /// Which case.
    title: Option<String>,
    /// The papers.
    items: Vec<DossierItem>,
}

/// One paper.
#[derive(SimpleObject)]
pub(crate) struct DossierItem {
    /// Its name.
    name: String,
    /// Forms to fill in.
    forms: Vec<String>,
    /// Number of originals.
    originals: Option<u32>,
    /// Number of copies.
    copies: Option<u32>,
}

/// What the applicant receives.
#[derive(SimpleObject)]
pub(crate) struct ProcedureResult {
    /// Its name.
    name: String,
    /// Its national code.
    code: Option<String>,
}

/// A legal text the procedure rests on.
#[derive(SimpleObject)]
pub(crate) struct LegalBasis {
    /// Number as the record writes it.
    number: Option<String>,
    /// Title.
    title: Option<String>,
}

impl AdministrativeProcedure {
    /// Reads the record of a header that was read with its body.
    pub(crate) fn of(header: &LiveHeader, offered: Option<Basis>) -> Result<Self, ApiError> {
        Ok(Self(Arc::new(ProcedureView::of(header, offered)?)))
    }
}

#[Object]
impl AdministrativeProcedure {
    /// Global id.
    pub(crate) async fn id(&self) -> ID {
        ID(GlobalId::new(NodeType::Procedure, self.0.id.as_uuid()).to_string())
    }

    /// National code, `d.dddddd`.
    async fn code(&self) -> String {
        self.0.record.code.to_string()
    }

    /// Name; not unique.
    async fn name(&self) -> &str {
        &self.0.record.name
    }

    /// Field (lĩnh vực).
    async fn field(&self) -> Option<&str> {
        self.0.record.field.as_deref()
    }

    /// Levels that carry it out.
    async fn levels(&self) -> Vec<ProcedureLevel> {
        self.0.record.levels.iter().copied().map(Into::into).collect()
    }

    /// Whether it is in force; none where the record does not say, as most do, or says it in words that are not known
    /// here.
    async fn status(&self) -> Option<ProcedureStatus> {
        self.0.status().map(Into::into)
    }

    /// The same as the national record writes it.
    async fn status_verbatim(&self) -> Option<&str> {
        self.0.status_verbatim()
    }

    /// The decision that published it, as the record writes it.
    async fn decision(&self) -> Option<&str> {
        self.0.record.decision.as_ref().map(|decision| decision.verbatim.as_str())
    }

    /// Who may apply, as the record writes it.
    async fn applicants(&self) -> Vec<&str> {
        self.0.record.applicants.iter().map(|applicant| applicant.verbatim.as_str()).collect()
    }

    /// The competent agency.
    async fn competent_agency(&self) -> Option<&str> {
        self.0.record.agencies.competent.as_deref()
    }

    /// Where dossiers are received.
    async fn receiving_address(&self) -> Option<&str> {
        self.0.record.agencies.receiving_address.as_deref()
    }

    /// The order of acts, plain text.
    async fn steps(&self) -> Option<&str> {
        self.0.record.steps.text.as_deref()
    }

    /// How to hand in, how long it takes, what it costs.
    async fn channels(&self) -> Vec<ProcedureChannel> {
        self.0.record.channels.rows.iter().map(Into::into).collect()
    }

    /// The papers, case by case.
    async fn dossier(&self) -> Vec<DossierCase> {
        self.0.record.dossier.iter().map(Into::into).collect()
    }

    /// What the applicant receives.
    async fn results(&self) -> Vec<ProcedureResult> {
        let result = |it: &procedure::Outcome| ProcedureResult { name: it.name.clone(), code: it.code.clone() };
        self.0.record.results.iter().map(result).collect()
    }

    /// The law it rests on.
    async fn legal_bases(&self) -> Vec<LegalBasis> {
        let basis = |it: &procedure::LegalBasis| LegalBasis { number: it.number.clone(), title: it.title.clone() };
        self.0.record.legal_bases.iter().map(basis).collect()
    }

    /// Requirements and conditions.
    async fn requirements(&self) -> Option<&str> {
        self.0.record.requirements.as_deref()
    }

    /// The page of the national portal the copy was taken from.
    async fn source_url(&self) -> Option<String> {
        self.0.record.provenance.source_url.as_ref().map(ToString::to_string)
    }

    /// When this instance last took over a change of the record.
    async fn modified_at(&self) -> DateTime {
        DateTime(self.0.modified_at)
    }

    /// On what it rests that the procedure is offered at the unit asked for; none when no unit was asked for.
    async fn offered_basis(&self) -> Option<OfferedBasis> {
        self.0.offered.map(Into::into)
    }
}

impl From<&Channel> for ProcedureChannel {
    fn from(channel: &Channel) -> Self {
        let Channel { method, time, fees, description, discrepancies, verbatim: _ } = channel;
        let time = time.clone().map(|procedure::ProcessingTime { value, unit, verbatim }| ProcessingTime {
            value: value.map(|value| value.to_string()),
            unit: unit.map(Into::into),
            verbatim,
        });
        Self {
            method: (*method).into(),
            time,
            fees: fees.iter().cloned().map(Into::into).collect(),
            description: description.clone(),
            contradictory: !discrepancies.is_empty(),
        }
    }
}

impl From<procedure::Fee> for Fee {
    fn from(fee: procedure::Fee) -> Self {
        let procedure::Fee { amount, currency, free, condition, verbatim } = fee;
        let amount = amount.map(|amount| amount.to_string());
        Self { amount, currency: currency.map(Into::into), free, condition, verbatim }
    }
}

impl From<&procedure::DossierCase> for DossierCase {
    fn from(case: &procedure::DossierCase) -> Self {
        let item = |item: &procedure::DossierItem| {
            let procedure::DossierItem { name, forms, originals, copies, verbatim: _ } = item.clone();
            DossierItem { name, forms, originals, copies }
        };
        Self { title: case.title.clone(), items: case.items.iter().map(item).collect() }
    }
}

/// One page of a list of procedures.
pub(crate) struct ProcedurePage {
    pub(crate) page: Page,
    pub(crate) filter: ProcedureFilter,
}

pub(crate) type AdministrativeProcedureConnection = Connection<ProcedurePage>;

impl Shown for ProcedurePage {
    type Page = Page;
    type Node = AdministrativeProcedure;

    fn page(&self) -> &Page {
        &self.page
    }

    fn node(&self, _: &Reading, item: &Arc<LiveHeader>) -> Result<AdministrativeProcedure, ApiError> {
        AdministrativeProcedure::of(item, self.filter.offered_basis())
    }
}

impl Counted for ProcedurePage {
    async fn total(&self, reading: &Reading) -> Result<TotalCount, ApiError> {
        Ok(procedures::count(&reading.app, &self.filter, &reading.tags, reading.now).await?)
    }
}
