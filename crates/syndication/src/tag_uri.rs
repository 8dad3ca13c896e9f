//! Identity of feeds and entries: tag URIs (RFC 4151).

use std::fmt;
use std::str::FromStr;

/// A tag URI such as `tag:thuongxuan.example.vn,2026:entry/0192…`: unique for all time, tied to no address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TagUri(String);

/// A text that is not a tag URI.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a tag URI such as tag:host.example,2026:entry/1 (RFC 4151)")]
pub struct InvalidTagUri(String);

impl TagUri {
    /// The URI.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TagUri {
    type Err = InvalidTagUri;

    fn from_str(text: &str) -> Result<Self, InvalidTagUri> {
        if is_tag_uri(text) { Ok(Self(text.to_owned())) } else { Err(InvalidTagUri(text.to_owned())) }
    }
}

impl fmt::Display for TagUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// RFC 4151 section 2.1: `tag:` authority `,` date `:` specific, with an optional fragment.
fn is_tag_uri(text: &str) -> bool {
    let parts = || {
        let (entity, rest) = text.strip_prefix("tag:")?.split_once(':')?;
        let (authority, date) = entity.split_once(',')?;
        let (specific, fragment) = rest.split_once('#').unwrap_or((rest, ""));
        Some(is_authority(authority) && is_date(date) && is_pchars(specific) && is_pchars(fragment))
    };
    parts().unwrap_or(false)
}

/// A domain name, or an e-mail address with one.
fn is_authority(text: &str) -> bool {
    let is_label = |label: &str| {
        let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.bytes().all(inner)
    };
    let (local, domain) = text.split_once('@').unwrap_or(("x", text));
    let is_local = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_');
    !local.is_empty() && local.bytes().all(is_local) && domain.split('.').all(is_label)
}

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
fn is_date(text: &str) -> bool {
    let is_part = |(part, length): (&str, usize)| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    text.split('-').count() <= 3 && text.split('-').zip([4, 2, 2]).all(is_part)
}

/// RFC 3986 `pchar`, `/` and `?`, with complete percent escapes.
fn is_pchars(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?%".contains(&b);
    let escaped = |rest: &str| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    text.bytes().all(allowed) && text.split('%').skip(1).all(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tag_uris_of_the_rfc_are_accepted() {
        for text in [
            "tag:timothy@hpl.hp.com,2001:web/externalHome",
            "tag:sandro@w3.org,2004-05:Sandro",
            "tag:my-ids.com,2001-09-15:TimKindberg:presentations:UBath2004-05-19",
            "tag:blogger.com,1999:blog-555",
            "tag:yaml.org,2002:int#%C4%90",
            "tag:a.example,2026:",
        ] {
            assert_eq!(text.parse::<TagUri>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_tag_uri_is_refused() {
        for text in [
            "",
            "https://a.example/1",
            "tag:a.example:1",
            "tag:a.example,26:1",
            "tag:a.example,2026-1:1",
            "tag:a.example,2026-01-01-01:1",
            "tag:-a.example,2026:1",
            "tag:a..example,2026:1",
            "tag:@a.example,2026:1",
            "tag:xã.example,2026:1",
            "tag:a.example,2026:hai từ",
            "tag:a.example,2026:%4",
            "tag:a.example,2026:a#b#c",
            " tag:a.example,2026:1",
        ] {
            assert_eq!(text.parse::<TagUri>(), Err(InvalidTagUri(text.to_owned())));
        }
    }
}
