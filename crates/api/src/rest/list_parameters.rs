//! The parameters of the list of articles, and what they mean.

use lienthong_app::Error;
use lienthong_app::queries::articles::ArticleFilter;
use lienthong_app::queries::{self, Bodies, PageRequest};
use lienthong_domain::language::LanguageTag;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::reading::Reading;
use crate::rest::model::ArticleKind;
use crate::view::{ListNames, Moment};

/// Which articles, in which order, which page of them, and how much of each.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParameters {
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
    /// How many entries the list has in all, counted up to 10,000; with several conditions, among its latest 10,000.
    Total,
}

impl ListParameters {
    /// The list that is meant.
    pub(super) fn filter(&self, reading: &Reading) -> Result<ArticleFilter, Error> {
        self.narrow(reading.named().list(self.names())?)
    }

    /// Its place and subject.
    pub(crate) fn names(&self) -> ListNames<'_> {
        let [site, unit, category, series, topic, tag] =
            [&self.site, &self.unit, &self.category, &self.series, &self.topic, &self.tag].map(Option::as_deref);
        ListNames { site, unit, category, series, topic, tag }
    }

    /// What of the list of a place and subject is meant, in which order.
    pub(crate) fn narrow(&self, list: ArticleFilter) -> Result<ArticleFilter, Error> {
        Ok(ArticleFilter {
            exact: self.exact,
            text: self.q.clone(),
            kind: self.kind.map(Into::into),
            language: self.lang.as_deref().map(language_tag).transpose()?,
            from: self.from.map(Moment::start),
            to: self.to.map(Moment::end),
            order: self.order.into(),
            ..list
        })
    }

    /// The page that is meant.
    pub(crate) fn page(&self) -> PageRequest {
        PageRequest { first: self.first, last: self.last, after: self.after.clone(), before: self.before.clone() }
    }

    /// An error of the list in the names of these parameters.
    pub(crate) fn renamed(error: Error) -> Error {
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
