//! Rules as data: a name that says where the rule stands, and whether a document keeps it.

use chrono::DateTime;
use roxmltree::{Document, Node};
use url::Url;

/// A rule about XML and its test.
pub(crate) type XmlRule = (&'static str, fn(&Document<'_>) -> bool);

/// The rules that an XML document breaks. `roxmltree` refuses whatever is not well formed.
pub(crate) fn broken_in_xml(rules: &[XmlRule], xml: &str) -> Vec<&'static str> {
    let document = Document::parse(xml).unwrap_or_else(|error| panic!("{error}: {xml}"));
    rules.iter().filter(|(_, holds)| !holds(&document)).map(|(name, _)| *name).collect()
}

/// Children of a node by namespace and name; `""` is no namespace.
pub(crate) fn children<'a, 'i>(
    node: Node<'a, 'i>,
    (namespace, name): (&'a str, &'a str),
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.is_element() && is(*child, (namespace, name)))
}

/// Whether an element has this namespace and name.
pub(crate) fn is(node: Node<'_, '_>, (namespace, name): (&str, &str)) -> bool {
    node.tag_name().name() == name && node.tag_name().namespace().unwrap_or_default() == namespace
}

/// How many children of this name there are.
pub(crate) fn count(node: Node<'_, '_>, name: (&str, &str)) -> usize {
    node.children().filter(|child| child.is_element() && is(*child, name)).count()
}

/// Text of an element without child elements.
pub(crate) fn text<'a>(node: Node<'a, '_>) -> &'a str {
    node.text().unwrap_or_default()
}

/// RFC 3339 with `T` and `Z` in upper case, four-digit year, no fraction.
pub(crate) fn is_rfc3339(text: &str) -> bool {
    text.len() == "2026-11-25T01:00:00Z".len() && text.ends_with('Z') && DateTime::parse_from_rfc3339(text).is_ok()
}

/// RFC 822 with the right weekday, a four-digit year and Vietnamese time.
pub(crate) fn is_rfc822(text: &str) -> bool {
    text.len() == "Wed, 25 Nov 2026 08:00:00 +0700".len()
        && text.ends_with(" +0700")
        && DateTime::parse_from_rfc2822(text).is_ok()
}

/// An absolute address that browsers fetch.
pub(crate) fn is_web_address(text: &str) -> bool {
    Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) && text.is_ascii()
}

/// RFC 5646 in its common shape.
pub(crate) fn is_language_tag(text: &str) -> bool {
    text.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Whether no value occurs twice.
pub(crate) fn distinct<T: Ord>(values: impl Iterator<Item = T>) -> bool {
    let mut values: Vec<_> = values.collect();
    let all = values.len();
    values.sort_unstable();
    values.dedup();
    values.len() == all
}
