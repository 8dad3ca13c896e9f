//! Where a link leads, and what its address says.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::DecodePaddingMode::Indifferent;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use url::Url;

use super::evidence::Reading;
use super::hosts::{host, is_below, is_trusted};
use super::rules::RULES;
use super::{Hit, Length, evidence, hosts};

/// Longer addresses are cut: what deceives stands in front.
const LONGEST: usize = 4096;
/// A redirect in a redirect in a redirect.
const DEPTH: usize = 3;
/// Schemes whose address is a program.
const SCRIPTS: [&str; 5] = ["javascript", "vbscript", "livescript", "jscript", "mocha"];
/// What pages of content managers are full of: it leads nowhere.
const INERT: [&str; 6] = ["", "void(0)", "returnfalse", "history.back()", "history.go(-1)", "print()"];
/// Raster images pasted into a text.
const IMAGES: [&str; 6] = ["image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp", "image/bmp"];

/// What a link is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Use {
    /// A reader follows it.
    Follow,
    /// A picture is shown from it.
    Picture,
}

/// What is wrong with an address, if anything.
pub(super) fn examine(address: &str, used: Use) -> Vec<Hit> {
    look(address, used, DEPTH)
}

/// Whether the address leaves for a host that is not known to be honest.
pub(super) fn leaves(address: &str) -> bool {
    let address = compact(address);
    resolved(&address).is_some_and(|url| matches!(url.scheme(), "http" | "https") && !is_trusted(host(&url)))
}

fn look(address: &str, used: Use, depth: usize) -> Vec<Hit> {
    let address = compact(address);
    if let Some(hit) = by_scheme(&address, used) {
        return hit;
    }
    let Some(url) = resolved(&address) else { return evidence::judge(&percent_decoded(&address), Length::Short) };
    let host = host(&url);
    let mut hits = Vec::new();
    if !is_trusted(host) {
        hits.extend(hosts::examine(host, hosts::written(&address)));
    }
    hits.extend(hosts::handle(host, &url).map(|handle| Hit::of("link.host", &handle)));
    if url.username().contains('.') || (url.password().is_some() && url.username().contains("www")) {
        hits.push(Hit::of("link.imposter", &address));
    }
    hits.extend(by_words(&url));
    if let Some(target) = redirect_target(&url) {
        hits.extend(by_target(&url, &target, used, depth));
    }
    hits
}

/// Without the white space and control characters that browsers drop from a scheme.
fn compact(address: &str) -> String {
    let visible = address
        .trim()
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}'));
    visible.take(LONGEST).collect()
}

fn by_scheme(address: &str, used: Use) -> Option<Vec<Hit>> {
    let decoded = percent_decoded(address);
    let (scheme, rest) = decoded.split_once(':')?;
    let scheme: String = scheme.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    if SCRIPTS.contains(&scheme.as_str()) {
        return Some(if is_inert(rest) { Vec::new() } else { vec![Hit::of("link.script", &decoded)] });
    }
    if scheme != "data" {
        return None;
    }
    let kind = rest.split([';', ',']).next().unwrap_or_default().trim().to_ascii_lowercase();
    let picture = used == Use::Picture && IMAGES.contains(&kind.as_str());
    Some(if picture { Vec::new() } else { vec![Hit::of("link.data", &decoded)] })
}

/// Whether code in a link or a handler does nothing but turn back or print.
pub(super) fn is_inert(code: &str) -> bool {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let code = code.trim_end_matches(';');
    INERT.contains(&code.strip_prefix("window.").unwrap_or(code))
}

/// A path on the portal itself.
pub(super) fn is_own_path(address: &str) -> bool {
    let address = compact(address);
    address.starts_with('/') && !address.starts_with("//") && !address.contains('\\')
}

/// Addresses without a host belong to the portal they stand on.
fn resolved(address: &str) -> Option<Url> {
    let with_scheme = |text: &str| Url::parse(&format!("https://{text}")).ok();
    match Url::parse(address) {
        Ok(url) if url.has_host() => Some(url),
        // `jun88.vip:443/x` parses as a scheme.
        Ok(url) if matches!(url.scheme(), "mailto" | "tel" | "sms" | "zalo") => None,
        Ok(_) => with_scheme(address),
        Err(_) if is_bare_host(address) => with_scheme(address),
        Err(_) => Url::parse("https://portal.gov.vn/").ok()?.join(address).ok(),
    }
}

/// `jun88.vip/abc` without a scheme.
fn is_bare_host(address: &str) -> bool {
    let host = address.split(['/', '?', '#', ':']).next().unwrap_or_default();
    let last = host.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let file = ["html", "htm", "aspx", "php", "pdf", "doc", "docx", "jpg", "png", "xls", "xlsx", "jsp"]
        .contains(&last.as_str());
    host.contains('.')
        && !file
        && !host.starts_with('.')
        && last.len() >= 2
        && last.bytes().all(|b| b.is_ascii_alphabetic())
}

/// Whether a frame may show this address.
pub(super) fn may_embed(address: &str) -> bool {
    let address = compact(address);
    resolved(&address).is_some_and(|url| RULES.brands.embeds.iter().any(|domain| is_below(host(&url), domain)))
}

/// What path and query say, and the host when it is a stranger's.
fn by_words(url: &Url) -> Vec<Hit> {
    let host = host(url);
    let mut words = if is_trusted(host) { String::new() } else { format!("{host} ") };
    let query = url.query().unwrap_or_default();
    for part in percent_decoded(url.path()).split('/').chain(percent_decoded(query).split(['&', '=', '?'])) {
        if !is_opaque(part) {
            words.push_str(part);
            words.push(' ');
        }
    }
    let suffix = host.rsplit('.').next().unwrap_or_default();
    let soft = !is_trusted(host) && RULES.brands.soft_suffixes.iter().any(|soft| soft == suffix);
    Reading::of(&words).judge(Length::Short, if soft { 3 } else { 0 })
}

/// An identifier that a machine made, such as `1FAIpQLSd88x`: what it spells it spells by chance.
fn is_opaque(part: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let rises =
        part.as_bytes().windows(2).filter(|w| matches!(w, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase()));
    let hexadecimal = part.len() >= 16 && part.bytes().all(|b| b.is_ascii_hexdigit());
    hexadecimal
        || (part.len() >= 8 && part.chars().all(word) && rises.count() >= 1 && part.bytes().any(|b| b.is_ascii_digit()))
}

/// A whole address in the query or in the path.
fn redirect_target(url: &Url) -> Option<String> {
    let is_address = |text: &str| {
        let text = text.trim().to_ascii_lowercase().replace('\\', "/");
        text.starts_with("http:") || text.starts_with("https:") || (text.starts_with("//") && text.contains('.'))
    };
    let is_key = |key: &str| {
        let key = key.to_ascii_lowercase();
        ["url", "redir", "goto", "next", "return", "target", "link", "dest", "continue", "out", "to", "u", "r"]
            .iter()
            .any(|word| if word.len() <= 2 { key == *word } else { key.contains(word) })
    };
    let in_query = url.query_pairs().find_map(|(key, value)| {
        let value = percent_decoded(&value);
        let value = out_of_base64(&value).unwrap_or(value);
        let script = by_scheme(&value, Use::Follow).is_some();
        (is_address(&value) || script || (is_key(&key) && is_bare_host(&value) && !value.contains('@')))
            .then_some(value)
    });
    in_query.or_else(|| {
        let path = percent_decoded(url.path());
        let at = path.find("http:/").or_else(|| path.find("https:/"))?;
        let (scheme, rest) = path.get(at..)?.split_once(":/")?;
        Some(format!("{scheme}://{}", rest.trim_start_matches('/')))
    })
}

/// `aHR0cHM6Ly9…`: an address as content managers keep the page to return to.
fn out_of_base64(value: &str) -> Option<String> {
    if !value.starts_with("aHR0c") {
        return None;
    }
    let engine = GeneralPurpose::new(&URL_SAFE, GeneralPurposeConfig::new().with_decode_padding_mode(Indifferent));
    // In a query a plus sign is a space.
    let value = value.replace(['+', ' '], "-").replace('/', "_");
    Some(String::from_utf8_lossy(&engine.decode(value).ok()?).into_owned())
}

fn by_target(url: &Url, target: &str, used: Use, depth: usize) -> Vec<Hit> {
    let Some(deeper) = depth.checked_sub(1) else { return vec![Hit::of("link.redirect", target)] };
    let mut hits = look(target, used, deeper);
    let (from, target) = (host(url), compact(&target.replace('\\', "/")));
    let to_stranger = resolved(&target).is_some_and(|to| !is_trusted(host(&to)) && host(&to) != from);
    if to_stranger && (is_below(from, "gov.vn") || is_below(from, "edu.vn")) {
        hits.push(Hit::of("link.redirect", &target));
    }
    hits
}

/// Decodes `%E1%BB%89` twice at most; what is not UTF-8 is replaced.
pub(super) fn percent_decoded(text: &str) -> String {
    let once = decode_once(text);
    if once.contains('%') { decode_once(&once) } else { once }
}

fn decode_once(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut parts = text.split('%');
    bytes.extend_from_slice(parts.next().unwrap_or_default().as_bytes());
    for part in parts {
        let code = part.get(..2).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()));
        if let Some(byte) = code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            bytes.push(byte);
            bytes.extend_from_slice(part.get(2..).unwrap_or_default().as_bytes());
        } else {
            bytes.push(b'%');
            bytes.extend_from_slice(part.as_bytes());
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(address: &str) -> bool {
        !examine(address, Use::Follow).is_empty()
    }

    #[test]
    fn addresses_that_lead_astray_are_known() {
        for address in [
            "https://8xbet.com",
            "https://jun88vn.net/khuyen-mai",
            "//kubet77.top",
            "javascript:alert(1)",
            "jAvA\nscript:x",
            "data:text/html;base64,PHN2Zz4=",
            "https://x.gov.vn/redirect?url=https://abc.top",
            "/go?to=//evil.example",
            "https://bocongan.gov.vn.dangnhap.top/",
            "https://x.gov.vn/t%C3%A0i-x%E1%BB%89u-online",
            "https://abc.vip",
            "https://tuoitre.vn@evil.example/",
            "jun88.vip:443/x",
            "https://xoilac.tv",
            "https://8хbet.com/",
            "https://x.gov.vn/?return=aHR0cHM6Ly9mYjg4LTEud2luL2tt",
            "https://x.gov.vn/?return=aHR0cHM6Ly9hYmMuZXhhbXBsZS8-_w",
            "javascript:location='//abc.example'",
            "javascript:void(0);alert(1)",
        ] {
            assert!(held(address), "{address}");
        }
    }

    #[test]
    fn addresses_of_everyday_life_pass() {
        for address in [
            "https://dichvucong.gov.vn/p/home/dvc-trang-chu.html",
            "/tin-tuc?page=2",
            "mailto:ubnd@hatinh.gov.vn",
            "tel:0239",
            "javascript:void(0);",
            "javascript: window.history.back()",
            "https://x.gov.vn/?return=aHR0cHM6Ly94Lmdvdi52bi90aW4=",
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "https://dangnhap.x.gov.vn/?returnUrl=https://y.gov.vn/",
            "#muc-1",
            "https://www.facebook.com/sharer/sharer.php?u=https://baohatinh.vn/a.html",
            "https://forms.gle/abc",
            "https://congan.hatinh.gov.vn/cong-an-triet-pha-tu-diem-danh-bac-123.html",
            "van-ban/26-QD-UBND.pdf",
        ] {
            assert!(!held(address), "{address}: {:?}", examine(address, Use::Follow));
        }
    }
}
