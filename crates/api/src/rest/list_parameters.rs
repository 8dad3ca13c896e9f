//! The parameters of the list of articles, and what they mean.

use chrono::NaiveDate;
use lienthong_app::Error;
use lienthong_app::queries::articles::ArticleFilter;
use lienthong_app::queries::{self, Bodies, PageRequest};
use lienthong_domain::language::LanguageTag;
use lienthong_domain::time::{Timestamp, parse_day, start_of_day};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::reading::Reading;
use crate::rest::model::ArticleKind;
use crate::view::ListNames;

/// Which articles, in which order, which page of them, and how much of each.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct ListParameters {
    /// Place: host or id of a site. At most one of `site`, `unit`, `category` and `series`.
    #[param(example = "xuanhai.nghixuan.hatinh.gov.vn")]
    site: Option<String>,
    /// Place: code (of today), slug or id of a unit, with all units below it.
    #[param(example = "nghi-xuan")]
    unit: Option<String>,
    /// Place: id of a category or `host/slug`, with all categories below it.
    category: Option<String>,
    /// Place: id of a series or `host/slug`.
    series: Option<String>,
    /// The unit or category itself, without what lies below.
    #[serde(default)]
    #[param(required = false, default = false)]
    exact: bool,
    /// Subject: code or id of a topic. At most one of `topic` and `tag`.
    #[param(example = "tt.tin")]
    topic: Option<String>,
    /// Subject: a tag; marks and case do not matter.
    #[param(example = "chuyển đổi số")]
    tag: Option<String>,
    /// Only articles in whose title, summary, body or tags all these words occur; marks and case do not matter. Words in
    /// quotes follow one another. At most 200 characters and 16 words.
    #[param(example = "tiếp công dân")]
    q: Option<String>,
    /// Only this form of journalism.
    #[param(inline)]
    kind: Option<ArticleKind>,
    /// Only this language, a BCP 47 tag.
    #[param(example = "vi")]
    lang: Option<String>,
    /// Not earlier than this, by the time of the order: an RFC 3339 time, or a day in Vietnam from its beginning.
    #[param(value_type = Option<String>, example = "2024-01-01")]
    from: Option<Moment>,
    /// Earlier than this, by the time of the order: an RFC 3339 time, or a day in Vietnam to its end.
    #[param(value_type = Option<String>, example = "2024-07-07")]
    to: Option<Moment>,
    /// By which time the list is ordered, latest first.
    #[serde(default)]
    #[param(inline, required = false)]
    order: Order,
    /// So many from the start, 20 by default.
    #[param(minimum = 1, maximum = 100)]
    first: Option<u32>,
    /// Cursor after which to go on; with `first`.
    after: Option<String>,
    /// So many from the end.
    #[param(minimum = 1, maximum = 100)]
    last: Option<u32>,
    /// Cursor before which to stop; with `last`.
    before: Option<String>,
    /// How much of each article.
    #[serde(default)]
    #[param(inline, required = false)]
    view: View,
    /// What else to answer.
    #[param(inline)]
    include: Option<Extra>,
}

/// By which time a list is ordered.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(default = "published")]
enum Order {
    /// Start of the current run in public.
    #[default]
    Published,
    /// Last major change.
    Updated,
}

/// How much of each article.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(default = "list")]
enum View {
    /// Without the body.
    #[default]
    List,
    /// With the body.
    Full,
}

/// What else to answer.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Extra {
    /// How many entries the list has in all, counted up to 10,000.
    Total,
}

/// One end of a time range, as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
enum Moment {
    Instant(Timestamp),
    Day(NaiveDate),
}

impl ListParameters {
    /// The list that is meant.
    pub(super) fn filter(&self, reading: &Reading) -> Result<ArticleFilter, Error> {
        let [site, unit, category, series, topic, tag] =
            [&self.site, &self.unit, &self.category, &self.series, &self.topic, &self.tag].map(Option::as_deref);
        Ok(ArticleFilter {
            exact: self.exact,
            text: self.q.clone(),
            kind: self.kind.map(Into::into),
            language: self.lang.as_deref().map(language_tag).transpose()?,
            from: self.from.map(Moment::start),
            to: self.to.map(Moment::end),
            order: self.order.into(),
            ..reading.named().list(ListNames { site, unit, category, series, topic, tag })?
        })
    }

    /// The page that is meant.
    pub(super) fn page(&self) -> PageRequest {
        PageRequest { first: self.first, last: self.last, after: self.after.clone(), before: self.before.clone() }
    }

    /// An error of the list in the names of these parameters.
    pub(super) fn renamed(error: Error) -> Error {
        match error {
            Error::BadRequest { parameter: "text", reason } => Error::BadRequest { parameter: "q", reason },
            other => other,
        }
    }

    /// Whether bodies are wanted.
    pub(super) const fn bodies(&self) -> Bodies {
        match self.view {
            View::List => Bodies::Without,
            View::Full => Bodies::With,
        }
    }

    /// Whether the total is wanted, which costs a statement of its own.
    pub(super) const fn counts(&self) -> bool {
        matches!(self.include, Some(Extra::Total))
    }
}

impl Moment {
    fn start(self) -> Timestamp {
        match self {
            Self::Instant(at) => at,
            Self::Day(day) => start_of_day(day),
        }
    }

    /// A day counts to its end, as people write a period in a letter.
    fn end(self) -> Timestamp {
        match self {
            Self::Instant(at) => at,
            Self::Day(day) => start_of_day(day.succ_opt().unwrap_or(day)),
        }
    }
}

impl TryFrom<String> for Moment {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let day = parse_day(&text).map(Self::Day);
        day.or_else(|_| Timestamp::parse(&text).map(Self::Instant))
            .map_err(|_| "must be a day such as 2024-07-07 or an RFC 3339 time such as 2024-07-07T23:59:59+07:00")
    }
}

impl From<Order> for queries::Order {
    fn from(order: Order) -> Self {
        match order {
            Order::Published => Self::Published,
            Order::Updated => Self::Updated,
        }
    }
}

fn language_tag(text: &str) -> Result<String, Error> {
    LanguageTag::parse(text).map(String::from).map_err(|error| Error::bad_request("lang", error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_vietnamese_days_and_times_are_taken_as_they_are() {
        let moment = |text: &str| Moment::try_from(text.to_owned()).unwrap();
        let time = |text: &str| Timestamp::parse(text).unwrap();
        assert_eq!(moment("2024-01-01").start(), time("2023-12-31T17:00:00Z"));
        assert_eq!(moment("2024-07-07").end(), time("2024-07-07T17:00:00Z"));
        let instant = moment("2024-07-07T12:00:00.000001+07:00");
        assert_eq!([instant.start(), instant.end()], [time("2024-07-07T05:00:00.000001Z"); 2]);
        for text in ["", "2024", "2024-02-30", "07/07/2024", "2024-07-07T12:00:00", "hôm nay"] {
            assert!(Moment::try_from(text.to_owned()).is_err(), "{text:?}");
        }
    }
}
