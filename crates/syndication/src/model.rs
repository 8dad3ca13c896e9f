//! The one model behind every feed format.

use chrono::{DateTime, Utc};
use url::Url;

use crate::{ContentHtml, TagUri, text};

/// A feed document: what a site, a category or any other filter has published, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Identity of the feed, the same in every format and on every page of it.
    pub id: TagUri,
    /// Title, plain text.
    pub title: String,
    /// What the feed is about, plain text; may be empty.
    pub subtitle: String,
    /// BCP 47 tag of the feed's language, such as `vi`.
    pub language: String,
    /// Address of this very document, in the format being rendered.
    pub self_url: Url,
    /// The home page that shows the same content to people.
    pub alternate_url: Url,
    /// The next, older page of the feed (RFC 5005 section 3).
    pub next_url: Option<Url>,
    /// The `WebSub` hub that pushes this feed.
    pub hub: Option<Url>,
    /// The newest major change of anything in the feed.
    pub updated: DateTime<Utc>,
    /// The software, with its version.
    pub generator: String,
    /// Who may do what with the content, plain text.
    pub rights: Option<String>,
    /// Name of the office that answers for the feed.
    pub author: String,
    /// Whether the site is closed, so that nothing will ever be added. Only JSON Feed can say so.
    pub expired: bool,
    /// The entries; ids must be distinct.
    pub items: Vec<Item>,
    /// Entries that were withdrawn (RFC 6721). RSS cannot express them.
    pub deleted: Vec<Tombstone>,
}

/// One published entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Identity, minted once and never changed, whatever happens to title or address.
    pub id: TagUri,
    /// Where people read the entry.
    pub url: Url,
    /// Title, plain text.
    pub title: String,
    /// Summary, plain text; may be empty.
    pub summary: String,
    /// The body; may be empty.
    pub content_html: ContentHtml,
    /// First publication.
    pub published: DateTime<Utc>,
    /// Last major change: the one that makes readers show the entry as new.
    pub updated: DateTime<Utc>,
    /// Last change of any size, when it is not the major one.
    pub modified: Option<DateTime<Utc>>,
    /// The person who wrote it.
    pub author: Option<String>,
    /// Name of the office that published it: the author in the sense of every format.
    pub office: String,
    /// Site categories, topics and tags.
    pub categories: Vec<Category>,
    /// The cover picture.
    pub image: Option<Image>,
    /// Attached files.
    pub attachments: Vec<Attachment>,
    /// Where a repost was taken from.
    pub source: Option<Source>,
    /// What this entry corrects. The content says so too: whoever republishes one of both shows both.
    pub corrects: Option<Mention>,
    /// What corrects this entry, newest first. The content says so too.
    pub corrections: Vec<Mention>,
    /// BCP 47 tag of the entry's language; written only where it differs from the feed's.
    pub language: String,
    /// Which edition on which site this is, for consumers that verify.
    pub origin: Option<Origin>,
}

/// A term of a catalogue, or a free tag. One with an empty term is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// The key within its scheme, for machines.
    pub term: String,
    /// The catalogue that the term belongs to.
    pub scheme: Option<Url>,
    /// The name for people; the term when empty.
    pub label: String,
}

/// A cover picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Address of the picture.
    pub url: Url,
    /// Media type such as `image/jpeg`; empty when it is not known.
    pub media_type: String,
    /// Size in bytes, when known.
    pub length: Option<u64>,
    /// What the picture shows, for those who do not see it; may be empty.
    pub alt: String,
    /// Caption; may be empty.
    pub caption: String,
    /// Photographer or provider; may be empty.
    pub credit: String,
}

/// An attached file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Address of the file.
    pub url: Url,
    /// Media type such as `application/pdf`.
    pub media_type: String,
    /// Size in bytes, when known.
    pub length: Option<u64>,
    /// Title; may be empty.
    pub title: String,
}

/// Where a repost comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Name of the newspaper or office.
    pub name: String,
    /// The original article.
    pub url: Option<Url>,
    /// The feed that the article was harvested from. RSS can name a source only by it.
    pub feed_url: Option<Url>,
    /// Author named by the source.
    pub author: Option<String>,
    /// When the source published it.
    pub published: Option<DateTime<Utc>>,
}

/// Another entry that an item names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// Its identity in feeds.
    pub id: TagUri,
    /// Where people read it.
    pub url: Url,
    /// Its title, plain text.
    pub title: String,
    /// When it was published.
    pub published: DateTime<Utc>,
}

/// The edition that an item was rendered from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The site that published the edition.
    pub site_url: Url,
    /// Id of the entry on that site.
    pub entry: String,
    /// Id of the edition.
    pub edition: String,
    /// The site's signature over the edition.
    pub signature: Option<Signature>,
}

/// A detached signature over an edition in canonical JSON (RFC 8785).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// `kid` in the key set of the site.
    pub key_id: String,
    /// The detached JWS (RFC 7515 appendix F, RFC 7797).
    pub value: String,
}

/// An entry that is no longer there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// Id of the entry.
    pub id: TagUri,
    /// When it was withdrawn.
    pub at: DateTime<Utc>,
    /// The office that withdrew it; may be empty.
    pub by: String,
    /// Why; may be empty.
    pub comment: String,
}

impl Feed {
    /// Room for the rendered document, so that it is written without growing: markup per item plus its text, an eighth
    /// of it again for escaping, and the text once more where a format repeats it without markup.
    pub(crate) fn capacity(&self, copies: usize) -> usize {
        let item = |item: &Item| {
            let text = item.content_html.as_str().len() + item.summary.len() + item.title.len();
            2_000
                + copies * text * 9 / 8
                + 400 * item.attachments.len()
                + 200 * item.categories.len()
                + 1_500 * item.mentions().count()
        };
        4_000 + self.items.iter().map(item).sum::<usize>() + 500 * self.deleted.len()
    }
}

impl Item {
    /// The language tag, where it has to be said.
    pub(crate) fn language_beside<'a>(&'a self, feed: &Feed) -> Option<&'a str> {
        (self.language != feed.language && !self.language.is_empty()).then_some(self.language.as_str())
    }

    /// What the entry corrects, then what corrects it.
    pub(crate) fn mentions(&self) -> impl Iterator<Item = &Mention> {
        self.corrects.iter().chain(&self.corrections)
    }

    /// Term, scheme and label of each category that has a term.
    pub(crate) fn terms(&self) -> impl Iterator<Item = (String, Option<&str>, String)> {
        self.categories.iter().filter_map(|category| {
            let term = Some(text::line(&category.term)).filter(|term| !term.is_empty())?;
            let label = Some(text::line(&category.label)).filter(|label| !label.is_empty());
            Some((term.clone(), category.scheme.as_ref().map(Url::as_str), label.unwrap_or(term)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{absolutise, atom, jsonfeed, rss};

    fn item(html: &str) -> Item {
        let url: Url = "https://thuongxuan.example.vn/tin/1".parse().unwrap();
        let label = "Lịch tiếp công dân".to_owned();
        Item {
            id: "tag:thuongxuan.example.vn,2026:entry/1".parse().unwrap(),
            title: label.clone(),
            summary: "Từ 7h30 thứ Bảy, tại trụ sở \"một cửa\" & trực tuyến.".repeat(3),
            content_html: absolutise(html, &url),
            published: DateTime::UNIX_EPOCH,
            updated: DateTime::UNIX_EPOCH,
            modified: Some(DateTime::UNIX_EPOCH),
            author: Some("Lê Thị Hoà".to_owned()),
            office: "UBND xã Thường Xuân".to_owned(),
            categories: vec![Category { term: "tcd.lich".to_owned(), scheme: Some(url.clone()), label }],
            image: None,
            attachments: vec![],
            source: None,
            corrects: None,
            corrections: vec![],
            language: "vi".to_owned(),
            origin: None,
            url,
        }
    }

    fn feed(items: Vec<Item>) -> Feed {
        let url: Url = "https://thuongxuan.example.vn/".parse().unwrap();
        Feed {
            id: "tag:thuongxuan.example.vn,2026:feed".parse().unwrap(),
            title: "Trang thông tin điện tử xã Thường Xuân".to_owned(),
            subtitle: "Tin tức, chỉ đạo điều hành".to_owned(),
            language: "vi".to_owned(),
            self_url: url.clone(),
            alternate_url: url.clone(),
            next_url: Some(url.clone()),
            hub: Some(url),
            updated: DateTime::UNIX_EPOCH,
            generator: "Liên Thông".to_owned(),
            rights: None,
            author: "UBND xã Thường Xuân".to_owned(),
            expired: false,
            items,
            deleted: vec![],
        }
    }

    #[test]
    fn an_ordinary_page_is_written_into_one_buffer_that_never_grows() {
        let paragraph = "<p>UBND xã <a href=\"/tin/1\">thông báo</a> lịch \"định kỳ\" tháng 12 &amp; tháng 1.</p>\n";
        let article = item(&paragraph.repeat(25));
        assert!((2_900..3_500).contains(&article.content_html.as_str().len()));
        for feed in [feed(vec![]), feed(vec![article; 50])] {
            assert_eq!(rss::render(&feed).capacity(), feed.capacity(1));
            assert_eq!(atom::render(&feed).capacity(), feed.capacity(1));
            assert_eq!(jsonfeed::render(&feed).capacity(), feed.capacity(2));
        }
    }
}
