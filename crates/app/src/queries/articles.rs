//! Lists and details of articles.
//!
//! A list has at most one place and one subject. Every combination is read from the rows of one scope, chosen so
//! that little has to be passed over: see [`plan`]. How much may be is bounded (docs/adr/0010-a-page-reads-only-so-far.md).

use std::sync::Arc;

use lienthong_domain::article::ArticleKind;
use lienthong_domain::entry::EntryKind;
use lienthong_domain::ids::{CategoryId, EntryId, SeriesId, SiteId, TopicId, UnitId};
use lienthong_domain::language;
use lienthong_domain::scope::{Place, ScopeKey, Subject};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::live_entries::{self, Bodies, Listing, LiveHeader, Order};
use lienthong_persistence::live_tombstones::{self, GoneEntry};

use crate::app::App;
use crate::error::Error;
use crate::queries::page;
use crate::queries::{Page, PageRequest, Tags, TotalCount, text};
use crate::reference::Snapshot;
use crate::search::TextQuery;

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArticlePlace {
    /// One site.
    Site(SiteId),
    /// A unit and all units below it.
    Unit(UnitId),
    /// A category and all categories below it.
    Category(CategoryId),
    /// A series of one site.
    Series(SeriesId),
}

/// What about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArticleSubject {
    /// A topic of the catalogue.
    Topic(TopicId),
    /// A tag.
    Tag(String),
}

/// One list of articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleFilter {
    /// At most one place; the whole instance without.
    pub place: Option<ArticlePlace>,
    /// The unit or category itself, without what lies below.
    pub exact: bool,
    /// At most one subject.
    pub subject: Option<ArticleSubject>,
    /// Only articles in whose title, summary, body or tags all these words occur, with or without marks; within quotes
    /// one after another. At most 200 characters and 16 words.
    pub text: Option<String>,
    /// Only this kind.
    pub kind: Option<ArticleKind>,
    /// Only this language.
    pub language: Option<String>,
    /// Not earlier than this, by the time of the order.
    pub from: Option<Timestamp>,
    /// Earlier than this.
    pub to: Option<Timestamp>,
    /// The order, latest first.
    pub order: Order,
}

impl Default for ArticleFilter {
    fn default() -> Self {
        Self {
            place: None,
            exact: false,
            subject: None,
            text: None,
            kind: None,
            language: None,
            from: None,
            to: None,
            order: Order::Published,
        }
    }
}

/// Which article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArticleKey {
    /// By identity.
    Id(EntryId),
    /// By address.
    Slug(SiteId, String),
}

/// One page of a list: one statement, and one more where entries are passed over for conditions.
///
/// # Errors
/// [`Error::BadRequest`] and [`Error::InvalidCursor`] for what cannot be asked; [`Error::SearchNotReady`] for a text while
/// the index cannot answer; [`Error::Store`] when the database does not answer.
pub async fn page(
    app: &App,
    filter: &ArticleFilter,
    request: &PageRequest,
    (bodies, tags): (Bodies, &Tags),
    now: Timestamp,
) -> Result<Page, Error> {
    request.size()?;
    let text = filter.text.as_deref().map(TextQuery::parse).transpose()?;
    let Some(listing) = plan(&app.reference(), filter)? else { return Ok(Page::empty()) };
    tags.add(listing.scope);
    match text {
        None => page::read(app, listing, request, bodies, now).await,
        Some(text) => text::read(app, (listing, text), request, (bodies, tags), now).await,
    }
}

/// How many articles a list has, counted up to [`COUNTED_AT_MOST`].
///
/// # Errors
/// As [`page`].
pub async fn count(app: &App, filter: &ArticleFilter, tags: &Tags, now: Timestamp) -> Result<TotalCount, Error> {
    let text = filter.text.as_deref().map(TextQuery::parse).transpose()?;
    let Some(listing) = plan(&app.reference(), filter)? else { return Ok(TotalCount { value: 0, more: false }) };
    tags.add(listing.scope);
    match text {
        None => page::count(app, &listing, now).await,
        Some(text) => {
            let (value, more) = text::count(app, (listing, text), tags, now).await?;
            Ok(TotalCount { value, more })
        }
    }
}

/// One article with its body; `None` when there never was one.
///
/// # Errors
/// [`Error::Gone`] when it was public and no longer is; [`Error::Store`] when the database does not answer.
pub async fn detail(app: &App, key: &ArticleKey, tags: &Tags, now: Timestamp) -> Result<Option<LiveHeader>, Error> {
    let store = app.store();
    let (found, gone) = match key {
        ArticleKey::Id(id) => {
            tags.add(ScopeKey::entry(*id));
            let found = live_entries::by_ids(store, EntryKind::Article, &[*id], now).await?.pop();
            let gone = if found.is_none() { live_tombstones::gone_by_id(store, *id).await? } else { None };
            (found, gone)
        }
        ArticleKey::Slug(site, slug) => {
            let found = live_entries::by_slug(store, *site, slug, now).await?;
            // A miss depends on the whole site: the next article may take the address.
            tags.add(found.as_ref().map_or_else(|| site_scope(*site), |header| ScopeKey::entry(header.entry)));
            let gone = if found.is_none() { live_tombstones::gone_by_slug(store, *site, slug).await? } else { None };
            (found, gone)
        }
    };
    match gone {
        Some(GoneEntry { location: Some(location), .. }) => Err(Error::Moved { location }),
        Some(gone) => Err(Error::Gone { since: gone.gone_at }),
        None => Ok(found),
    }
}

/// Up to `limit` other articles of the same category, latest first.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn related(
    app: &App,
    of: &LiveHeader,
    limit: u32,
    tags: &Tags,
    now: Timestamp,
) -> Result<Vec<Arc<LiveHeader>>, Error> {
    let filter = ArticleFilter { place: of.category.map(ArticlePlace::Category), exact: true, ..Default::default() };
    let request = PageRequest { first: Some(limit.saturating_add(1)), ..PageRequest::default() };
    let mut page = page(app, &filter, &request, (Bodies::Without, tags), now).await?;
    page.headers.retain(|header| header.entry != of.entry);
    page.headers.truncate(limit as usize);
    Ok(page.headers)
}

fn site_scope(site: SiteId) -> ScopeKey {
    ScopeKey::list(EntryKind::Article, Place::Site(site), &Subject::Any)
}

/// Which scope to scan, and what to pass over in it. `None` when the list is empty by its terms.
///
/// Wide places (instance, unit, site) and series have rows for each subject. Only one subject can lead the scan: a tag before a
/// language other than the main one, before a kind other than news, before a topic, because that is the order in
/// which they thin out; the others are conditions on the rows. A category has rows for anything only, so a subject
/// within it is read from the rows of that subject on its site.
fn plan(reference: &Snapshot, filter: &ArticleFilter) -> Result<Option<Listing>, Error> {
    if filter.exact && !matches!(filter.place, Some(ArticlePlace::Unit(_) | ArticlePlace::Category(_))) {
        return Err(Error::bad_request("exact", "exact goes with unit or category"));
    }
    let subject = leading_subject(filter);
    let mut categories = Vec::new();
    let place = match filter.place {
        None => Place::Instance,
        Some(ArticlePlace::Site(site)) => Place::Site(site),
        Some(ArticlePlace::Series(series)) => Place::Series(series),
        Some(ArticlePlace::Unit(unit)) if filter.exact => match only_site(reference, unit)? {
            Some(site) => Place::Site(site),
            None => return Ok(None),
        },
        Some(ArticlePlace::Unit(unit)) => Place::Unit(unit),
        Some(ArticlePlace::Category(id)) => match (filter.exact, &subject) {
            (true, Subject::Any) => Place::CategoryAlone(id),
            (false, Subject::Any) => Place::Category(id),
            (exact, _) => {
                let Some(category) = reference.categories.get(id) else { return Ok(None) };
                categories = if exact { vec![id] } else { reference.categories.subtree(id) };
                Place::Site(category.site)
            }
        },
    };
    Ok(Some(Listing {
        scope: ScopeKey::list(EntryKind::Article, place, &subject),
        order: filter.order,
        from: filter.from,
        to: filter.to,
        // What leads is true of every row of the scope.
        language: filter.language.clone().filter(|_| !matches!(subject, Subject::Language(_))),
        article_kind: filter.kind.filter(|_| !matches!(subject, Subject::ArticleKind(_))),
        categories,
        topics: topics_besides(reference, filter, &subject),
    }))
}

/// The topics asked for, when another subject leads.
fn topics_besides(reference: &Snapshot, filter: &ArticleFilter, leading: &Subject) -> Vec<TopicId> {
    match filter.subject {
        Some(ArticleSubject::Topic(topic)) if *leading != Subject::Topic(topic) => {
            reference.topics.with_those_below(topic)
        }
        _ => Vec::new(),
    }
}

fn leading_subject(filter: &ArticleFilter) -> Subject {
    let other_language = filter.language.as_deref().filter(|tag| *tag != language::MAIN);
    let other_kind = filter.kind.and_then(ArticleKind::other_than_news);
    match (&filter.subject, other_language, other_kind) {
        (Some(ArticleSubject::Tag(tag)), _, _) => Subject::Tag(tag.clone()),
        (_, Some(language), _) => Subject::Language(language.to_owned()),
        (_, None, Some(kind)) => Subject::ArticleKind(kind),
        (Some(ArticleSubject::Topic(topic)), None, None) => Subject::Topic(*topic),
        (None, None, None) => Subject::Any,
    }
}

/// The one site of a unit; `None` when it has none.
fn only_site(reference: &Snapshot, unit: UnitId) -> Result<Option<SiteId>, Error> {
    let sites: Vec<_> = reference.sites.of_unit(unit).collect();
    match sites.as_slice() {
        [] => Ok(None),
        [site] => Ok(Some(site.id)),
        several => {
            let hosts: Vec<&str> = several.iter().map(|site| site.host.as_str()).collect();
            Err(Error::bad_request("exact", format!("this unit has several sites, name one: {}", hosts.join(", "))))
        }
    }
}
