//! The sitemap protocol and Google's news extension as a checker.

use roxmltree::{Document, Node};
use url::Url;

use crate::rules::{XmlRule, children, count, is, is_rfc3339, is_web_address, text};

pub(crate) const SITEMAP: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
pub(crate) const NEWS: &str = "http://www.google.com/schemas/sitemap-news/0.9";

pub(crate) const RULES: &[XmlRule] = &[
    ("Sitemap protocol, XML tag definitions: urlset of url or sitemapindex of sitemap", |d| {
        let all = |name| d.root_element().children().all(|child| is(child, (SITEMAP, name)));
        (is(d.root_element(), (SITEMAP, "urlset")) && all("url"))
            || (is(d.root_element(), (SITEMAP, "sitemapindex")) && all("sitemap"))
    }),
    ("Sitemap protocol, index: no more than 50,000 entries", |d| d.root_element().children().count() <= 50_000),
    ("Sitemap protocol, index: no more than 50 MB", |d| d.input_text().len() <= 50 * 1024 * 1024),
    ("Sitemap protocol, XML tag definitions: one loc, a URL under 2,048 characters", |d| {
        d.root_element().children().all(|entry| count(entry, (SITEMAP, "loc")) == 1)
            && locations(d).all(|loc| is_web_address(loc) && loc.len() < 2_048)
    }),
    ("Sitemap protocol, XML tag definitions: at most one lastmod, a W3C date and time", |d| {
        d.root_element().children().all(|entry| {
            let lastmod = children(entry, (SITEMAP, "lastmod"));
            count(entry, (SITEMAP, "lastmod")) <= 1 && lastmod.map(text).all(is_rfc3339)
        })
    }),
    ("Sitemap protocol, Sitemap file location: one host per urlset", |d| {
        let mut hosts: Vec<_> = locations(d).map(|loc| Url::parse(loc).map(|url| url.origin())).collect();
        hosts.dedup();
        is(d.root_element(), (SITEMAP, "sitemapindex")) || hosts.len() <= 1
    }),
    ("News sitemap: no more than 1,000 news", |d| news(d).count() <= 1_000),
    ("News sitemap: publication, publication_date and title are required", |d| {
        let required = ["publication", "publication_date", "title"];
        news(d).all(|news| required.iter().all(|name| count(news, (NEWS, name)) == 1))
    }),
    ("News sitemap: a publication has a name and an ISO 639 language", |d| {
        news(d).flat_map(|news| children(news, (NEWS, "publication"))).all(|publication| {
            let is_code = |code: &str| (2..=3).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_lowercase());
            count(publication, (NEWS, "name")) == 1
                && count(publication, (NEWS, "language")) == 1
                && children(publication, (NEWS, "language")).map(text).all(is_code)
        })
    }),
    ("News sitemap: publication_date is a W3C date and time", |d| {
        news(d).flat_map(|news| children(news, (NEWS, "publication_date"))).map(text).all(is_rfc3339)
    }),
];

pub(crate) fn locations<'a>(document: &'a Document<'_>) -> impl Iterator<Item = &'a str> {
    document.root_element().children().flat_map(|entry| children(entry, (SITEMAP, "loc"))).map(text)
}

pub(crate) fn news<'a, 'i>(document: &'a Document<'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    document.descendants().filter(|node| is(*node, (NEWS, "news")))
}
