//! A request for a feed, parsed.

use http::Uri;
use url::Url;

use lienthong_app::queries::PageRequest;
use lienthong_app::queries::articles::{ArticleFilter, ArticleSubject};
use lienthong_app::search;
use lienthong_domain::registry::Topic;

use super::address::Ours;
use super::not_found;
use super::parameters::{self, DEFAULT_SIZE, canonical};
use super::place::FeedPlace;
use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::ListParameters;

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
    /// Where the feed of a topic looks, when it does not cross all sites.
    pub(super) within: Option<FeedPlace<'a>>,
    pub(super) format: Format,
    pub(super) filter: ArticleFilter,
    pub(super) page: PageRequest,
    /// Items on the page at most.
    size: u32,
    /// What narrows the feed, as a query in canonical form.
    pub(super) narrowed: String,
    /// What it is about besides, for people; empty for the whole feed.
    pub(super) subjects: Vec<String>,
}

impl<'a> FeedRequest<'a> {
    /// Reads path and query. What the path names must exist: otherwise 404; the rest answers 400 with what is allowed.
    pub(super) fn parse(reading: &'a Reading, (collection, file): (&str, &str), uri: &Uri) -> Result<Self, Problem> {
        let (key, format) = split(file).ok_or_else(|| not_found("feed"))?;
        let place = FeedPlace::find(reading, collection, key).ok_or_else(|| not_found("feed"))?;
        let given = parameters::read(uri, place)?;
        let names = given.names().beside(place.names(key))?;
        let mut filter = given.narrow(reading.named().list(names)?)?;
        let topic = given.names().topic.and_then(|name| reading.named().topic(name));
        let subjects = subjects(&filter, topic.map(AsRef::as_ref));
        // The feed is that of its own address, which holds the search as it was read.
        let text = filter.text.as_deref().map(search::canonical).transpose();
        filter.text = text.map_err(ListParameters::renamed)?;
        let within = filter.place.filter(|_| place.is_subject()).and_then(|within| FeedPlace::of(reading, within));
        let narrowed = canonical(&filter, within, topic.map(|topic| topic.code.as_str()));
        let page = parameters::page(&given);
        let (size, _) = page.size()?;
        Ok(Self { place, within, format, filter, page, size, narrowed, subjects })
    }

    /// Where its articles are from.
    pub(super) fn source(&self) -> FeedPlace<'a> {
        self.within.unwrap_or(self.place)
    }

    /// Whether it is the beginning of the feed, as readers fetch it.
    pub(super) const fn is_first_page(&self) -> bool {
        self.page.after.is_none() && self.page.last.is_none()
    }

    /// The address of this very page of the feed.
    pub(super) fn self_url(&self, ours: Ours<'_>) -> Url {
        self.page_url(ours, &self.page)
    }

    /// The address of the page after the item of a cursor.
    pub(super) fn next_url(&self, ours: Ours<'_>, cursor: String) -> Url {
        let page = PageRequest { first: Some(self.size), after: Some(cursor), ..PageRequest::default() };
        self.page_url(ours, &page)
    }

    /// The address of the page before the item of a cursor.
    pub(super) fn previous_url(&self, ours: Ours<'_>, cursor: String) -> Url {
        let page = PageRequest { last: Some(self.size), before: Some(cursor), ..PageRequest::default() };
        self.page_url(ours, &page)
    }

    /// Parameters in a fixed order, defaults left out.
    fn page_url(&self, ours: Ours<'_>, page: &PageRequest) -> Url {
        let mut url = ours.feed(self.place.collection(), &self.place.key(), self.format.extension());
        url.set_query(Some(self.narrowed.as_str()).filter(|query| !query.is_empty()));
        let first = page.first.filter(|first| *first != DEFAULT_SIZE);
        let pairs = [
            ("first", first.map(|first| first.to_string())),
            ("after", page.after.clone()),
            ("last", page.last.map(|last| last.to_string())),
            ("before", page.before.clone()),
        ];
        for (name, value) in pairs.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            url.query_pairs_mut().append_pair(name, &value);
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

/// The search and the topic or tag besides the feed's own place, as they were given.
fn subjects(filter: &ArticleFilter, topic: Option<&Topic>) -> Vec<String> {
    let tag = match &filter.subject {
        Some(ArticleSubject::Tag(tag)) => Some(tag.clone()),
        _ => None,
    };
    let search = filter.text.as_ref().map(|text| format!("“{text}”"));
    search.into_iter().chain(topic.map(|topic| topic.name_vi.clone())).chain(tag).collect()
}
