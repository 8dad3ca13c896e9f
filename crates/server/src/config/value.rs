//! The types of settings that are more than text and numbers.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::NaiveDate;
use lienthong_api::console::{InvalidContact, SecurityContact};
use lienthong_app::library::ClamdAddress;
use lienthong_domain::time::parse_day;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::{Host, Url};

/// A value that is never shown.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(String);

/// A length of time, written `75s`, `1m 30s` or `12h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span(pub(crate) Duration);

/// The address under which others reach us: scheme, host, perhaps a port, no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublicUrl(String);

/// The address of a store of files: scheme, host, perhaps a port and a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint(Url);

/// Where holes are to be told: an address that may stand in `security.txt`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contact(pub(crate) SecurityContact, String);

/// A calendar day, written `2026-11-25`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Day(pub(crate) NaiveDate);

/// Where the virus scanner listens, written `tcp://host:port` or `unix:/path`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scanner(pub(crate) ClamdAddress);

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people.
    Text,
}

impl Secret {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The value itself. Hand it on, never print it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("set")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("set")
    }
}

impl Span {
    pub(crate) const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        humantime::format_duration(self.0).fmt(f)
    }
}

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let span =
            humantime::parse_duration(text).map_err(|error| format!("{text:?} is no length of time: {error}"))?;
        if span.is_zero() { Err(format!("{text:?} is no time at all")) } else { Ok(Self(span)) }
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for PublicUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused = |why: &str| format!("{text:?} is no public URL: {why}");
        let url = Url::parse(text).map_err(|error| refused(&error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            return Err(refused("https://host is expected"));
        }
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() {
            return Err(refused("only scheme, host and port are allowed"));
        }
        Ok(Self(url.origin().ascii_serialization()))
    }
}

impl Endpoint {
    pub(crate) const fn url(&self) -> &Url {
        &self.0
    }

    /// Whether what is said there can be read on the way: plain HTTP to another machine.
    pub(crate) fn is_open_to_others(&self) -> bool {
        let is_here = match self.0.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        self.0.scheme() == "http" && !is_here
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl FromStr for Endpoint {
    type Err = String;

    // The text is not repeated: somebody may have written a key into it.
    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "https://host is expected, without user, query and fragment".to_owned();
        let url = Url::parse(text).map_err(|_| expected())?;
        let is_store = matches!(url.scheme(), "http" | "https") && url.has_host();
        let is_bare = url.username().is_empty() && url.password().is_none();
        let ends = url.query().is_none() && url.fragment().is_none();
        if is_store && is_bare && ends { Ok(Self(url)) } else { Err(expected()) }
    }
}

impl fmt::Display for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.1)
    }
}

impl FromStr for Contact {
    type Err = InvalidContact;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.parse()?, text.to_owned()))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        parse_day(text).map(Self).map_err(|error| error.to_string())
    }
}

impl fmt::Display for Scanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            ClamdAddress::Tcp(address) => write!(f, "tcp://{address}"),
            ClamdAddress::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl FromStr for Scanner {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let tcp = text.strip_prefix("tcp://").filter(|address| {
            address.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
        });
        let unix = text.strip_prefix("unix:").filter(|path| path.starts_with('/'));
        match (tcp, unix) {
            (Some(address), _) => Ok(Self(ClamdAddress::Tcp(address.to_owned()))),
            (_, Some(path)) => Ok(Self(ClamdAddress::Unix(path.into()))),
            _ => Err(format!("{text:?} is no scanner: tcp://host:port or unix:/path is expected")),
        }
    }
}

macro_rules! as_text {
    ($($type:ident),+) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

as_text!(Span, PublicUrl, Endpoint, Contact, Day, Scanner);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_an_origin_and_nothing_more() {
        for (given, kept) in [
            ("https://api.hatinh.gov.vn", "https://api.hatinh.gov.vn"),
            ("http://localhost:8080/", "http://localhost:8080"),
            ("https://[::1]:443", "https://[::1]"),
        ] {
            assert_eq!(given.parse::<PublicUrl>().unwrap().to_string(), kept);
        }
        for refused in
            ["api.hatinh.gov.vn", "ftp://x", "https://x/path", "https://u:p@x", "https://x/?q", "https://x/#f", ""]
        {
            assert!(refused.parse::<PublicUrl>().is_err(), "{refused:?}");
        }
    }

    #[test]
    fn an_endpoint_is_a_host_perhaps_with_a_path_and_never_with_a_key() {
        for kept in ["https://s3.hatinh.gov.vn", "http://10.7.0.4:9000", "https://kho.example/storage/v1/s3"] {
            assert_eq!(kept.parse::<Endpoint>().unwrap().to_string(), kept);
        }
        for refused in ["s3.example", "s3://bucket", "https://k:hunter2@x", "https://x/?a=hunter2", "https://x/#f", ""]
        {
            let error = refused.parse::<Endpoint>().unwrap_err();
            assert!(!error.contains("hunter2"), "{error}");
        }
    }

    #[test]
    fn a_security_contact_is_an_address_that_reaches_somebody() {
        for kept in ["mailto:attt@hatinh.gov.vn", "https://hatinh.gov.vn/attt", "tel:+84-239-0000000"] {
            assert_eq!(kept.parse::<Contact>().unwrap().to_string(), kept);
        }
        for refused in ["attt@hatinh.gov.vn", "http://hatinh.gov.vn", "javascript:alert(1)", ""] {
            assert!(refused.parse::<Contact>().is_err(), "{refused:?}");
        }
        assert!("2026-02-30".parse::<Day>().is_err());
    }

    #[test]
    fn a_scanner_is_a_port_or_a_socket() {
        for kept in ["tcp://127.0.0.1:3310", "tcp://[::1]:3310", "unix:/run/clamav/clamd.ctl"] {
            assert_eq!(kept.parse::<Scanner>().unwrap().to_string(), kept);
        }
        for refused in ["127.0.0.1:3310", "tcp://clamd", "tcp://:1", "unix:clamd.ctl", ""] {
            assert!(refused.parse::<Scanner>().is_err(), "{refused:?}");
        }
    }

    #[test]
    fn a_span_reads_as_people_write_it_and_is_never_empty() {
        assert_eq!("1m 30s".parse(), Ok(Span::seconds(90)));
        assert_eq!(Span::seconds(90).to_string(), "1m 30s");
        for refused in ["", "0s", "10", "-1s", "soon"] {
            assert!(refused.parse::<Span>().is_err(), "{refused:?}");
        }
    }
}
