//! A request for a feed, parsed.

use url::Url;

use lienthong_app::Error;
use lienthong_app::queries::PageRequest;
use lienthong_app::queries::articles::ArticleFilter;

use super::address::Ours;
use super::not_found;
use super::parameters::{DEFAULT_SIZE, Parameters, canonical};
use super::place::FeedPlace;
use crate::reading::Reading;
use crate::view::ListNames;

/// Which format to render.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Rss,
    Atom,
    Json,
}

/// What feed is asked for, in which format, and which page of it.
pub(super) struct FeedRequest<'a> {
    pub(super) place: FeedPlace<'a>,
    pub(super) format: Format,
    pub(super) filter: ArticleFilter,
    pub(super) page: PageRequest,
    /// What narrows the feed, as a query in canonical form.
    pub(super) narrowed: String,
    /// The same for people; empty for the whole feed.
    pub(super) subject: String,
}

impl<'a> FeedRequest<'a> {
    /// Reads path and query. What the path names must exist: otherwise 404; the rest answers 400 with what is allowed.
    pub(super) fn parse(
        reading: &'a Reading,
        (collection, file): (&str, &str),
        query: Option<&str>,
    ) -> Result<Self, Error> {
        let (key, format) = split(file).ok_or_else(|| not_found("feed"))?;
        let place = FeedPlace::find(reading, collection, key).ok_or_else(|| not_found("feed"))?;
        let given = Parameters::parse(query, place.is_subject())?;
        let names = place.names(key);
        let (topic, tag) = (given.get("topic"), given.get("tag"));
        let listed = reading.named().list(ListNames { topic: topic.or(names.topic), tag, ..names })?;
        let filter = given.narrow(listed)?;
        let topic = topic.and_then(|name| reading.named().topic(name));
        let narrowed = canonical(&filter, topic.map(|topic| topic.code.as_str()), tag);
        let subject = topic.map(|topic| topic.name_vi.clone()).or_else(|| tag.map(str::to_owned)).unwrap_or_default();
        let page = PageRequest {
            first: Some(given.first()?),
            after: given.get("after").map(str::to_owned),
            ..PageRequest::default()
        };
        Ok(Self { place, format, filter, page, narrowed, subject })
    }

    /// The address of this very page of the feed.
    pub(super) fn self_url(&self, ours: Ours<'_>) -> Url {
        self.page_url(ours, self.page.after.as_deref())
    }

    /// The address of the page after `cursor`: parameters in a fixed order, defaults left out.
    pub(super) fn page_url(&self, ours: Ours<'_>, cursor: Option<&str>) -> Url {
        let mut url = ours.feed(self.place.collection(), &self.place.key(), self.format.extension());
        url.set_query(Some(self.narrowed.as_str()).filter(|query| !query.is_empty()));
        if let Some(first) = self.page.first.filter(|first| *first != DEFAULT_SIZE) {
            url.query_pairs_mut().append_pair("first", &first.to_string());
        }
        if let Some(cursor) = cursor {
            url.query_pairs_mut().append_pair("after", cursor);
        }
        url
    }
}

impl Format {
    const ALL: [Self; 3] = [Self::Rss, Self::Atom, Self::Json];

    pub(super) const fn extension(self) -> &'static str {
        match self {
            Self::Rss => "rss",
            Self::Atom => "atom",
            Self::Json => "json",
        }
    }
}

/// The key and the format: hosts and topic codes have dots of their own.
fn split(file: &str) -> Option<(&str, Format)> {
    let (key, extension) = file.rsplit_once('.')?;
    let format = Format::ALL.into_iter().find(|format| format.extension() == extension)?;
    (!key.is_empty()).then_some((key, format))
}
