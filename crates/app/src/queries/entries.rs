//! Entries as their editors see them.

use lienthong_domain::access::{OwnOr, act};
use lienthong_domain::article::Article;
use lienthong_domain::entry::{Content, Edition, Entry, Remark};
use lienthong_domain::ids::EntryId;
use lienthong_domain::text::{Piece, difference};
use lienthong_persistence::{editions, entries, remarks};
use lienthong_syndication::plain_text;

use crate::app::App;
use crate::error::Error;

/// An entry with its open and its live edition.
///
/// # Errors
/// [`Error::NotFound`] outside the permit or for a text of others; [`Error::Store`] when the database does not answer.
pub async fn find(app: &App, permit: &OwnOr<act::ReadDraft>, id: EntryId) -> Result<Entry, Error> {
    let found = entries::find(app.store(), &permit.scope(), id).await?;
    let reached = |entry: &Entry| permit.reaches(entry.site, entry.is_by(permit.actor()));
    found.filter(reached).ok_or(Error::NotFound("article"))
}

/// The editions of an entry that was read with a permit, latest first: at most `limit` of those before number `before`.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn history(app: &App, entry: &Entry, (before, limit): (Option<u32>, u32)) -> Result<Vec<Edition>, Error> {
    Ok(editions::before(app.store(), entry, (before.unwrap_or(i32::MAX.unsigned_abs()), limit)).await?)
}

/// A field in which two editions differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDifference {
    /// Its name, as in the input of an article.
    pub field: &'static str,
    /// What both say, in order.
    pub pieces: Vec<Piece>,
}

/// In what two editions of an entry that was read with a permit differ, as people read it: bodies without markup,
/// categories and topics by name.
///
/// # Errors
/// [`Error::NotFound`] when there is no edition of one of the numbers; [`Error::Store`].
pub async fn differences(app: &App, entry: &Entry, (from, to): (u32, u32)) -> Result<Vec<FieldDifference>, Error> {
    let (before, after) = (readable(app, entry, from).await?, readable(app, entry, to).await?);
    let fields = before.into_iter().zip(after).filter(|((_, before), (_, after))| before != after);
    Ok(fields
        .map(|((field, before), (_, after))| FieldDifference { field, pieces: difference(&before, &after) })
        .collect())
}

/// Every field of an edition as text.
async fn readable(app: &App, entry: &Entry, number: u32) -> Result<[(&'static str, String); 13], Error> {
    let edition = editions::find(app.store(), entry, number).await?.ok_or(Error::NotFound("edition"))?;
    let Content::Article(article) = edition.content else { return Err(Error::NotFound("article")) };
    #[rustfmt::skip] // One name a line would make a long function of a short one.
    let Article {
        kind, audience, category, topic, series, title, summary, body, language: _, tags, author, source, cover,
        attachments,
        original_url: _,
    } = *article;
    let reference = app.reference();
    let category = reference.categories.get(category).map(|category| category.name.clone());
    let topic = topic.and_then(|topic| reference.topics.get(topic)).map(|topic| topic.name_vi.clone());
    let series = series.and_then(|series| reference.series.get(series)).map(|series| series.text.title.clone());
    let cover = cover.map(|cover| [cover.url, cover.alt, cover.caption.unwrap_or_default()].join("\n"));
    Ok([
        ("title", title),
        ("summary", summary),
        ("body", plain_text(body.as_str())),
        ("kind", kind.as_str().to_owned()),
        ("audience", audience.as_str().to_owned()),
        ("category", category.unwrap_or_default()),
        ("topic", topic.unwrap_or_default()),
        ("series", series.unwrap_or_default()),
        ("tags", tags.join("\n")),
        ("author", author.unwrap_or_default()),
        ("source", source.map(|source| source.name).unwrap_or_default()),
        ("cover", cover.unwrap_or_default()),
        ("attachments", attachments.iter().map(|it| it.title.as_str()).collect::<Vec<_>>().join("\n")),
    ])
}

/// The remarks on an entry that was read with a permit, latest first.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn remarks_on(app: &App, entry: &Entry) -> Result<Vec<Remark>, Error> {
    Ok(remarks::of_entry(app.store(), entry.id).await?)
}
