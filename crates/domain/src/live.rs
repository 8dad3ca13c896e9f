//! The live projection: what public delivery knows of an entry, computed when it is published.

use std::collections::BTreeSet;

use crate::article::{Article, ArticleKind, Cover, Source};
use crate::entry::{Content, Entry, EntryKind, Signature};
use crate::ids::{CategoryId, EditionId, EntryId, SeriesId, SiteId, TopicId};
use crate::media::Attachment;
use crate::outbound;
use crate::procedure::{Procedure, RawRecord, StatusState};
use crate::scope::{Placement, ScopeSet, Subject, procedure_scopes};
use crate::time::Timestamp;

/// One live entry with its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveEntry {
    /// The entry.
    pub entry: EntryId,
    /// Its site.
    pub site: SiteId,
    /// Its kind.
    pub kind: EntryKind,
    /// The edition that is live.
    pub edition: EditionId,
    /// That edition's number.
    pub edition_number: u32,
    /// Address on the site.
    pub slug: String,
    /// The entry's own topic, or else its category's.
    pub topic: Option<TopicId>,
    /// Identity in feeds.
    pub tag_uri: String,
    /// The article that it corrects.
    pub corrects: Option<EntryId>,
    /// First publication ever.
    pub first_published_at: Timestamp,
    /// Start of the current run in public.
    pub published_at: Timestamp,
    /// Last major change.
    pub updated_at: Timestamp,
    /// Last change.
    pub modified_at: Timestamp,
    /// Moment after which it is no longer shown.
    pub visible_until: Option<Timestamp>,
    /// The signature of its site over the edition.
    pub signature: Option<Signature>,
    /// What it shows.
    pub shown: Shown,
}

/// What the kinds have in common once they are shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shown {
    /// Title.
    pub title: String,
    /// Summary, plain text.
    pub summary: String,
    /// Form of journalism, for articles.
    pub article_kind: Option<ArticleKind>,
    /// Category, for kinds that have one.
    pub category: Option<CategoryId>,
    /// The series it belongs to, for articles.
    pub series: Option<SeriesId>,
    /// Language tag.
    pub language: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Byline.
    pub author: Option<String>,
    /// Origin of a repost.
    pub source: Option<Source>,
    /// Lead image.
    pub cover: Option<Cover>,
    /// Attached documents, in their order.
    pub attachments: Vec<Attachment>,
    /// Body, sanitised HTML.
    pub html: String,
    /// Typed detail of kinds other than articles, as JSON.
    pub detail: Option<String>,
    /// The hosts outside that it leads to.
    pub outbound: BTreeSet<String>,
    /// The lists it belongs to.
    pub scopes: ScopeSet,
}

impl LiveEntry {
    /// The projection of an entry that has just been published; `None` when nothing of it is public.
    pub fn project(entry: &Entry, placement: &Placement) -> Option<Self> {
        let edition = entry.live.as_ref().filter(|edition| edition.content.audience().is_public())?;
        let updated_at = entry.updated_at?;
        let shown = Shown::of(&edition.content, placement);
        Some(Self {
            entry: entry.id,
            site: entry.site,
            kind: entry.kind,
            edition: edition.id,
            edition_number: edition.number,
            slug: entry.slug.as_str().to_owned(),
            topic: placement.topic(),
            tag_uri: entry.tag_uri.clone(),
            corrects: entry.corrects,
            first_published_at: entry.first_published_at?,
            published_at: entry.published_at?,
            updated_at,
            modified_at: edition.published_at?.max(updated_at),
            visible_until: edition.publication.until,
            signature: edition.signature,
            shown: Shown {
                // An archived piece stands in no list.
                scopes: if entry.archived_at.is_some() { ScopeSet::default() } else { shown.scopes },
                ..shown
            },
        })
    }
}

impl Shown {
    fn of(content: &Content, placement: &Placement) -> Self {
        match content {
            Content::Article(article) => Self::of_article(article, placement),
            Content::Procedure(procedure) => Self::of_procedure(procedure),
        }
    }

    fn of_article(article: &Article, placement: &Placement) -> Self {
        Self {
            title: article.title.clone(),
            summary: article.summary.clone(),
            article_kind: Some(article.kind),
            category: Some(article.category),
            series: article.series,
            language: article.language.to_string(),
            tags: article.tags.clone(),
            author: article.author.clone(),
            source: article.source.clone(),
            cover: article.cover.clone(),
            attachments: article.attachments.clone(),
            html: article.body.as_str().to_owned(),
            detail: None,
            outbound: outbound::hosts(article),
            scopes: article_scopes(article, placement),
        }
    }

    /// The edition keeps the raw record; the public detail does without it, because its fields hold all of its text.
    /// A procedure that is no longer valid stays readable under its code and stands in no list.
    fn of_procedure(procedure: &Procedure) -> Self {
        let detail = Procedure { raw: RawRecord::default(), ..procedure.clone() };
        let listed = is_valid(procedure);
        Self {
            title: procedure.name.clone(),
            language: crate::language::MAIN.to_owned(),
            detail: serde_json::to_string(&detail).ok(),
            scopes: if listed {
                procedure_scopes(&procedure.levels, procedure.field.as_deref())
            } else {
                ScopeSet::default()
            },
            ..Self::default()
        }
    }
}

/// Every list that an article belongs to.
pub fn article_scopes(article: &Article, placement: &Placement) -> ScopeSet {
    let mut marks: Vec<Subject> = article.tags.iter().cloned().map(Subject::Tag).collect();
    marks.extend(article.language.other_than_main().map(|tag| Subject::Language(tag.to_owned())));
    marks.extend(article.kind.other_than_news().map(Subject::ArticleKind));
    let listed = placement.scopes(&marks);
    match article.series {
        Some(series) => listed.union(&placement.scopes_in_series(series, &marks)),
        None => listed,
    }
}

/// Whether a procedure may be asked for: in force, amended, or of a status that is not stated or not known.
fn is_valid(procedure: &Procedure) -> bool {
    let state = procedure.status.as_ref().and_then(|status| status.state);
    !matches!(state, Some(StatusState::Expired | StatusState::Replaced | StatusState::Annulled))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::procedure::parse;

    fn shown(status: &str) -> (Shown, Procedure) {
        let record = json!({
            "ma_thu_tuc": "1.001193",
            "ten_thu_tuc": "Thủ tục đăng ký khai sinh",
            "cap_thuc_hien": "Cấp xã",
            "linh_vuc": "Hộ tịch",
            "trang_thai": status,
            "ghi_chu_rieng": "chỉ có trong bản gốc",
        });
        let procedure = parse(serde_json::from_value(record).unwrap()).unwrap().procedure;
        (Shown::of_procedure(&procedure), procedure)
    }

    #[test]
    fn the_public_detail_is_the_procedure_without_its_raw_record() {
        let (shown, procedure) = shown("Còn hiệu lực");
        let detail = shown.detail.unwrap();
        assert!(!detail.contains("ghi_chu_rieng"), "{detail}");
        let read: Procedure = serde_json::from_str(&detail).unwrap();
        assert_eq!(Procedure { raw: procedure.raw.clone(), ..read }, procedure);
    }

    #[test]
    fn only_what_is_known_to_be_over_is_in_no_list() {
        for (status, listed) in [
            ("Còn hiệu lực", true),
            ("Sửa đổi", true),
            ("", true),
            ("Chờ công bố", true),
            ("Hết hiệu lực", false),
            ("Thay thế", false),
            ("Bãi bỏ", false),
        ] {
            let scopes = shown(status).0.scopes;
            assert_eq!(scopes.len(), if listed { 4 } else { 0 }, "{status:?}");
        }
    }
}
