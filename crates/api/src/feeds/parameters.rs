//! The parameters of a feed: read strictly, written in one canonical form.

use url::form_urlencoded::{Serializer, parse};

use lienthong_app::Error;
use lienthong_app::queries::Order;
use lienthong_app::queries::articles::ArticleFilter;
use lienthong_domain::article::ArticleKind;
use lienthong_domain::language::LanguageTag;
use lienthong_domain::text::fold;

use crate::view::Moment;

/// Items on a page when the reader does not say.
pub(super) const DEFAULT_SIZE: u32 = 50;

/// Every parameter, in the canonical order.
const NAMES: [&str; 9] = ["topic", "tag", "kind", "lang", "from", "to", "order", "first", "after"];

/// Those that a feed about a subject does not take, first in `NAMES`.
const SUBJECTS: usize = 2;

/// The parameters as they were given.
#[derive(Debug, Default)]
pub(super) struct Parameters([Option<String>; NAMES.len()]);

impl Parameters {
    /// Reads a query string. `is_subject`: the feed is about a topic already.
    pub(super) fn parse(query: Option<&str>, is_subject: bool) -> Result<Self, Error> {
        let first = if is_subject { SUBJECTS } else { 0 };
        let mut given = Self::default();
        for (name, value) in parse(query.unwrap_or_default().as_bytes()) {
            let slots = NAMES.iter().zip(&mut given.0).skip(first);
            let Some((known, slot)) = slots.into_iter().find(|(known, _)| **known == name) else {
                return Err(unknown(&name, NAMES.get(first..).unwrap_or(&NAMES)));
            };
            if slot.replace(value.into_owned()).is_some() {
                return Err(Error::bad_request(known, format!("{known} is given twice")));
            }
        }
        Ok(given)
    }

    /// The value of a parameter.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        NAMES.iter().zip(&self.0).find(|(known, _)| **known == name).and_then(|(_, value)| value.as_deref())
    }

    /// The filter with what these parameters say besides place and subject.
    pub(super) fn narrow(&self, filter: ArticleFilter) -> Result<ArticleFilter, Error> {
        Ok(ArticleFilter {
            kind: self.get("kind").map(kind).transpose()?,
            language: self.get("lang").map(language).transpose()?,
            from: self.moment("from")?.map(Moment::start),
            to: self.moment("to")?.map(Moment::end),
            order: self.get("order").map_or(Ok(Order::Published), order)?,
            ..filter
        })
    }

    fn moment(&self, name: &'static str) -> Result<Option<Moment>, Error> {
        let read = |text: &str| Moment::try_from(text.to_owned());
        self.get(name).map(read).transpose().map_err(|rule| Error::bad_request(name, format!("{name} {rule}")))
    }

    /// The page size.
    pub(super) fn first(&self) -> Result<u32, Error> {
        let number = |text: &str| text.parse().map_err(|_| Error::bad_request("first", "first must be a number"));
        self.get("first").map_or(Ok(DEFAULT_SIZE), number)
    }
}

/// What narrows a feed, as a query: the same text for the same list, whatever the spelling in the request. `topic` is the
/// code of the topic.
pub(super) fn canonical(filter: &ArticleFilter, topic: Option<&str>, tag: Option<&str>) -> String {
    let order = (filter.order == Order::Updated).then(|| "updated".to_owned());
    let pairs = [
        ("topic", topic.map(str::to_owned)),
        ("tag", tag.map(fold)),
        ("kind", filter.kind.map(|kind| kind.as_str().to_owned())),
        ("lang", filter.language.clone()),
        ("from", filter.from.map(|time| time.to_string())),
        ("to", filter.to.map(|time| time.to_string())),
        ("order", order),
    ];
    let given = pairs.into_iter().filter_map(|(name, value)| Some((name, value?)));
    Serializer::new(String::new()).extend_pairs(given).finish()
}

fn unknown(name: &str, allowed: &[&str]) -> Error {
    let allowed = allowed.join(", ");
    Error::bad_request("parameter", format!("there is no parameter {name:?} here; allowed are {allowed}"))
}

fn kind(text: &str) -> Result<ArticleKind, Error> {
    let names = ArticleKind::ALL.map(ArticleKind::as_str).join(", ");
    ArticleKind::parse(text).ok_or_else(|| Error::bad_request("kind", format!("kind must be one of {names}")))
}

fn language(text: &str) -> Result<String, Error> {
    LanguageTag::parse(text).map(String::from).map_err(|error| Error::bad_request("lang", error.to_string()))
}

fn order(text: &str) -> Result<Order, Error> {
    match text {
        "published" => Ok(Order::Published),
        "updated" => Ok(Order::Updated),
        _ => Err(Error::bad_request("order", "order must be published or updated")),
    }
}
