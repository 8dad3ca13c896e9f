//! Corrections in feeds: as links for programs, and as a line of the content for whoever reads, or republishes, only that.

use std::fmt::Write as _;

use lienthong_domain::correction::Mention as Mentioned;
use lienthong_domain::time::Timestamp;
use lienthong_syndication::{Mention, escape};

use crate::view::{ArticleView, MentionView};

/// What the article corrects, as long as that is public, and its own corrections.
pub(super) fn of(article: &ArticleView) -> (Option<Mention>, Vec<Mention>) {
    let corrected = article.corrects().and_then(|corrected| corrected.shown).and_then(mention);
    (corrected, article.corrections().into_iter().filter_map(mention).collect())
}

/// The lines before the body, in Vietnamese beside a Vietnamese text and in English beside any other.
pub(super) fn shown(language: &str, (corrects, corrections): (Option<&Mention>, &[Mention])) -> String {
    let [of, by] = if language.starts_with("vi") {
        ["Đính chính cho bài", "Đính chính"]
    } else {
        ["Correction of", "Correction"]
    };
    let mut html = String::new();
    for (label, Mention { url, title, published, .. }) in
        corrects.map(|one| (of, one)).into_iter().chain(corrections.iter().map(|one| (by, one)))
    {
        let (href, title) = (escape(url.as_str()), escape(title));
        let day = Timestamp::from(*published).local_day().format("%d/%m/%Y");
        let _ = write!(html, "<p><strong>{label}:</strong> <a href=\"{href}\">{title}</a> ({day})</p>");
    }
    html
}

/// `None` for an address or identity that cannot be read, as of an item.
fn mention(MentionView { url, mention }: MentionView) -> Option<Mention> {
    let Mentioned { tag_uri, title, published_at, .. } = mention;
    Some(Mention { id: tag_uri.parse().ok()?, url: url.parse().ok()?, title, published: published_at.to_utc() })
}
