//! Old articles with their own dates and their whole life: drafts, public ones with a later revision, withdrawn ones.

use std::collections::{HashMap, HashSet};

use lienthong_domain::access::{Permit, act};
use lienthong_domain::article::{Article, ArticleInput};
use lienthong_domain::change::{Change, ChangeKind};
use lienthong_domain::entry::{Content, Entry, EntryKind, Major, NewEntry, Outcome, OwnDates};
use lienthong_domain::html::SafeHtml;
use lienthong_domain::ids::{CategoryId, SiteId, TopicId};
use lienthong_domain::live::LiveEntry;
use lienthong_domain::scope::Placement;
use lienthong_domain::slug::Slug;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, Tx, categories, entries, live_projection};

use crate::app::App;
use crate::commands::articles::{audit, superseded};
use crate::commands::bulk::{BATCH, Batches, Run};
use crate::commands::projection;
use crate::error::Error;

/// An article as another system knew it.
#[derive(Debug, Clone)]
pub struct OldArticle {
    /// The site it belongs to.
    pub site: SiteId,
    /// Its address there.
    pub slug: Slug,
    /// Its identity in the other system, by which it is recognised.
    pub source_id: String,
    /// What it says, in its first edition.
    pub input: ArticleInput,
    /// What became of it.
    pub life: Life,
}

/// The life of an old article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Life {
    /// Never published.
    Draft {
        /// When it was last saved.
        saved_at: Timestamp,
    },
    /// Public now.
    Public {
        /// First publication.
        first_at: Timestamp,
        /// A later major change of the body: when, and the new HTML.
        revision: Option<(Timestamp, String)>,
    },
    /// Was public, and no longer is.
    Withdrawn {
        /// First publication.
        first_at: Timestamp,
        /// Withdrawal.
        at: Timestamp,
    },
}

/// Brings in old articles of one site or several; those already there under their source id stay as they are. Returns
/// how many were new.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit, [`Error::Invalid`] for an article that breaks a rule; the batches
/// before stand.
pub async fn bring_in(
    app: &App,
    permit: &Permit<act::ImportContent>,
    (articles, run): (Vec<OldArticle>, Run<'_>),
    now: Timestamp,
) -> Result<usize, Error> {
    let (total, mut brought) = (articles.len() as u64, 0);
    let mut batches = Batches::new(app, run);
    let mut articles = articles.into_iter().peekable();
    while articles.peek().is_some() {
        let batch: Vec<OldArticle> = articles.by_ref().take(BATCH).collect();
        let rows = batch.len();
        let tx = batches.begin().await?;
        let (record, new) = write(&tx, permit, batch, now).await?;
        brought += new;
        batches.end(tx, record, (rows, Some(total))).await?;
    }
    batches.finish(app).await?;
    Ok(brought)
}

/// One batch: first editions together, then what became of them one by one.
async fn write(
    tx: &Tx,
    permit: &Permit<act::ImportContent>,
    batch: Vec<OldArticle>,
    now: Timestamp,
) -> Result<(Record, usize), Error> {
    let known = known(tx, &batch).await?;
    let mut places = Places::default();
    let mut begun = Vec::new();
    for old in batch.into_iter().filter(|old| !known.contains(&(old.site, old.source_id.clone()))) {
        begun.push(first_edition(tx, permit, (old, &mut places)).await?);
    }
    let made: Vec<Entry> = begun.iter().map(|(entry, ..)| entry.clone()).collect();
    entries::insert(tx, &made).await?;
    let lives: Vec<LiveEntry> =
        begun.iter().filter_map(|(entry, placement, _)| LiveEntry::project(entry, placement)).collect();
    live_projection::show_new(tx, &lives).await?;
    let mut record = Record::default();
    for (entry, live) in begun.iter().filter_map(|(entry, ..)| Some((entry, entry.live.as_ref()?))) {
        let Some(shown) = lives.iter().find(|live| live.entry == entry.id) else { continue };
        let kind = (ChangeKind::Published, live.id);
        record.changes.push(projection::change(entry, kind, &shown.shown.scopes, shown.published_at));
    }
    let brought = begun.len();
    for (mut entry, placement, life) in begun {
        record.audits.push(audit(permit, &entry, entry.live.as_ref().or(entry.draft.as_ref()), now));
        record.changes.extend(live_on(tx, &mut entry, (&placement, life)).await?);
    }
    Ok((record, brought))
}

/// The source ids that are there already, by site.
async fn known(tx: &Tx, batch: &[OldArticle]) -> Result<HashSet<(SiteId, String)>, Error> {
    let mut wanted: HashMap<SiteId, Vec<String>> = HashMap::new();
    for old in batch {
        wanted.entry(old.site).or_default().push(old.source_id.clone());
    }
    let mut known = HashSet::new();
    for (site, ids) in wanted {
        let found = entries::lock_by_sources(
            tx,
            (site, EntryKind::Article),
            &ids.iter().map(String::as_str).collect::<Vec<_>>(),
        )
        .await?;
        known.extend(found.into_iter().filter_map(|entry| Some((site, entry.source_id?))));
    }
    Ok(known)
}

async fn first_edition(
    tx: &Tx,
    permit: &Permit<act::ImportContent>,
    (old, places): (OldArticle, &mut Places),
) -> Result<(Entry, Placement, Life), Error> {
    let OldArticle { site, slug, source_id, input, life } = old;
    if !permit.scope().contains(site) {
        return Err(Error::NotFound("site"));
    }
    let (article, _) = Article::check(input).map_err(Error::Invalid)?;
    let (host, placement) = places.of(tx, site, (article.category, article.topic)).await?;
    let (born, published) = match &life {
        Life::Draft { saved_at } => (*saved_at, None),
        Life::Public { first_at, .. } | Life::Withdrawn { first_at, .. } => (*first_at, Some(*first_at)),
    };
    let content = Content::Article(Box::new(article));
    let new = NewEntry { site, host, slug, source_id: Some(source_id), content, author: permit.actor() };
    let mut entry = Entry::new(new, born);
    if let Some(published_at) = published {
        entry.publish_as_of(OwnDates { published_at, updated_at: published_at })?;
    }
    Ok((entry, placement, life))
}

/// What happened after the first publication.
async fn live_on(tx: &Tx, entry: &mut Entry, (placement, life): (&Placement, Life)) -> Result<Option<Change>, Error> {
    match life {
        Life::Draft { .. } | Life::Public { revision: None, .. } => Ok(None),
        Life::Public { revision: Some((at, body)), .. } => {
            let Some(edition) = &entry.live else { return Ok(None) };
            let (mut content, author) = (edition.content.clone(), edition.author);
            if let Content::Article(article) = &mut content {
                article.body = SafeHtml::sanitise(&body).0;
            }
            entry.edit(entry.version, content, author, at)?;
            let outcome = entry.publish(entry.version, Major::Major, at)?;
            entries::save(tx, entry, superseded(&outcome)).await?;
            Ok(Some(projection::show(tx, entry, (placement, &outcome), at).await?))
        }
        Life::Withdrawn { at, .. } => {
            let outcome = entry.withdraw(entry.version)?;
            let Outcome::Withdrawn { edition } = &outcome else { return Ok(None) };
            entries::save(tx, entry, Some(edition)).await?;
            Ok(Some(projection::hide(tx, entry, edition.id, at).await?))
        }
    }
}

/// Hosts and placements, read once for each site and category.
#[derive(Default)]
struct Places {
    hosts: HashMap<SiteId, String>,
    placements: HashMap<(SiteId, CategoryId, Option<TopicId>), Placement>,
}

impl Places {
    async fn of(
        &mut self,
        tx: &Tx,
        site: SiteId,
        (category, topic): (CategoryId, Option<TopicId>),
    ) -> Result<(String, Placement), Error> {
        let key = (site, category, topic);
        if !self.placements.contains_key(&key) {
            let host = lienthong_persistence::sites::find(tx, site).await?.ok_or(Error::NotFound("site"))?.host;
            let placement = categories::placement(tx, site, category, topic).await?;
            self.hosts.insert(site, host.to_string());
            self.placements.insert(key, placement.ok_or(Error::NotFound("category"))?);
        }
        match (self.hosts.get(&site), self.placements.get(&key)) {
            (Some(host), Some(placement)) => Ok((host.clone(), placement.clone())),
            _ => Err(Error::NotFound("site")),
        }
    }
}
