//! The documents that are signed and whose digests stand in the log, as canonical JSON (docs/proof.md).
//!
//! Each is written member by member, so that a field added to an article later leaves the documents of the editions before
//! it as they were: what is absent is left out.

use lienthong_domain::article::{Article, Cover, Source};
use lienthong_domain::change::Digest;
use lienthong_domain::entry::{Content, Edition, Entry, Major, Publication, Signature};
use lienthong_domain::procedure::{Procedure, RawRecord};
use lienthong_domain::time::Timestamp;
use lienthong_proof::canonical::Object;
use lienthong_proof::{hex, sha256};

/// The form of [`payload`].
pub const PAYLOAD_SCHEMA: &str = "lienthong/edition/1";

/// The form of [`record`].
pub const RECORD_SCHEMA: &str = "lienthong/edition-record/1";

/// What an edition says, in whatever state it is: the part of [`payload`] that a draft has too.
pub fn text(entry: &Entry, edition: &Edition) -> String {
    let common = Object::default()
        .maybe("corrects", entry.corrects.map(|id| id.to_string()))
        .text("createdAt", edition.created_at.to_string())
        .text("entry", entry.id.to_string())
        .text("id", edition.id.to_string())
        .text("kind", entry.kind.as_str())
        .whole("number", edition.number)
        .text("site", entry.site.to_string());
    match &edition.content {
        Content::Article(article) => of_article(common, article),
        Content::Procedure(procedure) => of_procedure(common, procedure),
    }
    .finish()
}

/// What a site signs when it publishes an edition: what it says, and how it went public. `dates` are the start of the
/// run before its audience and the last major change, at that moment.
pub fn payload(entry: &Entry, edition: &Edition, dates: (Timestamp, Timestamp)) -> String {
    payload_around(text(entry, edition), (entry, edition), dates)
}

/// The same around the text that was made of the edition already.
pub fn payload_around(
    text: String,
    (entry, edition): (&Entry, &Edition),
    (published_at, updated_at): (Timestamp, Timestamp),
) -> String {
    let Publication { weight, note, at: _, until } = &edition.publication;
    // An entry that has been internal only has no first publication yet, and gets one later.
    let first = entry.first_published_at.filter(|_| edition.content.audience().is_public());
    let publication = Object::default()
        .maybe("changeNote", note.as_ref())
        .maybe("editionPublishedAt", edition.published_at.map(|at| at.to_string()))
        .maybe("firstPublishedAt", first.map(|at| at.to_string()))
        .flag("minor", *weight == Major::Minor)
        .text("publishedAt", published_at.to_string())
        .text("slug", entry.slug.as_str())
        .text("tagUri", &entry.tag_uri)
        .text("updatedAt", updated_at.to_string())
        .maybe("visibleUntil", until.map(|at| at.to_string()));
    Object::default()
        .canonical("edition", text)
        .object("publication", Some(publication))
        .text("schema", PAYLOAD_SCHEMA)
        .finish()
}

/// Where an edition stands and whose it is, besides the digest of what it says. Not for the public: it names accounts.
pub fn record(entry: &Entry, edition: &Edition) -> String {
    record_around(&text(entry, edition), edition)
}

fn record_around(text: &str, edition: &Edition) -> String {
    let Edition {
        id,
        number: _,
        state,
        content,
        author,
        writers,
        needs_screening,
        // Not of the text: rules that grow hold what has long been public.
        is_held: _,
        publication,
        created_at: _,
        published_at,
        signature,
    } = edition;
    let Publication { weight, note, at, until } = publication;
    let raw = match content {
        Content::Article(_) => None,
        Content::Procedure(procedure) => serde_json::to_vec(&procedure.raw).ok(),
    };
    Object::default()
        .text("author", author.to_string())
        .maybe("changeNote", note.as_ref())
        .text("edition", id.to_string())
        .flag("minor", *weight == Major::Minor)
        .flag("needsScreening", *needs_screening)
        .maybe("publishAt", at.map(|at| at.to_string()))
        .maybe("publishedAt", published_at.map(|at| at.to_string()))
        .maybe("raw", raw.map(|raw| hex(&sha256(&raw))))
        .text("schema", RECORD_SCHEMA)
        .object("signed", signature.map(of_signature))
        .text("state", state.as_str())
        .text("text", hex(&sha256(text.as_bytes())))
        .maybe("visibleUntil", until.map(|at| at.to_string()))
        .texts("writers", writers.iter().map(ToString::to_string))
        .finish()
}

fn of_signature(Signature { key, bytes, published_at, updated_at }: Signature) -> Object {
    Object::default()
        .text("key", key.to_string())
        .text("publishedAt", published_at.to_string())
        .text("signature", hex(&bytes))
        .text("updatedAt", updated_at.to_string())
}

/// The digest of [`record`], which stands in the log with every act on the edition.
pub fn digest(entry: &Entry, edition: &Edition) -> Digest {
    sha256(record(entry, edition).as_bytes())
}

/// The same around the text that was made of the edition already.
pub fn digest_around(text: &str, edition: &Edition) -> Digest {
    sha256(record_around(text, edition).as_bytes())
}

fn of_article(common: Object, article: &Article) -> Object {
    let Article {
        kind,
        audience,
        category,
        topic,
        series,
        title,
        summary,
        body,
        language,
        tags,
        author,
        source,
        cover,
        attachments,
        original_url,
    } = article;
    // Each stands as the text that is stored and shown. Most articles have none, and then no member.
    let attached = attachments.iter().map(|attachment| serde_json::to_string(attachment).unwrap_or_default());
    let common = if attachments.is_empty() { common } else { common.texts("attachments", attached) };
    common
        .text("articleKind", kind.as_str())
        .text("audience", audience.as_str())
        .maybe("author", author.as_ref())
        .text("category", category.to_string())
        .object("cover", cover.as_ref().map(of_cover))
        .text("html", body.as_str())
        .text("language", language.to_string())
        .maybe("originalUrl", original_url.as_ref())
        .maybe("series", series.map(|series| series.to_string()))
        .object("source", source.as_ref().map(of_source))
        .text("summary", summary)
        .texts("tags", tags)
        .text("title", title)
        .maybe("topic", topic.map(|topic| topic.to_string()))
}

fn of_source(source: &Source) -> Object {
    let Source { name, url, author, published_at, verbatim } = source;
    Object::default()
        .maybe("author", author.as_ref())
        .text("name", name)
        .maybe("publishedAt", published_at.map(|at| at.to_string()))
        .maybe("url", url.as_ref())
        .flag("verbatim", *verbatim)
}

fn of_cover(cover: &Cover) -> Object {
    let Cover { media, url, alt, caption, credit, width, height } = cover;
    let pixels = |object: Object, name, size: &Option<u32>| match size {
        Some(size) => object.whole(name, *size),
        None => object,
    };
    let object = Object::default()
        .text("alt", alt)
        .maybe("caption", caption.as_ref())
        .maybe("credit", credit.as_ref())
        .maybe("media", media.map(|media| media.to_string()))
        .text("url", url);
    pixels(pixels(object, "width", width), "height", height)
}

/// The detail stands as the text that is stored and shown, so that a program that knows more fields reads the same.
fn of_procedure(common: Object, procedure: &Procedure) -> Object {
    let detail = Procedure { raw: RawRecord::default(), ..procedure.clone() };
    common.text("title", &procedure.name).text("detail", serde_json::to_string(&detail).unwrap_or_default())
}
