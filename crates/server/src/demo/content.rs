//! The demo's procedures and articles: old content comes in as a file of lines, the rest as editors would have done it.

use std::io::{self, Write as _};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use indicatif::ProgressBar;
use serde_json::{Value, json};

use lienthong_app::commands::articles::{NewArticle, create};
use lienthong_app::commands::bulk::Run;
use lienthong_app::commands::desk::withdraw;
use lienthong_app::commands::import_articles::{ArticlesImport, MOST_IN_A_BATCH, Position, import_articles};
use lienthong_app::commands::procedures::{ProceduresImport, import_procedures};
use lienthong_app::queries::articles::{ArticleKey, detail};
use lienthong_app::queries::{Tags, entries};
use lienthong_app::{App, Error};
use lienthong_demo::{DemoArticle, DemoCover, DemoOrigin, DemoRevision, DemoState};
use lienthong_domain::article::{ArticleInput, ArticleKind, Cover, Source};
use lienthong_domain::ids::{CategoryId, SiteId};
use lienthong_domain::time::Timestamp;

use crate::cli::operator;
use crate::failure::Failure;

/// Loads everything. After a load that was broken off it is run again and ends in the same content; what had been revised
/// then has two editions more.
pub(super) async fn load(app: &App, (base, bar): (&str, &ProgressBar), now: Timestamp) -> Result<(), Failure> {
    let source = lienthong_demo::procedures_jsonl().as_bytes();
    import_procedures(app, &operator().permit()?, ProceduresImport { source, run: Run::default() }, now).await?;
    let articles: Vec<DemoArticle> = lienthong_demo::sites().iter().flat_map(lienthong_demo::articles).collect();
    published(app, (&articles, base), bar, now).await?;
    for article in &articles {
        match article.state {
            DemoState::Draft { saved_at } => draft(app, (article, base), saved_at.into()).await?,
            DemoState::Withdrawn { at, .. } => withdrawn(app, article, at.into()).await?,
            DemoState::Published { .. } => {}
        }
    }
    Ok(())
}

/// Everything that was published once, and behind it the later changes, which become editions of their own.
async fn published(
    app: &App,
    (articles, base): (&[DemoArticle], &str),
    bar: &ProgressBar,
    now: Timestamp,
) -> Result<(), Failure> {
    let lines: Vec<Value> = articles
        .iter()
        .flat_map(|article| [first_line(article, base), revised_line(article, base)])
        .flatten()
        .collect();
    bar.set_length(lines.len() as u64);
    let mut file = Vec::new();
    for line in &lines {
        serde_json::to_writer(&mut file, line).map_err(Failure::new)?;
        file.write_all(b"\n").map_err(Failure::new)?;
    }
    let progress = |position: Position| bar.set_position(position.lines);
    let import =
        ArticlesImport { source: io::Cursor::new(file), dry_run: false, batch: MOST_IN_A_BATCH, progress: &progress };
    let report = import_articles(app, &operator().permit()?, import, Arc::new(move || now)).await?;
    match report.errors.first() {
        Some(error) => Err(Failure::new(format!("an article of the demo was refused: {error}"))),
        None => Ok(()),
    }
}

fn first_line(article: &DemoArticle, base: &str) -> Option<Value> {
    match article.state {
        DemoState::Draft { .. } => None,
        DemoState::Published { first_at, .. } | DemoState::Withdrawn { first_at, .. } => {
            line(article, (&article.body_html, base), (first_at, None))
        }
    }
}

fn revised_line(article: &DemoArticle, base: &str) -> Option<Value> {
    match &article.state {
        DemoState::Published { first_at, revision: Some(DemoRevision { at, body_html }) } => {
            line(article, (body_html, base), (*first_at, Some(*at)))
        }
        _ => None,
    }
}

/// A line of the file; `None` for an article of an unknown site.
fn line(
    article: &DemoArticle,
    (body, base): (&str, &str),
    (published_at, updated_at): (DateTime<Utc>, Option<DateTime<Utc>>),
) -> Option<Value> {
    let DemoArticle {
        source_id,
        site,
        category,
        slug,
        title,
        summary,
        body_html: _,
        tags,
        author,
        cover,
        origin,
        language,
        state: _,
    } = article;
    Some(json!({
        "sourceId": source_id, "site": host(site)?, "category": category, "slug": slug, "title": title, "summary": summary,
        "body": here(body, base), "language": language, "tags": tags, "author": author, "source": source_member(origin),
        "cover": cover.as_ref().map(|cover| cover_member(cover, base)), "publishedAt": published_at,
        "updatedAt": updated_at,
    }))
}

fn source_member(origin: &DemoOrigin) -> Value {
    match origin {
        DemoOrigin::Original => Value::Null,
        DemoOrigin::Repost { name, url, author, published_at } => {
            json!({"name": name, "url": url, "author": author, "publishedAt": published_at, "verbatim": true})
        }
    }
}

fn cover_member(cover: &DemoCover, base: &str) -> Value {
    let DemoCover { path, alt, caption, credit, width, height } = cover;
    let url = format!("{base}{path}");
    json!({"url": url, "alt": alt, "caption": caption, "credit": credit, "width": width, "height": height})
}

/// An article that nobody has published, as its author saved it.
async fn draft(app: &App, (article, base): (&DemoArticle, &str), saved_at: Timestamp) -> Result<(), Failure> {
    let (site, category) = place(app, article)?;
    let new = NewArticle {
        site,
        slug: Some(article.slug.clone()),
        corrects: None,
        input: input(article.clone(), category, base),
        idempotency: None,
    };
    match create(app, &operator().permit()?, new, saved_at).await {
        // Made by an earlier attempt.
        Ok(_) | Err(Error::SlugTaken) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Takes an article back that was public for a while.
async fn withdrawn(app: &App, article: &DemoArticle, at: Timestamp) -> Result<(), Failure> {
    let (site, _) = place(app, article)?;
    let key = ArticleKey::Slug(site, article.slug.clone());
    let actor = operator();
    match detail(app, &key, &Tags::default(), at).await {
        Ok(Some(found)) => {
            let entry = entries::find(app, &actor.permit_or_own()?, found.entry).await?;
            withdraw(app, &actor.permit()?, (entry.id, entry.version), at).await?;
            Ok(())
        }
        // Gone since the last time that the demo was loaded.
        Ok(None) | Err(Error::Gone { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn place(app: &App, article: &DemoArticle) -> Result<(SiteId, CategoryId), Failure> {
    let reference = app.reference();
    let site = host(article.site).and_then(|host| reference.sites.by_host(host)).map(|site| site.id);
    let found = site.and_then(|site| Some((site, reference.categories.by_slug(site, article.category)?.id)));
    found.ok_or_else(|| Failure::new(format!("the demo's {}/{} is missing", article.site, article.category)))
}

fn host(key: &str) -> Option<&'static str> {
    lienthong_demo::sites().iter().find(|site| site.key == key).map(|site| site.host)
}

/// Pictures are drawn by this very server.
fn here(html: &str, base: &str) -> String {
    html.replace("src=\"/", &format!("src=\"{base}/"))
}

fn input(article: DemoArticle, category: CategoryId, base: &str) -> ArticleInput {
    let DemoArticle { title, summary, body_html, tags, author, cover, origin, language, .. } = article;
    ArticleInput {
        kind: ArticleKind::News,
        audience: None,
        category,
        topic: None,
        series: None,
        title,
        summary,
        body: here(&body_html, base),
        language: Some(language.to_owned()),
        tags,
        author: Some(author),
        source: source(origin),
        cover: cover.map(|cover| cover_at(cover, base)),
        attachments: Vec::new(),
    }
}

fn source(origin: DemoOrigin) -> Option<Source> {
    match origin {
        DemoOrigin::Original => None,
        DemoOrigin::Repost { name, url, author, published_at } => Some(Source {
            name: name.to_owned(),
            url: Some(url),
            author: Some(author.to_owned()),
            published_at: Some(published_at.into()),
            verbatim: true,
        }),
    }
}

fn cover_at(cover: DemoCover, base: &str) -> Cover {
    let DemoCover { path, alt, caption, credit, width, height } = cover;
    let (caption, credit) = (Some(caption), Some(credit));
    Cover { media: None, url: format!("{base}{path}"), alt, caption, credit, width: Some(width), height: Some(height) }
}
