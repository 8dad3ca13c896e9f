//! HTML that is safe to serve: sanitised on write by an allow-list, with a report of what was taken out.

mod depth;
mod frames;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::LazyLock;

use ammonia::Builder;
use serde::Serialize;

use crate::poison;

/// HTML that has passed the allow-list. Only [`SafeHtml::sanitise`] and the database make one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeHtml(String);

/// Something that sanitising took out, for the author to read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Removed {
    /// An element such as `script`, or an attribute such as `@onclick`.
    pub what: String,
    /// How many of them.
    pub count: usize,
}

impl fmt::Display for Removed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {}", self.count, self.what)
    }
}

impl SafeHtml {
    /// Applies the allow-list.
    pub fn sanitise(html: &str) -> (Self, Vec<Removed>) {
        let clean = frames::without_empty(written(&POLICY.clean(&depth::bounded(html))));
        // Nearly all that is written is clean already, and then there is nothing to count.
        let removed = if clean == html { Vec::new() } else { difference(&inventory(html), &inventory(&clean)) };
        (Self(clean), removed)
    }

    /// Wraps HTML that was sanitised before it was stored.
    pub fn from_stored(html: String) -> Self {
        Self(html)
    }

    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The HTML, by value.
    pub fn into_string(self) -> String {
        self.0
    }
}

/// The text of a document; its own `to_string` takes as long to find it to be UTF-8 as to write it.
fn written(document: &ammonia::Document) -> String {
    let mut bytes = Vec::new();
    // Memory takes everything, and what is written is text.
    let _ = document.write_to(&mut bytes);
    simdutf8::basic::from_utf8(&bytes).map_or_else(|_| document.to_string(), str::to_owned)
}

static POLICY: LazyLock<Builder<'static>> = LazyLock::new(policy);

fn policy() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .add_tags(["figure", "figcaption", "section", "colgroup", "col", "iframe"])
        .rm_tags(["map", "area"])
        .add_tag_attributes("img", ["loading"])
        .add_tag_attributes("a", ["title"])
        .add_tag_attributes("th", ["scope"])
        // Addresses that no reader sees and the schemes of which nobody checks.
        .rm_tag_attributes("q", ["cite"])
        .rm_tag_attributes("blockquote", ["cite"])
        .rm_tag_attributes("del", ["cite"])
        .rm_tag_attributes("ins", ["cite"])
        .add_tag_attributes("iframe", ["src", "width", "height", "allowfullscreen", "loading"])
        .set_tag_attribute_value("iframe", "sandbox", SANDBOX)
        .url_schemes(["https", "http", "mailto", "tel"].into_iter().collect())
        .link_rel(Some("noopener noreferrer nofollow"))
        .strip_comments(true)
        .generic_attributes(["lang", "title"].into_iter().collect())
        .attribute_filter(|element, attribute, value| {
            admitted(element, attribute, value).then_some(Cow::Borrowed(value))
        });
    builder
}

/// What a player needs, and no more: it cannot move the page that it stands on.
const SANDBOX: &str = "allow-scripts allow-same-origin allow-presentation allow-popups";

/// Whether the address may stay: frames show videos, and links do not lead to betting houses or impostors.
fn admitted(element: &str, attribute: &str, value: &str) -> bool {
    match (element, attribute) {
        ("iframe", "src") => frames::is_player(value),
        ("a", "href") => !poison::leads_astray(value),
        _ => true,
    }
}

/// How often each element and each attribute occurs, read leniently from the text: `name` and `@name`.
fn inventory(html: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for tag in html.split('<').skip(1) {
        let Some(name) = leading_name(tag) else { continue };
        let rest = tag.get(name.len()..).unwrap_or_default();
        *found.entry(name.to_ascii_lowercase()).or_default() += 1;
        for attribute in attribute_names(rest) {
            *found.entry(format!("@{attribute}")).or_default() += 1;
        }
    }
    found
}

fn leading_name(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(text.len());
    text.get(..end).filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// Names before the end of the tag; values, quoted or not, are passed over.
fn attribute_names(rest: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut rest = rest;
    loop {
        rest = rest.trim_start_matches(|c: char| !c.is_ascii_alphabetic() && c != '>');
        let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/')).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if name.is_empty() {
            return names;
        }
        names.insert(name.to_ascii_lowercase());
        rest = skip_value(after);
    }
}

fn skip_value(after_name: &str) -> &str {
    let Some(value) = after_name.trim_start().strip_prefix('=') else { return after_name };
    let value = value.trim_start();
    let end = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value.char_indices().skip(1).find(|(_, c)| *c == quote).map(|(at, _)| at + 1),
        _ => value.find(|c: char| c.is_whitespace() || c == '>'),
    };
    value.get(end.unwrap_or(value.len())..).unwrap_or_default()
}

fn difference(before: &BTreeMap<String, usize>, after: &BTreeMap<String, usize>) -> Vec<Removed> {
    before
        .iter()
        .filter_map(|(what, count)| {
            let kept = after.get(what).copied().unwrap_or(0);
            (*count > kept).then(|| Removed { what: what.clone(), count: count - kept })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn active_content_is_removed_and_named() {
        let (html, removed) = SafeHtml::sanitise(
            "<p onclick=\"x()\">Chào</p><script>alert(1)</script><a href=\"javascript:x\">link</a><iframe src=x></iframe>",
        );
        assert_eq!(html.as_str(), "<p>Chào</p><a rel=\"noopener noreferrer nofollow\">link</a>");
        let names: Vec<_> = removed.iter().map(|r| r.what.as_str()).collect();
        assert_eq!(names, ["@href", "@onclick", "@src", "iframe", "script"]);
    }

    #[test]
    fn ordinary_article_html_passes_unchanged() {
        let html = "<h2>Lịch tiếp công dân</h2><p>Ngày <strong>05/7</strong></p><ul><li>Sáng</li></ul>\
                    <table><tbody><tr><th scope=\"row\">TT</th><td>1</td></tr></tbody></table>\
                    <figure><img src=\"https://a.example/b.jpg\" alt=\"Ảnh\"><figcaption>Ảnh: UBND xã</figcaption></figure>";
        let (clean, removed) = SafeHtml::sanitise(html);
        assert_eq!(clean.as_str(), html);
        assert_eq!(removed, []);
    }

    #[test]
    fn styles_that_hide_text_do_not_survive() {
        let (clean, _) = SafeHtml::sanitise("<div style=\"display:none\"><a href=\"https://x.example\">kèo</a></div>");
        assert!(!clean.as_str().contains("style"), "{}", clean.as_str());
    }

    #[test]
    fn videos_stay_and_other_frames_go_with_a_report() {
        let video = "<iframe src=\"https://www.youtube.com/embed/a\" title=\"Phim\" onload=x></iframe>";
        let (html, removed) = SafeHtml::sanitise(&format!("<p>a</p>{video}<iframe src=//evil.example>b</iframe>c"));
        assert!(
            html.as_str().starts_with("<p>a</p><iframe src=\"https://www.youtube.com/embed/a\""),
            "{}",
            html.as_str()
        );
        assert!(
            html.as_str()
                .ends_with("sandbox=\"allow-scripts allow-same-origin allow-presentation allow-popups\"></iframe>c")
        );
        let report: Vec<_> = removed.iter().map(ToString::to_string).collect();
        assert_eq!(report, ["1 × @onload", "1 × @src", "1 × iframe"]);
    }

    #[test]
    fn links_to_betting_houses_and_impostors_lose_their_address() {
        for address in ["https://8xbet.cool/x", "https://dichvucong.gov.vn.dang-nhap.top/", "https://taixiu-online.net"]
        {
            let (html, removed) = SafeHtml::sanitise(&format!("<a href=\"{address}\">xem</a>"));
            assert_eq!(html.as_str(), "<a rel=\"noopener noreferrer nofollow\">xem</a>");
            assert_eq!(removed, [Removed { what: "@href".to_owned(), count: 1 }]);
        }
        let (html, removed) = SafeHtml::sanitise("<a href=\"https://baohatinh.vn/ca-do-8xbet\">xem</a>");
        assert!(html.as_str().contains("href") && removed.is_empty());
    }

    #[test]
    fn sanitising_twice_changes_nothing() {
        let (once, _) = SafeHtml::sanitise("<p>a<b>c</p><img src=//x onerror=y><svg><script>1</script></svg>");
        let (twice, removed) = SafeHtml::sanitise(once.as_str());
        assert_eq!((once, vec![]), (twice, removed));
    }
}
