//! From lines to articles that are ready to be published: all that needs no database, on a thread of its own.

use std::collections::{HashSet, VecDeque};
use std::io::{self, BufRead};
use std::sync::Arc;

use arc_swap::ArcSwap;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use tokio::sync::mpsc;

use lienthong_domain::access::{Permit, act};
use lienthong_domain::article::{Article, ArticleInput, FieldError, FieldRule};
use lienthong_domain::audience::Audience;
use lienthong_domain::change::{self, Audit};
use lienthong_domain::entry::{Content, Entry, EntryError, NewEntry, OwnDates};
use lienthong_domain::hold::{Finding, findings, findings_in_slug};
use lienthong_domain::ids::{CategoryId, SeriesId, SiteId, TopicId};
use lienthong_domain::internal::Projection;
use lienthong_domain::registry::{Category, Site, SiteKind};
use lienthong_domain::scope::Placement;
use lienthong_domain::slug::{Slug, slugify};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::bulk::{Digest, Publication};

use crate::article_line::{self, ArticleLine, Wrong};
use crate::commands::articles::audit;
use crate::commands::import_articles::Clock;
use crate::commands::import_articles::lines::{Line, Lines, MAX_LINE};
use crate::commands::import_articles::report::{Position, Refused};
use crate::commands::projection;
use crate::error::Error;
use crate::proof::signers::Signers;
use crate::reference::{DEEPEST, Snapshot};

/// Articles in one transaction at most, unless fewer are asked for. Many lists have their end in one place each, and a transaction writes every page it
/// touches once: a batch of 500 writes 40 KiB an article to the log of the database, one of 2,000 30 KiB, and this one goes
/// faster by a sixth than that. It keeps other writers waiting for about a second.
pub(super) const BATCH: usize = 5_000;

/// Bytes of lines in one transaction, the last one apart.
const BATCH_BYTES: usize = 64 << 20;

/// Lines that are looked at side by side at most, and their bytes, the last one apart.
const CHUNK: usize = 256;
const CHUNK_BYTES: usize = 4 << 20;

/// How far the threads that look at lines stand back: of a core that two want they get a tenth.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// Longest source id, in bytes.
const MAX_SOURCE_ID: usize = 300;

/// An article of the file, published as if it were new.
pub(super) struct Candidate {
    /// Number of its line.
    pub(super) line: u64,
    /// Whether the line states the address, which then may not be another one.
    pub(super) states_slug: bool,
    /// For whom the article is, where the line states it; otherwise a known one stays what it is.
    pub(super) audience: Option<Audience>,
    /// The last major change, where the line states it.
    pub(super) updated_at: Option<Timestamp>,
    /// The source id of the article of the same site that it corrects.
    pub(super) corrects: Option<String>,
    /// Whether sanitising took something out.
    pub(super) sanitised: bool,
    /// Whether it is public from before the first day of its site.
    pub(super) is_early: bool,
    /// Why a second person has to look before it is public.
    pub(super) findings: Vec<Finding>,
    /// What would be written for a new article.
    pub(super) new: Publication,
}

/// What is written in one transaction. No two candidates have the same site and source id.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) candidates: Vec<Candidate>,
    pub(super) refused: Vec<Refused>,
    /// The oldest state of the reference data that candidates were placed by.
    pub(super) reference_version: u64,
    /// Up to where the source has been read.
    pub(super) position: Position,
}

/// Makes candidates of lines.
pub(super) struct Preparation {
    reference: Arc<ArcSwap<Snapshot>>,
    signers: Arc<Signers>,
    permit: Permit<act::ImportContent>,
    batch: usize,
    clock: Clock,
    workers: ThreadPool,
}

impl Preparation {
    pub(super) fn new(
        (reference, signers): (Arc<ArcSwap<Snapshot>>, Arc<Signers>),
        permit: Permit<act::ImportContent>,
        batch: usize,
        clock: Clock,
    ) -> Result<Self, Error> {
        let workers = workers().map_err(|error| Error::Internal(error.to_string()))?;
        Ok(Self { reference, signers, permit, batch: batch.clamp(1, BATCH), clock, workers })
    }

    /// Reads the source to its end, or until nobody takes the batches any more.
    pub(super) fn run(self, source: impl BufRead, batches: &mpsc::Sender<Batch>) -> io::Result<()> {
        let mut supply = Supply { lines: Lines::new(source), ready: VecDeque::new() };
        loop {
            let batch = self.next_batch(&mut supply)?;
            let is_last = batch.candidates.is_empty() && batch.refused.is_empty();
            if is_last || batches.blocking_send(batch).is_err() {
                return Ok(());
            }
        }
    }

    /// A candidate whose key is already in the batch is left for the next one, which then finds the first written.
    fn next_batch<R: BufRead>(&self, supply: &mut Supply<R>) -> io::Result<Batch> {
        let mut batch = Batch { reference_version: u64::MAX, ..Batch::default() };
        let (mut keys, mut bytes) = (HashSet::new(), 0);
        while batch.candidates.len() + batch.refused.len() < self.batch && bytes < BATCH_BYTES {
            let Some(looked) = supply.next(self)? else { break };
            if looked.outcome.as_ref().is_ok_and(|candidate| !keys.insert(candidate.key())) {
                supply.ready.push_front(looked);
                break;
            }
            bytes += looked.length;
            batch.take(looked);
        }
        Ok(batch)
    }

    /// Looks at lines side by side: nearly all of the work is done here.
    fn look_at(&self, read: Vec<Read>) -> VecDeque<Looked> {
        let snapshot = self.reference.load_full();
        let desk = Desk { snapshot: &snapshot, permit: &self.permit, now: (self.clock)() };
        let look = |Read { position, length, text }: Read| {
            let line = match text {
                Some(text) => article_line::parse(&text),
                None => Err(vec![whole(format!("must not exceed {MAX_LINE} bytes"))]),
            };
            let outcome = line.and_then(|line| desk.candidate(&self.signers, position.lines, line));
            Looked { position, length, reference_version: snapshot.version, outcome: outcome.map(Box::new) }
        };
        let looked: Vec<Looked> = self.workers.install(|| read.into_par_iter().map(look).collect());
        looked.into()
    }
}

/// Threads that look at lines, one for each core. The one that writes goes before them, so that it never lies behind them and has
/// little left to write when they are done, and so does a server beside the import.
fn workers() -> Result<ThreadPool, ThreadPoolBuildError> {
    let name = |number| format!("import-{number}");
    ThreadPoolBuilder::new().thread_name(name).start_handler(|_| give_way()).build()
}

/// On Linux a thread has a niceness of its own (sched(7)). Where that is refused, it works all the same.
fn give_way() {
    #[cfg(target_os = "linux")]
    let _refused = rustix::process::nice(NICENESS);
}

/// The source, and what of it has been looked at and stands in no batch yet.
struct Supply<R> {
    lines: Lines<R>,
    ready: VecDeque<Looked>,
}

/// A line; without its text when it is too long.
struct Read {
    position: Position,
    length: usize,
    text: Option<Vec<u8>>,
}

/// A line that was looked at.
struct Looked {
    /// Up to where the source has been read with it.
    position: Position,
    length: usize,
    reference_version: u64,
    outcome: Result<Box<Candidate>, Vec<Wrong>>,
}

impl<R: BufRead> Supply<R> {
    fn next(&mut self, preparation: &Preparation) -> io::Result<Option<Looked>> {
        if self.ready.is_empty() {
            self.ready = preparation.look_at(self.read()?);
        }
        Ok(self.ready.pop_front())
    }

    fn read(&mut self) -> io::Result<Vec<Read>> {
        let (mut read, mut bytes) = (Vec::new(), 0);
        while read.len() < CHUNK && bytes < CHUNK_BYTES {
            let text = match self.lines.next()? {
                None => break,
                Some(Line::Text(text)) => Some(text.to_vec()),
                Some(Line::TooLong) => None,
            };
            let length = text.as_ref().map_or(0, Vec::len);
            bytes += length;
            read.push(Read { position: self.lines.position, length, text });
        }
        // Blank lines at the end belong to the last one.
        if let Some(last) = read.last_mut() {
            last.position = self.lines.position;
        }
        Ok(read)
    }
}

impl Batch {
    fn take(&mut self, Looked { position, length: _, reference_version, outcome }: Looked) {
        match outcome {
            Ok(candidate) => self.candidates.push(*candidate),
            Err(wrong) => self.refused.push(Refused { line: position.lines, wrong }),
        }
        self.reference_version = self.reference_version.min(reference_version);
        self.position = position;
    }
}

impl Candidate {
    /// Site and source id.
    pub(super) fn key(&self) -> (SiteId, String) {
        (self.new.entry.site, self.source_id().to_owned())
    }

    pub(super) fn source_id(&self) -> &str {
        self.new.entry.source_id.as_deref().unwrap_or_default()
    }
}

/// Where lines are looked at: the reference data, who imports, and when.
#[derive(Clone, Copy)]
pub(super) struct Desk<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) permit: &'a Permit<act::ImportContent>,
    pub(super) now: Timestamp,
}

impl Desk<'_> {
    /// Checks the line in full, so that all rules it breaks are told at once.
    fn candidate(&self, signers: &Signers, line: u64, stated: ArticleLine) -> Result<Candidate, Vec<Wrong>> {
        let mut wrong = self.wrong_dates(&stated);
        wrong.extend(wrong_source_id(&stated.source_id));
        let place = self.place(&stated).map_err(|errors| wrong.extend(errors)).ok();
        let slug = slug(&stated).map_err(|error| wrong.extend(error)).ok();
        let original_url = stated.original_url.as_deref().map(Article::check_original_url).transpose();
        let original_url = original_url.map_err(|error| wrong.push(shown(&error))).ok().flatten();
        let says = Says::of(&stated);
        let input = input(stated, place);
        let mut findings = findings(&input);
        let checked = Article::check(input).map_err(|errors| wrong.extend(errors.iter().map(shown))).ok();
        let (Some(place), Some(slug), Some((article, removed)), true) = (place, slug, checked, wrong.is_empty()) else {
            return Err(wrong);
        };
        let article = Article { original_url, ..article };
        findings.extend(findings_in_slug(&slug, &article.title));
        let digest = says.digest(&article, &slug);
        let mut entry =
            self.entry(place.site, (slug, &says), article).map_err(|error| vec![whole(error.to_string())])?;
        let signer = signers.of(entry.site, self.now);
        let signer = signer.map_err(|error| vec![whole(error.to_string())])?;
        let after = signer.sign_and_digest(&mut entry);
        let new = self.publication(entry, (digest, after)).ok_or_else(|| vec![unknown("category")])?;
        let Says { states_slug, audience, updated_at, corrects, .. } = says;
        let sanitised = !removed.is_empty();
        let is_early = place.is_early;
        Ok(Candidate { line, states_slug, audience, updated_at, corrects, sanitised, is_early, findings, new })
    }

    /// A new entry, published under its own dates.
    fn entry(&self, site: &Site, (slug, says): (Slug, &Says), article: Article) -> Result<Entry, EntryError> {
        let new = NewEntry {
            site: site.id,
            host: site.host.to_string(),
            slug,
            source_id: Some(says.source_id.clone()),
            // Known only once the database has been asked for it.
            corrects: None,
            content: Content::Article(Box::new(article)),
            author: self.permit.actor(),
        };
        let mut entry = Entry::new(new, self.now);
        let (published_at, updated_at) = (says.published_at, says.updated_at.unwrap_or(says.published_at));
        entry.publish_as_of(OwnDates { published_at, updated_at })?;
        Ok(entry)
    }

    /// What publishing `entry` leaves, by the digest of the line and that of the signed edition; `None` when its category is not
    /// on its site.
    pub(super) fn publication(
        &self,
        entry: Entry,
        (digest, after): (Digest, Option<change::Digest>),
    ) -> Option<Publication> {
        let Some(Content::Article(article)) = entry.live.as_ref().map(|live| &live.content) else { return None };
        let placement = placement(self.snapshot, entry.site, (article.category, article.topic))?;
        let shown = Projection::of(&entry, &placement)?;
        let change = projection::first(&entry, &shown, self.now);
        let edition = entry.live.as_ref().map(|live| live.id);
        let audit = Audit { edition, after, ..audit(self.permit, &entry, None, self.now) };
        Some(Publication { entry, shown, digest, change, audit })
    }

    fn place(&self, stated: &ArticleLine) -> Result<StatedPlace<'_>, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let topic = stated.topic.as_deref().map(|code| self.snapshot.topics.by_code(code));
        if matches!(topic, Some(None)) {
            wrong.push(("topic".to_owned(), "must exist".to_owned()));
        }
        let topic = topic.flatten();
        let Some(site) = self.site(&stated.site) else {
            wrong.push(("site".to_owned(), "must exist".to_owned()));
            return Err(wrong);
        };
        let is_public = stated.audience.unwrap_or_default().is_public();
        let is_early =
            is_early(site, (stated.published_at, is_public)).map_err(|rule| wrong.push(rule)).unwrap_or_default();
        let units = site.unit.map(|unit| self.snapshot.units.chain(unit)).unwrap_or_default();
        if topic.is_some_and(|topic| !topic.is_valid_within(&units)) {
            wrong.push(unknown("topic"));
        }
        let series = stated.series.as_deref().map(|slug| self.snapshot.series.by_slug(site.id, slug));
        if matches!(series, Some(None)) {
            wrong.push(unknown("series"));
        }
        let series = series.flatten().map(|series| series.id);
        let Some(category) = self.category(site.id, &stated.category) else {
            wrong.push(unknown("category"));
            return Err(wrong);
        };
        if wrong.is_empty() {
            Ok(StatedPlace { site, category, topic: topic.map(|topic| topic.id), series, is_early })
        } else {
            Err(wrong)
        }
    }

    /// A site by host or id, when the permit reaches it: outside it, it does not exist.
    fn site(&self, name: &str) -> Option<&Site> {
        let sites = &self.snapshot.sites;
        let by_id = || name.parse().ok().and_then(|id| sites.get(SiteId::from_uuid(id)));
        let site = sites.by_host(name).or_else(by_id)?;
        (site.kind != SiteKind::Catalogue && self.permit.scope().contains(site.id)).then_some(site)
    }

    fn category(&self, site: SiteId, name: &str) -> Option<&Arc<Category>> {
        let categories = &self.snapshot.categories;
        let by_id = || name.parse().ok().and_then(|id| categories.get(CategoryId::from_uuid(id)));
        categories.by_slug(site, name).or_else(by_id).filter(|category| category.site == site)
    }

    fn wrong_dates(&self, stated: &ArticleLine) -> Vec<Wrong> {
        let dates = [("publishedAt", Some(stated.published_at)), ("updatedAt", stated.updated_at)];
        let future = dates.into_iter().filter(|(_, at)| at.is_some_and(|at| at > self.now));
        future.map(|(field, _)| (field.to_owned(), "must not lie in the future".to_owned())).collect()
    }
}

/// The reference data that a line names.
#[derive(Clone, Copy)]
struct StatedPlace<'a> {
    site: &'a Site,
    category: &'a Category,
    topic: Option<TopicId>,
    series: Option<SeriesId>,
    is_early: bool,
}

/// Where an article stands, by the reference data in memory; `None` when its category is not on its site.
pub(crate) fn placement(
    snapshot: &Snapshot,
    site: SiteId,
    (category, topic): (CategoryId, Option<TopicId>),
) -> Option<Placement> {
    let first = snapshot.categories.get(category).filter(|category| category.site == site)?;
    let above = |category: &&Arc<Category>| category.parent.and_then(|parent| snapshot.categories.get(parent));
    let topic = topic.or(first.topic);
    let above_topic = topic.and_then(|topic| snapshot.topics.get(topic)?.parent);
    Some(Placement {
        site,
        units: snapshot.sites.get(site)?.unit.map(|unit| snapshot.units.chain(unit)).unwrap_or_default(),
        categories: std::iter::successors(Some(first), above).take(DEEPEST).map(|category| category.id).collect(),
        topics: topic.into_iter().chain(above_topic).collect(),
    })
}

/// Whether an article is public from before the first day of its site; refused behind the last.
pub(super) fn is_early(site: &Site, (published_at, is_public): (Timestamp, bool)) -> Result<bool, Wrong> {
    let day = published_at.local_day();
    if site.is_closed_on(day) {
        return Err(("publishedAt".to_owned(), "must not lie behind the last day of the site".to_owned()));
    }
    Ok(is_public && day < site.active_from)
}

fn input(stated: ArticleLine, place: Option<StatedPlace<'_>>) -> ArticleInput {
    // Without a place the line is refused; the other fields are checked all the same.
    let nowhere = CategoryId::from_uuid(uuid::Uuid::nil());
    ArticleInput {
        kind: stated.kind,
        audience: stated.audience,
        category: place.map_or(nowhere, |place| place.category.id),
        topic: place.and_then(|place| place.topic),
        series: place.and_then(|place| place.series),
        title: stated.title,
        summary: stated.summary,
        body: stated.body,
        language: stated.language,
        tags: stated.tags,
        author: stated.author,
        source: stated.source.map(Into::into),
        cover: stated.cover.map(Into::into),
        // A line cannot speak of them: an article that is here keeps its own.
        attachments: Vec::new(),
    }
}

/// The address that is stated, or one made from the title. A blank title is wrong by itself and not once more here.
fn slug(stated: &ArticleLine) -> Result<Slug, Option<Wrong>> {
    let slug = match &stated.slug {
        Some(slug) => slug.parse().ok(),
        None if stated.title.trim().is_empty() => return Err(None),
        None => slugify(&stated.title),
    };
    slug.ok_or_else(|| Some(("slug".to_owned(), FieldRule::NotASlug.to_string())))
}

fn wrong_source_id(id: &str) -> Option<Wrong> {
    let rule = match id.trim() {
        "" => FieldRule::Blank,
        id if id.len() > MAX_SOURCE_ID => FieldRule::TooLong(MAX_SOURCE_ID),
        _ => return None,
    };
    Some(("sourceId".to_owned(), rule.to_string()))
}

/// What a line says besides the article itself.
struct Says {
    source_id: String,
    states_slug: bool,
    audience: Option<Audience>,
    published_at: Timestamp,
    updated_at: Option<Timestamp>,
    corrects: Option<String>,
}

impl Says {
    fn of(stated: &ArticleLine) -> Self {
        Self {
            source_id: stated.source_id.trim().to_owned(),
            states_slug: stated.slug.is_some(),
            audience: stated.audience,
            published_at: stated.published_at,
            updated_at: stated.updated_at,
            corrects: stated.corrects.as_deref().map(str::trim).map(str::to_owned),
        }
    }

    /// Tells two lines of an article apart: all that the line says, in its stored form, and whether it states what it may leave
    /// out. Lines that differ may want the same; that is found out by comparing with what is live.
    fn digest(&self, article: &Article, slug: &Slug) -> Digest {
        let mut hasher = blake3::Hasher::new();
        // An article always has a JSON form. The hasher takes it at once much faster than bit by bit.
        hasher.update(&serde_json::to_vec(article).unwrap_or_default());
        hasher.update(article.body.as_str().as_bytes()).update(&[0]);
        hasher.update(if self.states_slug { slug.as_str().as_bytes() } else { b"" }).update(&[0]);
        hasher.update(self.audience.map_or("", Audience::as_str).as_bytes()).update(&[0]);
        hasher.update(&self.published_at.as_micros().to_be_bytes());
        hasher.update(&self.updated_at.map_or(i64::MIN, Timestamp::as_micros).to_be_bytes());
        hasher.update(self.corrects.as_deref().unwrap_or_default().as_bytes());
        let mut digest = Digest::default();
        hasher.finalize_xof().fill(&mut digest);
        digest
    }
}

fn shown(error: &FieldError) -> Wrong {
    (error.field.to_owned(), error.rule.to_string())
}

fn unknown(field: &str) -> Wrong {
    (field.to_owned(), FieldRule::Unknown.to_string())
}

fn whole(rule: String) -> Wrong {
    (String::new(), rule)
}
