//! OPML 2.0 (<http://opml.org/spec2.opml>): the feeds of every site, grouped by province.

use chrono::{DateTime, Utc};
use url::Url;

use crate::date;
use crate::xml::Xml;

/// Media type of the document.
pub const MEDIA_TYPE: &str = "text/x-opml";

/// A list of feeds to subscribe to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    /// Title of the list.
    pub title: String,
    /// When the list last changed.
    pub updated: DateTime<Utc>,
    /// The provinces.
    pub groups: Vec<Group>,
}

/// The sites of one province.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Name of the province.
    pub title: String,
    /// Its sites.
    pub sites: Vec<Subscription>,
}

/// The feed of one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Name of the site.
    pub title: String,
    /// The feed; OPML calls every format `rss`.
    pub xml_url: Url,
    /// The home page.
    pub html_url: Url,
    /// BCP 47 tag.
    pub language: String,
}

/// The specification wants one outline at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no group to list: an OPML body has one outline at least")]
pub struct Empty;

/// Renders the list.
///
/// # Errors
/// [`Empty`] without any group; a group may be empty.
pub fn render(directory: &Directory) -> Result<String, Empty> {
    if directory.groups.is_empty() {
        return Err(Empty);
    }
    let sites: usize = directory.groups.iter().map(|group| group.sites.len()).sum();
    let capacity = 1_000 + 200 * directory.groups.len() + 400 * sites;
    Ok(Xml::document(capacity, "opml", &[("version", "2.0")], |xml| {
        xml.element("head", &[], |xml| head(xml, directory));
        xml.element("body", &[], |xml| directory.groups.iter().for_each(|listed| group(xml, listed)));
    }))
}

fn head(xml: &mut Xml, directory: &Directory) {
    xml.line("title", &[], &directory.title);
    xml.line("dateModified", &[], &date::rfc822(directory.updated));
    xml.line("docs", &[], "http://opml.org/spec2.opml");
}

fn group(xml: &mut Xml, group: &Group) {
    xml.element("outline", &[("text", &group.title), ("title", &group.title)], |xml| {
        group.sites.iter().for_each(|listed| site(xml, listed));
    });
}

fn site(xml: &mut Xml, site: &Subscription) {
    let attributes = [
        ("type", "rss"),
        ("text", &site.title),
        ("title", &site.title),
        ("xmlUrl", site.xml_url.as_str()),
        ("htmlUrl", site.html_url.as_str()),
        ("language", &site.language),
    ];
    xml.empty("outline", &attributes);
}
