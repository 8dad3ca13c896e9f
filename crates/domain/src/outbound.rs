//! The hosts that an article leads away to. An attacker who gets in has to name a host of their own somewhere, and one that a
//! site has never named before is the first thing to be seen of it.

use std::collections::BTreeSet;

use url::Url;

use crate::article::Article;
use crate::hold::Finding;
use crate::poison::is_trusted_host;

/// The rule of [`finding`].
const RULE: &str = "host.new";

/// A host with the field that names it, as clients write it.
type Named = (&'static str, String);

/// The hosts outside that an article names in links, images, its source and its cover, each once, without `www.`; hosts of
/// the state and those known to be honest are not among them.
pub fn hosts(article: &Article) -> BTreeSet<String> {
    named(article).map(|(_, host)| host).collect()
}

/// What to say of those hosts of an article that are in `unknown`.
pub fn findings(article: &Article, unknown: &BTreeSet<String>) -> Vec<Finding> {
    let found: BTreeSet<Named> = named(article).filter(|(_, host)| unknown.contains(host)).collect();
    found.into_iter().map(finding).collect()
}

fn named(article: &Article) -> impl Iterator<Item = Named> {
    let source = article.source.as_ref().and_then(|source| source.url.as_deref());
    let cover = article.cover.as_ref().map(|cover| cover.url.as_str());
    let addresses = addresses(article.body.as_str()).map(|address| ("body", address));
    let addresses = addresses.chain(source.map(|url| ("source.url", url))).chain(cover.map(|url| ("cover.url", url)));
    addresses.filter_map(|(field, address)| Some((field, outside(address)?)))
}

/// What stands in the attributes of sanitised HTML: quoted with `"`, in which an absolute address begins with its scheme.
fn addresses(html: &str) -> impl Iterator<Item = &str> {
    let begins = html.match_indices("=\"http").filter_map(|(at, _)| html.get(at + 2..));
    begins.filter_map(|rest| rest.split('"').next())
}

fn outside(address: &str) -> Option<String> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?.trim_end_matches('.').trim_start_matches("www.");
    (!is_trusted_host(host)).then(|| host.to_owned())
}

fn finding((field, host): Named) -> Finding {
    Finding {
        field: field.to_owned(),
        rule: RULE.to_owned(),
        message: "Trang chưa từng dẫn tới tên miền này".to_owned(),
        found: host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_links_and_images_are_found_and_those_of_the_state_are_not() {
        let html = "<p>http://khong.example <a href=\"https://www.Nha-Thuoc.example/a?b=1&amp;c\">a</a> \
            <img src=\"http://anh.example:8080/x.png\"> <a href=\"https://hatinh.gov.vn/x\">b</a> \
            <a href=\"/tin-tuc\">c</a> <a href=\"mailto:a@thu.example\">d</a></p>";
        let found: Vec<String> = addresses(html).filter_map(outside).collect();
        assert_eq!(found, ["nha-thuoc.example", "anh.example"]);
    }
}
