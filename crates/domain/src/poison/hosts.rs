//! Names of hosts: whom a link leads to.

use url::Url;

use super::Hit;
use super::brand::{Shape, shape};
use super::rules::{Brands, RULES};
use super::stream::Stream;

/// What is wrong with the name of a host; `written` is how the author wrote it.
pub(super) fn examine(host: &str, written: &str) -> Vec<Hit> {
    let mut hits = Vec::new();
    let written = if host.contains("xn--") { written } else { host };
    let labels: Vec<String> =
        written.split('.').map(|label| String::from_utf8_lossy(&Stream::of(label).letters).into_owned()).collect();
    let suffix = labels.last().map(String::as_str).unwrap_or_default();
    let names = labels.get(..labels.len().saturating_sub(1)).unwrap_or_default();
    let brands = &RULES.brands;
    let (soft, hard) = (Brands::has(&brands.soft_suffixes, suffix), Brands::has(&brands.hard_suffixes, suffix));
    if names.iter().any(|name| {
        is_house(name) || (soft && (brands.need_context.contains(name) || shape(name.as_bytes()).is_some()))
    }) {
        hits.push(Hit::of("link.host", host));
    }
    if hard {
        hits.push(Hit::of("link.suffix", host));
    }
    if is_imposter(host) || (is_office_like(host) && (soft || hard)) {
        hits.push(Hit::of("link.imposter", host));
    }
    hits
}

/// `dichvucong.gov.vn.dang-nhap.top`, `dichvucong-gov-vn.com`: an honest name in front, and another's at the end.
fn is_imposter(host: &str) -> bool {
    let begins = |domain: &String| {
        host.match_indices(domain.as_str()).any(|(at, _)| {
            let ends_label = host.get(at + domain.len()..).is_some_and(|rest| rest.starts_with(['.', '-']));
            ends_label && (at == 0 || host.get(..at).is_some_and(|before| before.ends_with(['.', '-'])))
        })
    };
    ["gov-vn", "govvn.", "-gov."].into_iter().any(|part| host.contains(part)) || RULES.brands.trusted.iter().any(begins)
}

/// `thue-gdt-vn.top`: the name of an office in that of a host.
fn is_office_like(host: &str) -> bool {
    host.split(['.', '-']).any(|part| Brands::has(&RULES.brands.offices, part))
}

/// `casinotructuyenuytin`: a word that holds what nobody glues in honest names, and more.
pub(super) fn is_glued(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    RULES.brands.glued.iter().any(|known| word.len() >= known.len() + 2 && word.contains(known.as_str()))
}

/// Whether a label of a host or a handle is that of a betting house: known, made of such words, or shaped so.
fn is_house(name: &String) -> bool {
    let brands = &RULES.brands;
    let shape = shape(name.as_bytes());
    !brands.honest_names.contains(name)
        && (RULES.houses.is_match(name)
            || brands.names.binary_search(name).is_ok()
            || shape == Some(Shape::Strong)
            || (shape == Some(Shape::Weak) && name.bytes().any(|b| b.is_ascii_digit())))
}

/// The account that an address on a social network names, when it is that of a betting house: `t.me/soicau247`.
pub(super) fn handle(host: &str, url: &Url) -> Option<String> {
    RULES.brands.networks.iter().find(|network| is_below(host, network))?;
    let first = url.path_segments()?.find(|part| !part.is_empty())?.trim_start_matches('@');
    let spread = first.contains(['-', '_', '.']) && first.len() > 20;
    let name = String::from_utf8_lossy(&Stream::of(first).letters).into_owned();
    (!spread && first.bytes().all(|b| !b.is_ascii_uppercase()) && is_house(&name)).then(|| first.to_owned())
}

/// The host of an address, without `www.`.
pub(super) fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default().trim_end_matches('.').trim_start_matches("www.")
}

/// The host as written, before it was turned into punycode.
pub(super) fn written(address: &str) -> &str {
    let rest = address.split_once("//").map_or(address, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    rest.rsplit('@').next().unwrap_or_default()
}

/// Whether a host is a domain or below it.
pub(super) fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Whether the host is known to be honest.
pub(super) fn is_trusted(host: &str) -> bool {
    let below = host.match_indices('.').filter_map(|(at, _)| host.get(at + 1..));
    let is_known = |domain: &str| RULES.brands.trusted.binary_search_by(|known| known.as_str().cmp(domain)).is_ok();
    std::iter::once(host).chain(below).any(is_known)
}
