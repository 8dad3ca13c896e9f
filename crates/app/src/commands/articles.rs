//! Writing articles. What becomes of them is decided in [`crate::commands::desk`].

use lienthong_domain::access::{Action, By, Operation, OwnOr, Permit, SiteScope, act};
use lienthong_domain::article::{Article, ArticleInput, FieldError, FieldRule};
use lienthong_domain::audience::Audience;
use lienthong_domain::change::{Audit, Matter};
use lienthong_domain::entry::{Content, Edition, Entry, EntryKind, NewEntry, Outcome, Version};
use lienthong_domain::hold::{Finding, Hold, findings};
use lienthong_domain::html::Removed;
use lienthong_domain::ids::{ActorId, EntryId, SiteId};
use lienthong_domain::registry::Site;
use lienthong_domain::scope::Placement;
use lienthong_domain::slug::{Slug, numbered, slugify};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{
    Record, Tx, autosaves, categories, documents, editions, entries, holds as rows, series, sites, topics,
};

use crate::app::App;
use crate::commands::holds;
use crate::commands::idempotency::{Attempt, IdempotencyKey};
use crate::commands::media;
use crate::error::Error;

/// An article to be made.
#[derive(Debug, Clone)]
pub struct NewArticle {
    /// On which site.
    pub site: SiteId,
    /// Its address; made from the title when absent.
    pub slug: Option<String>,
    /// The article of the site that it corrects; fixed from then on.
    pub corrects: Option<EntryId>,
    /// What it says.
    pub input: ArticleInput,
    /// The client's name for this request, so that it can be sent again when its answer was lost.
    pub idempotency: Option<IdempotencyKey>,
}

/// An entry after a write, and what the author should hear about its text.
#[derive(Debug, Clone)]
pub struct Written {
    /// The entry.
    pub entry: Entry,
    /// What sanitising took out.
    pub removed: Vec<Removed>,
    /// Why a second person has to look before it becomes public; empty unless the draft is held.
    pub findings: Vec<Finding>,
}

/// Makes an article as a draft. A request repeated under its idempotency key makes nothing and is answered as it was the
/// first time.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit, [`Error::Invalid`] with every field that breaks a rule,
/// [`Error::SlugTaken`], [`Error::IdempotencyKeyReused`].
pub async fn create(
    app: &App,
    permit: &Permit<act::Create>,
    new: NewArticle,
    now: Timestamp,
) -> Result<Written, Error> {
    let attempt = Attempt::of(&new)?;
    let Examined { article, removed, findings } = examined(new.input).await?;
    let tx = app.store().begin().await?;
    let site = site_within(&tx, permit, new.site).await?;
    placement(&tx, site.id, &article).await?;
    check_corrected(&tx, site.id, new.corrects).await?;
    let article = Box::pin(media::resolve(&tx, site.id, article)).await?;
    let slug = slug(&tx, site.id, (new.slug, &article.title)).await?;
    let new = NewEntry {
        site: site.id,
        host: site.host.to_string(),
        slug,
        source_id: None,
        corrects: new.corrects,
        content: Content::Article(Box::new(article)),
        author: permit.actor(),
    };
    let mut entry = Entry::new(new, now);
    let hold = judged((app, &tx), &mut entry, (findings, permit.actor()), now).await?;
    if let Some(attempt) = attempt
        && let Some(entry) = attempt.claim(&tx, permit, &entry).await?
    {
        return Ok(Written { findings: hold.map(|hold| hold.findings).unwrap_or_default(), entry, removed });
    }
    entries::insert(&tx, std::slice::from_ref(&entry)).await?;
    let findings = raise(&tx, hold).await?;
    let record = Record { changes: Vec::new(), audits: vec![audit(permit, &entry, entry.draft.as_ref(), now)] };
    tx.commit(record).await?;
    Ok(Written { entry, removed, findings })
}

/// Replaces the text of the draft, or begins a new draft over the edition that is public or was handed in, whose text
/// stays as it is.
///
/// # Errors
/// [`Error::NotFound`] outside the permit, [`Error::Invalid`], [`Error::Entry`] with the current version on a conflict.
pub async fn edit(
    app: &App,
    permit: &OwnOr<act::Edit>,
    (id, seen): (EntryId, Version),
    input: ArticleInput,
    now: Timestamp,
) -> Result<Written, Error> {
    let audience = input.audience;
    let Examined { article, removed, findings } = examined(input).await?;
    let tx = app.store().begin().await?;
    let mut entry = lock_own_or(&tx, permit, id).await?;
    placement(&tx, entry.site, &article).await?;
    let article = Box::pin(media::resolve(&tx, entry.site, article)).await?;
    let article = kept(&tx, &entry, (article, audience)).await?;
    let findings = rewrite((app, &tx), (&mut entry, seen), (article, findings, permit.actor()), now).await?;
    let trace = trace((permit.by(), Operation::Edit), &entry, entry.draft.as_ref(), now);
    let record = Record { changes: Vec::new(), audits: vec![trace] };
    tx.commit(record).await?;
    Ok(Written { entry, removed, findings })
}

/// What somebody sent, checked.
struct Examined {
    article: Article,
    removed: Vec<Removed>,
    findings: Vec<Finding>,
}

/// Scans and sanitises on a thread that may be kept busy: a body has up to 1 MiB.
async fn examined(input: ArticleInput) -> Result<Examined, Error> {
    let examine = move || {
        let findings = findings(&input);
        Article::check(input).map(|(article, removed)| Examined { article, removed, findings })
    };
    let examined = tokio::task::spawn_blocking(examine).await.map_err(|error| Error::Internal(error.to_string()))?;
    examined.map_err(Error::Invalid)
}

/// Makes `article` the draft, and holds it where something was found in it.
async fn rewrite(
    (app, tx): (&App, &Tx),
    (entry, seen): (&mut Entry, Version),
    (article, findings, actor): (Article, Vec<Finding>, ActorId),
    now: Timestamp,
) -> Result<Vec<Finding>, Error> {
    let replaced = entry.edit(seen, Content::Article(Box::new(article)), actor, now)?;
    let hold = judged((app, tx), entry, (findings, actor), now).await?;
    entries::save(tx, entry, replaced.as_ref()).await?;
    // What the writer had typed is saved now.
    autosaves::forget(tx, (entry.id, actor)).await?;
    raise(tx, hold).await
}

/// Judges the draft that `actor` has just written by what it says, what it shows, where it leads to and how much they write.
async fn judged(
    (app, tx): (&App, &Tx),
    entry: &mut Entry,
    (mut findings, actor): (Vec<Finding>, ActorId),
    now: Timestamp,
) -> Result<Option<Hold>, Error> {
    findings.extend(holds::unusual(app, tx, (entry, actor), now).await?);
    holds::judge(tx, entry, (findings, actor), now).await
}

/// Saves a hold on an entry that is saved. Returns what was found.
async fn raise(tx: &Tx, hold: Option<Hold>) -> Result<Vec<Finding>, Error> {
    let Some(hold) = hold else { return Ok(Vec::new()) };
    rows::raise(tx, &hold).await?;
    Ok(hold.findings)
}

/// Begins a new draft with the text of an earlier edition, for the audience that one had. Nothing of the history is changed.
///
/// # Errors
/// [`Error::NotFound`] outside the permit or without such an edition, [`Error::Invalid`] when its category is no longer
/// there, [`Error::Entry`] on a conflict or in the trash.
pub async fn restore(
    app: &App,
    permit: &OwnOr<act::Edit>,
    ((id, seen), number): ((EntryId, Version), u32),
    now: Timestamp,
) -> Result<Entry, Error> {
    let tx = app.store().begin().await?;
    let mut entry = lock_own_or(&tx, permit, id).await?;
    let edition = editions::find_within(&tx, &entry, number).await?.ok_or(Error::NotFound("edition"))?;
    let Content::Article(article) = edition.content else { return Err(Error::NotFound("edition")) };
    placement(&tx, entry.site, &article).await?;
    let findings = findings(&*article);
    rewrite((app, &tx), (&mut entry, seen), (*article, findings, permit.actor()), now).await?;
    let trace = trace((permit.by(), Operation::Edit), &entry, entry.draft.as_ref(), now);
    tx.commit(Record { changes: Vec::new(), audits: vec![trace] }).await?;
    Ok(entry)
}

/// An article within the permit, which nobody else changes until the transaction ends.
pub(super) async fn lock<A: Action>(tx: &Tx, permit: &Permit<A>, id: EntryId) -> Result<Entry, Error> {
    let found = entries::lock(tx, permit.scope(), id).await?;
    found.filter(|entry| entry.kind == EntryKind::Article).ok_or(Error::NotFound("article"))
}

/// The same, for somebody who may perhaps touch only what it has written itself.
pub(super) async fn lock_own_or<A: Action>(tx: &Tx, permit: &OwnOr<A>, id: EntryId) -> Result<Entry, Error> {
    let found = entries::lock(tx, &permit.scope(), id).await?;
    let reached = |entry: &Entry| permit.reaches(entry.site, entry.is_by(permit.actor()));
    found.filter(|entry| entry.kind == EntryKind::Article && reached(entry)).ok_or(Error::NotFound("article"))
}

/// The site, when the permit reaches it: outside it, it does not exist.
pub(super) async fn site_within<A: Action>(tx: &Tx, permit: &Permit<A>, id: SiteId) -> Result<Site, Error> {
    if !permit.scope().contains(id) {
        return Err(Error::NotFound("site"));
    }
    sites::find(tx, id).await?.ok_or(Error::NotFound("site"))
}

/// Where the article stands, from the rows of this transaction.
pub(super) async fn placement(tx: &Tx, site: SiteId, article: &Article) -> Result<Placement, Error> {
    let placement = categories::placement(tx, site, article.category, article.topic).await?;
    let placement = placement.ok_or_else(|| invalid("category", FieldRule::Unknown))?;
    if let Some(topic) = article.topic {
        let province = topics::province_of(tx, topic).await?.ok_or_else(|| invalid("topic", FieldRule::Unknown))?;
        // A province's own topic does not exist on the sites of others.
        if province.is_some_and(|province| !placement.units.contains(&province)) {
            return Err(invalid("topic", FieldRule::Unknown));
        }
    }
    if let Some(id) = article.series
        && !series::is_on(tx, site, id).await?
    {
        return Err(invalid("series", FieldRule::Unknown));
    }
    Ok(placement)
}

/// What is corrected is an article of the same site, and the public has read it.
async fn check_corrected(tx: &Tx, site: SiteId, corrected: Option<EntryId>) -> Result<(), Error> {
    let Some(id) = corrected else { return Ok(()) };
    let found = entries::lock(tx, &SiteScope::of([site]), id).await?.filter(|entry| entry.kind == EntryKind::Article);
    match found {
        None => Err(invalid("corrects", FieldRule::Unknown)),
        Some(entry) if !entry.can_be_corrected() => Err(invalid("corrects", FieldRule::NeverPublic)),
        Some(_) => Ok(()),
    }
}

/// The article with what no edit changes unless it says so: the address before the import, and the audience. They are those
/// of the last edition, also when that has been withdrawn.
async fn kept(tx: &Tx, entry: &Entry, (article, audience): (Article, Option<Audience>)) -> Result<Article, Error> {
    let open = entry.draft.as_ref().or(entry.live.as_ref()).cloned();
    let last = match open {
        Some(edition) => Some(edition),
        None => entries::last_edition(tx, entry).await?,
    };
    let Some(Content::Article(last)) = last.map(|edition| edition.content) else { return Ok(article) };
    Ok(Article { audience: audience.unwrap_or(last.audience), original_url: last.original_url, ..article })
}

/// Whether publishing the draft shows the entry to somebody who does not see it now.
pub(super) fn is_new_there(entry: &Entry) -> bool {
    let audience = |edition: &Edition| edition.content.audience();
    match (entry.live.as_ref().map(audience), entry.draft.as_ref().map(audience)) {
        (None, _) => true,
        (Some(live), Some(next)) => next.is_public() && !live.is_public(),
        (Some(_), None) => false,
    }
}

/// The address that is asked for, or else one made from the title.
async fn slug(tx: &Tx, site: SiteId, (stated, title): (Option<String>, &str)) -> Result<Slug, Error> {
    match stated {
        Some(slug) => slug.parse().map_err(|_| invalid("slug", FieldRule::NotASlug)),
        None => free_slug(tx, site, title).await,
    }
}

async fn free_slug(tx: &Tx, site: SiteId, title: &str) -> Result<Slug, Error> {
    let base = slugify(title).ok_or_else(|| invalid("slug", FieldRule::NotASlug))?;
    let taken = entries::slugs_like(tx, site, &base).await?;
    let numbers = (2..).map(|number| numbered(&base, number));
    let free = std::iter::once(base.clone()).chain(numbers).find(|slug| !taken.contains(slug.as_str()));
    free.ok_or(Error::SlugTaken)
}

/// The edition that is no longer what it was.
pub(super) const fn ended(outcome: &Outcome) -> Option<&Edition> {
    match outcome {
        Outcome::Updated { superseded: edition } | Outcome::Ended { edition, .. } => Some(edition),
        Outcome::Published | Outcome::Scheduled => None,
    }
}

fn invalid(field: &'static str, rule: FieldRule) -> Error {
    Error::Invalid(vec![FieldError { field, rule }])
}

pub(super) fn audit<A: Action>(permit: &Permit<A>, entry: &Entry, edition: Option<&Edition>, now: Timestamp) -> Audit {
    trace((permit.by(), A::OPERATION), entry, edition, now)
}

/// What somebody did with an entry, for the audit trail.
pub(super) fn trace(
    (by, operation): (By, Operation),
    entry: &Entry,
    edition: Option<&Edition>,
    now: Timestamp,
) -> Audit {
    Audit {
        by,
        operation,
        site: Some(entry.site),
        entry: Some(entry.id),
        edition: edition.map(|edition| edition.id),
        note: entry.slug.to_string(),
        matter: Some(Matter::Entry(entry.id)),
        after: edition.map(|edition| documents::digest(entry, edition)),
        at: now,
    }
}
