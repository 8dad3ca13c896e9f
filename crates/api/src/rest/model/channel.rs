use lienthong_domain::procedure;
use serde::Serialize;
use utoipa::ToSchema;

/// One way to hand a dossier in, with its time and fees. A method may have several rows.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProcedureChannel)]
pub(in crate::rest) struct Channel {
    /// How the dossier is handed in.
    method: Method,
    /// How long the authority may take.
    #[schema(required)]
    time: Option<ProcessingTime>,
    /// The fees; none when the record says nothing.
    fees: Vec<Fee>,
    /// What the record adds in words.
    #[schema(required)]
    description: Option<String>,
    /// Whether column and words contradict each other.
    contradictory: bool,
}

/// How a dossier is handed in: `online` trực tuyến, `post` dịch vụ bưu chính, `in_person` trực tiếp.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProcedureMethod)]
enum Method {
    /// Trực tuyến.
    Online,
    /// Dịch vụ bưu chính.
    Post,
    /// Trực tiếp.
    InPerson,
}

/// How long the authority may take.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProcessingTime {
    /// The number, exact, as a decimal.
    #[schema(required, example = "5")]
    value: Option<String>,
    /// The unit; null where the national record leaves it out, and never guessed.
    #[schema(required)]
    unit: Option<TimeUnit>,
    /// As the national record writes it.
    #[schema(example = "5 Ngày làm việc")]
    verbatim: String,
}

/// Units of a processing time: `minute` phút, `hour` giờ, `working_day` ngày làm việc (without weekends and public
/// holidays), `day` ngày, `week` tuần, `month` tháng, `quarter` quý, `year` năm.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProcedureTimeUnit)]
enum TimeUnit {
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

/// One fee.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Fee {
    /// The amount, exact, as a decimal.
    #[schema(required, example = "8000")]
    amount: Option<String>,
    /// What it is counted in.
    #[schema(required)]
    currency: Option<Currency>,
    /// Whether the record says "Miễn phí".
    free: bool,
    /// Per what, for whom, under which rule.
    #[schema(required)]
    condition: Option<String>,
    /// As the national record writes it.
    #[schema(example = "8,000 VNĐ")]
    verbatim: String,
}

/// What a fee is counted in: `vnd` Việt Nam đồng, `usd` United States dollars, `eur` euros, `percent` per cent of what the
/// condition names.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FeeCurrency)]
enum Currency {
    /// Việt Nam đồng.
    Vnd,
    /// United States dollars.
    Usd,
    /// Euros.
    Eur,
    /// Per cent of what the condition names.
    Percent,
}

impl From<procedure::Channel> for Channel {
    fn from(channel: procedure::Channel) -> Self {
        let procedure::Channel { method, time, fees, description, discrepancies, verbatim: _ } = channel;
        Self {
            method: method.into(),
            time: time.map(Into::into),
            fees: fees.into_iter().map(Into::into).collect(),
            description,
            contradictory: !discrepancies.is_empty(),
        }
    }
}

impl From<procedure::ProcessingTime> for ProcessingTime {
    fn from(time: procedure::ProcessingTime) -> Self {
        let procedure::ProcessingTime { value, unit, verbatim } = time;
        Self { value: value.map(|value| value.to_string()), unit: unit.map(Into::into), verbatim }
    }
}

impl From<procedure::Fee> for Fee {
    fn from(fee: procedure::Fee) -> Self {
        let procedure::Fee { amount, currency, free, condition, verbatim } = fee;
        let amount = amount.map(|amount| amount.to_string());
        Self { amount, currency: currency.map(Into::into), free, condition, verbatim }
    }
}

impl From<procedure::Method> for Method {
    fn from(method: procedure::Method) -> Self {
        match method {
            procedure::Method::Online => Self::Online,
            procedure::Method::Post => Self::Post,
            procedure::Method::InPerson => Self::InPerson,
        }
    }
}

impl From<procedure::TimeUnit> for TimeUnit {
    fn from(unit: procedure::TimeUnit) -> Self {
        use procedure::TimeUnit as Domain;
        match unit {
            Domain::Minute => Self::Minute,
            Domain::Hour => Self::Hour,
            Domain::WorkingDay => Self::WorkingDay,
            Domain::Day => Self::Day,
            Domain::Week => Self::Week,
            Domain::Month => Self::Month,
            Domain::Quarter => Self::Quarter,
            Domain::Year => Self::Year,
        }
    }
}

impl From<procedure::Currency> for Currency {
    fn from(currency: procedure::Currency) -> Self {
        match currency {
            procedure::Currency::Vnd => Self::Vnd,
            procedure::Currency::Usd => Self::Usd,
            procedure::Currency::Eur => Self::Eur,
            procedure::Currency::Percent => Self::Percent,
        }
    }
}
