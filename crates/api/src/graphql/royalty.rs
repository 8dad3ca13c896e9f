//! Royalties (nhuận bút): the rates of a site, and who gets what for its works.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use lienthong_app::commands::royalties as commands;
use lienthong_app::queries::royalties as queries;
use lienthong_app::{Error, queries::royalties::Work};
use lienthong_domain::access::act;
use lienthong_domain::entry::Version;
use lienthong_domain::ids::SiteId;
use lienthong_domain::royalty::{Class, RateTable, RateTableInput, RoyaltyLine, RoyaltyLineInput};
use lienthong_domain::time::Period;

use crate::error::ApiError;
use crate::graphql::mutation::{UserError, entry_id, mendable};
use crate::graphql::scalar::Date;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;

/// Reads about royalties.
pub(crate) struct RoyaltyQuery;

/// Writes about royalties.
pub(crate) struct RoyaltyMutation;

/// The rates of a site from a day on.
pub(crate) struct RoyaltyRates(RateTable);

/// A class of works (thể loại).
#[derive(SimpleObject)]
pub(crate) struct RoyaltyClass {
    /// Its key.
    key: String,
    /// Its name.
    name: String,
    /// Highest coefficient.
    highest: f64,
}

/// What is recorded for a work.
pub(crate) struct Royalties {
    work: Work,
    version: Version,
}

/// What somebody gets for a work.
#[derive(SimpleObject)]
pub(crate) struct Royalty {
    /// Key of the class.
    class: String,
    /// Name of the class when it was recorded.
    class_name: String,
    /// Coefficient (hệ số).
    coefficient: f64,
    /// Who is paid (người hưởng).
    payee: String,
    /// Remark.
    note: Option<String>,
    /// Amount in đồng: a whole number, which may be larger than an Int.
    amount: f64,
}

/// The royalties of a site in a period. As XLSX and CSV at `/v1/sites/{site}/royalties`.
pub(crate) struct RoyaltyStatement(queries::Statement);

/// One line of a statement.
#[derive(SimpleObject)]
pub(crate) struct RoyaltyStatementRow {
    /// TT.
    rank: u32,
    /// Id of the article.
    article: ID,
    /// Ngày đăng: day of first publication.
    published_on: Date,
    /// Tên tác phẩm.
    title: String,
    /// Thể loại.
    class: String,
    /// Người hưởng.
    payee: String,
    /// Hệ số.
    coefficient: f64,
    /// Giá trị đơn vị hệ số, in đồng.
    unit_value: i64,
    /// Thành tiền, in đồng: a whole number, which may be larger than an Int.
    amount: f64,
    /// Ghi chú.
    note: Option<String>,
}

/// New rates.
#[derive(InputObject)]
pub(crate) struct RoyaltyRatesInput {
    /// The documents that they rest on, as they are cited: one line of at most 1,000 characters.
    legal_basis: String,
    /// Value of one unit of the coefficient, in đồng.
    unit_value: i64,
    /// First day.
    valid_from: Date,
    /// Last day; none for until further notice.
    valid_to: Option<Date>,
    /// Classes of works, at most 50.
    classes: Vec<RoyaltyClassInput>,
}

/// A class of works.
#[derive(InputObject)]
pub(crate) struct RoyaltyClassInput {
    /// Words of a-z and 0-9 joined by hyphens.
    key: String,
    /// One line of at most 200 characters.
    name: String,
    /// Highest coefficient, with at most two digits after the comma.
    highest: f64,
}

/// What somebody gets for a work.
#[derive(InputObject)]
pub(crate) struct RoyaltyInput {
    /// Key of a class of the table that holds on the day of publication.
    class: String,
    /// Coefficient, with at most two digits after the comma, not above the highest of its class.
    coefficient: f64,
    /// Who is paid: one line of at most 200 characters.
    payee: String,
    /// Remark.
    note: Option<String>,
}

/// The outcome of recording rates.
#[derive(SimpleObject)]
pub(crate) struct RoyaltyRatesPayload {
    /// The rates; none when there are errors.
    rates: Option<RoyaltyRates>,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

/// The outcome of recording royalties.
#[derive(SimpleObject)]
pub(crate) struct RoyaltiesPayload {
    /// What is recorded now; none when there are errors.
    royalties: Option<Royalties>,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

#[Object]
impl RoyaltyRates {
    /// The documents that they rest on.
    async fn legal_basis(&self) -> &str {
        &self.0.legal_basis
    }

    /// Value of one unit of the coefficient, in đồng.
    async fn unit_value(&self) -> i64 {
        self.0.unit_value
    }

    /// First day.
    async fn valid_from(&self) -> Date {
        Date(self.0.valid_from)
    }

    /// Last day; none while no later table is known.
    async fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
    }

    /// Classes of works.
    async fn classes(&self) -> Vec<RoyaltyClass> {
        self.0.classes.iter().map(Into::into).collect()
    }
}

#[Object]
impl Royalties {
    /// For the next write: `royaltiesVersion` of `recordRoyalties`.
    async fn version(&self) -> u32 {
        self.version.get()
    }

    /// Day of first publication, by which the table was chosen.
    async fn published_on(&self) -> Date {
        Date(self.work.published_on)
    }

    /// The documents that the rates rest on.
    async fn legal_basis(&self) -> &str {
        &self.work.legal_basis
    }

    /// Value of one unit of the coefficient, in đồng.
    async fn unit_value(&self) -> i64 {
        self.work.unit_value
    }

    /// Who gets what.
    async fn lines(&self) -> Vec<Royalty> {
        self.work.lines.iter().cloned().map(Into::into).collect()
    }
}

#[Object]
impl RoyaltyStatement {
    /// The lines above the table.
    async fn title(&self) -> &[String] {
        &self.0.title
    }

    /// One for each person and work, by day of publication.
    async fn rows(&self) -> Vec<RoyaltyStatementRow> {
        self.0.rows.iter().cloned().map(Into::into).collect()
    }

    /// How many works there are.
    async fn works(&self) -> usize {
        self.0.works
    }

    /// All amounts together, in đồng: a whole number, which may be larger than an Int.
    async fn sum(&self) -> f64 {
        dong(self.0.sum)
    }

    /// What the rates rest on, each once.
    async fn legal_bases(&self) -> &[String] {
        &self.0.legal_bases
    }
}

#[Object]
impl RoyaltyQuery {
    /// The rates of a site, latest first. Needs the right to read royalties there.
    async fn royalty_rates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of the site.")] site: String,
    ) -> Result<Vec<RoyaltyRates>, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ReadRoyalties>()?;
        let found = queries::rates(&reading.app, &permit, site_id(reading, &site)?).await?;
        Ok(found.into_iter().map(RoyaltyRates).collect())
    }

    /// What is recorded for an article; none when nothing is. Needs the right to read royalties on its site.
    async fn royalties(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] article: ID,
    ) -> Option<async_graphql::Result<Royalties>> {
        of_article(Reading::of(ctx), &article).await.map_err(Into::into).transpose()
    }

    /// The statement of a site: works first published in the period, whatever became of them since. Needs the right to read
    /// royalties there.
    async fn royalty_statement(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of the site.")] site: String,
        #[graphql(desc = "First day in Vietnam.")] from: Date,
        #[graphql(desc = "Last day in Vietnam, included.")] to: Date,
    ) -> Result<RoyaltyStatement, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ReadRoyalties>()?;
        let period = Period::new(from.0, to.0).map_err(|error| Error::bad_request("to", error.to_string()))?;
        let wanted = (site_id(reading, &site)?, period);
        Ok(RoyaltyStatement(queries::statement(&reading.app, &permit, wanted).await?))
    }
}

#[Object]
impl RoyaltyMutation {
    /// Records the rates of a site from a day on; the table before ends on the day before. Needs the right to set rates there.
    async fn record_royalty_rates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of the site.")] site: String,
        #[graphql(desc = "The rates.")] input: RoyaltyRatesInput,
    ) -> Result<RoyaltyRatesPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::SetRoyaltyRates>()?;
        let record = async {
            let site = reading.named().site(&site).ok_or(Error::NotFound("site"))?.id;
            commands::record_rates(reading.app.store(), &permit, (site, input.into()), reading.now).await
        };
        match record.await {
            Ok(table) => Ok(RoyaltyRatesPayload { rates: Some(RoyaltyRates(table)), errors: Vec::new() }),
            Err(error) => Ok(RoyaltyRatesPayload { rates: None, errors: mendable(error)? }),
        }
    }

    /// Records who gets what for a published article, in the place of what was recorded before. Needs the right to record
    /// royalties on its site.
    async fn record_royalties(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] article: ID,
        #[graphql(desc = "`version` of the record that was read; none for the first.")] royalties_version: Option<u32>,
        #[graphql(desc = "Who gets what, at most 20; none of them takes everything out.")] lines: Vec<RoyaltyInput>,
    ) -> Result<RoyaltiesPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::RecordRoyalties>()?;
        let record = async {
            let subject = (entry_id(&article)?, royalties_version.map(Version::new));
            let lines = lines.into_iter().map(Into::into).collect();
            commands::record_royalties(reading.app.store(), &permit, subject, lines, reading.now).await
        };
        match record.await {
            Ok(_) => Ok(RoyaltiesPayload { royalties: of_article(reading, &article).await?, errors: Vec::new() }),
            Err(error) => Ok(RoyaltiesPayload { royalties: None, errors: mendable(error)? }),
        }
    }
}

async fn of_article(reading: &Reading, article: &ID) -> Result<Option<Royalties>, ApiError> {
    let permit = reading.permit::<act::ReadRoyalties>()?;
    let found = queries::of_work(&reading.app, &permit, entry_id(article)?).await?;
    Ok(found.map(|(work, version)| Royalties { work, version }))
}

fn site_id(reading: &Reading, name: &str) -> Result<SiteId, Error> {
    Ok(reading.named().site(name).ok_or(Error::NotFound("site"))?.id)
}

impl From<&Class> for RoyaltyClass {
    fn from(class: &Class) -> Self {
        let Class { key, name, highest } = class;
        Self { key: key.clone(), name: name.clone(), highest: highest.number() }
    }
}

impl From<RoyaltyLine> for Royalty {
    fn from(line: RoyaltyLine) -> Self {
        let RoyaltyLine { class, class_name, coefficient, payee, note, amount } = line;
        Self { class, class_name, coefficient: coefficient.number(), payee, note, amount: dong(amount) }
    }
}

impl From<lienthong_domain::royalty::StatementRow> for RoyaltyStatementRow {
    fn from(row: lienthong_domain::royalty::StatementRow) -> Self {
        let lienthong_domain::royalty::StatementRow {
            rank,
            entry,
            published_on,
            title,
            class,
            payee,
            coefficient,
            unit_value,
            amount,
            note,
        } = row;
        Self {
            rank,
            article: ID(GlobalId::new(NodeType::Article, entry.as_uuid()).to_string()),
            published_on: Date(published_on),
            title,
            class,
            payee,
            coefficient: coefficient.number(),
            unit_value,
            amount: dong(amount),
            note,
        }
    }
}

/// GraphQL's Int ends at some two thousand million.
#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
const fn dong(amount: i64) -> f64 {
    amount as f64
}

impl From<RoyaltyRatesInput> for RateTableInput {
    fn from(input: RoyaltyRatesInput) -> Self {
        let RoyaltyRatesInput { legal_basis, unit_value, valid_from, valid_to, classes } = input;
        let class = |RoyaltyClassInput { key, name, highest }| (key, name, highest);
        Self {
            legal_basis,
            unit_value,
            valid_from: valid_from.0,
            valid_to: valid_to.map(|day| day.0),
            classes: classes.into_iter().map(class).collect(),
        }
    }
}

impl From<RoyaltyInput> for RoyaltyLineInput {
    fn from(input: RoyaltyInput) -> Self {
        let RoyaltyInput { class, coefficient, payee, note } = input;
        Self { class, coefficient, payee, note }
    }
}
