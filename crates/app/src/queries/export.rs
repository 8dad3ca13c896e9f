//! Export of all that is published, for everybody or internally, in the form that an import reads.

use std::collections::VecDeque;

use lienthong_domain::article::Article;
use lienthong_domain::audience::Audience;
use lienthong_domain::ids::SiteId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::exports::{self, ExportedArticle};

use crate::app::App;
use crate::article_line::ArticleLine;
use crate::error::Error;
use crate::reference::Snapshot;

/// Articles read at a time.
const PAGE: u32 = 500;

/// A running export: JSON Lines, site by site in the order of their hosts, in each by first publication and address.
/// Instances with the same sites and articles export the same bytes.
#[derive(Debug)]
pub struct ArticlesExport {
    sites: VecDeque<SiteId>,
    /// The last article written of the first site.
    after: Option<(Timestamp, String)>,
}

/// A piece of an export: whole lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// The lines.
    pub text: Vec<u8>,
    /// How many.
    pub articles: usize,
    /// How many of them have attached documents, of which the lines say nothing.
    pub with_attachments: usize,
}

impl ArticlesExport {
    /// An export of one site, or of all of them.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a host that no site has.
    pub fn new(app: &App, host: Option<&str>) -> Result<Self, Error> {
        let reference = app.reference();
        let sites = if let Some(host) = host {
            VecDeque::from([reference.sites.by_host(host).ok_or(Error::NotFound("site"))?.id])
        } else {
            let mut sites: Vec<_> = reference.sites.in_order().collect();
            sites.sort_by_key(|site| site.host.to_string());
            sites.into_iter().map(|site| site.id).collect()
        };
        Ok(Self { sites, after: None })
    }

    /// The next lines; `None` at the end.
    ///
    /// # Errors
    /// [`Error::Store`] when the database does not answer.
    pub async fn next(&mut self, app: &App, now: Timestamp) -> Result<Option<Chunk>, Error> {
        while let Some(site) = self.sites.front().copied() {
            let after = self.after.as_ref().map(|(at, slug)| (*at, slug.as_str()));
            let found = exports::articles(app.store(), site, after, PAGE, now).await?;
            if let Some(last) = found.last() {
                self.after = Some((last.first_published_at, last.slug.clone()));
                return Ok(Some(chunk(&app.reference(), site, found)?));
            }
            self.sites.pop_front();
            self.after = None;
        }
        Ok(None)
    }
}

fn chunk(reference: &Snapshot, site: SiteId, found: Vec<ExportedArticle>) -> Result<Chunk, Error> {
    let host = reference.sites.get(site).ok_or(Error::NotFound("site"))?.host.to_string();
    let articles = found.len();
    let with_attachments = found.iter().filter(|one| !one.article.attachments.is_empty()).count();
    let mut text = Vec::with_capacity(articles * 4_096);
    for article in found {
        let line = line(reference, &host, article)?;
        serde_json::to_writer(&mut text, &line).map_err(|error| Error::Internal(error.to_string()))?;
        text.push(b'\n');
    }
    Ok(Chunk { text, articles, with_attachments })
}

/// The line of an article. One that was written here has no source id; its own id then serves other instances as one.
fn line(reference: &Snapshot, host: &str, exported: ExportedArticle) -> Result<ArticleLine, Error> {
    let ExportedArticle { entry, source_id, corrects, slug, first_published_at, updated_at, article } = exported;
    #[rustfmt::skip]
    let Article {
        kind, audience, category, topic, series, title, summary, body, language, tags, author, source, cover,
        // They are files of the site's library, which a line of text cannot bring along: `Chunk` counts them.
        attachments: _,
        original_url,
    } = article;
    let category = reference.categories.get(category).ok_or(Error::NotFound("category"))?;
    let series = series.and_then(|series| reference.series.get(series));
    let topic = topic.and_then(|topic| reference.topics.get(topic));
    Ok(ArticleLine {
        source_id: source_id.unwrap_or_else(|| entry.to_string()),
        site: host.to_owned(),
        category: category.slug.to_string(),
        slug: Some(slug),
        kind,
        audience: (audience != Audience::Public).then_some(audience),
        title,
        summary,
        body: body.into_string(),
        language: Some(language.to_string()),
        tags,
        author,
        source: source.map(Into::into),
        cover: cover.map(Into::into),
        published_at: first_published_at,
        updated_at: Some(updated_at),
        topic: topic.map(|topic| topic.code.to_string()),
        series: series.map(|series| series.slug.to_string()),
        corrects: corrects.map(|(entry, source_id)| source_id.unwrap_or_else(|| entry.to_string())),
        original_url,
    })
}
