//! What an operator can set about the public interface. Every limit is on by default.

use std::time::Duration;

use chrono::NaiveDate;
use ipnet::IpNet;
use url::Url;

use crate::console::SecurityContact;

/// Settings of the public interface.
#[derive(Debug, Clone)]
pub struct ApiConfig {
    /// Our own address as the public sees it, for links to ourselves.
    pub public_url: Url,
    /// Where media are served, when that is a host of their own: what runs there by mistake reaches nothing here.
    pub media_url: Option<Url>,
    /// Whom to tell about a hole, for `/.well-known/security.txt`; without it there is no such file.
    pub security_contact: Option<SecurityContact>,
    /// The day on which somebody last confirmed that contact. The file expires 364 days later; without a day it counts
    /// from the start of this node.
    pub security_reviewed: Option<NaiveDate>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Origins of browsers that may sign in, write or send a token. Public reads are open to every origin.
    pub origins: Vec<String>,
    /// How long shared caches may keep answers.
    pub http_cache: HttpCache,
    /// Bytes of answers kept in memory; 0 keeps none.
    pub response_cache_bytes: u64,
    /// Requests that one address may make.
    pub rate: Rate,
    /// Time for one request.
    pub request_timeout: Duration,
    /// Largest body of a request without a token.
    pub body_bytes: usize,
    /// Largest body of a request with a token: an article may have 1 MiB of HTML.
    pub body_bytes_with_token: usize,
}

/// How long shared caches may keep answers, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpCache {
    /// Answers of successful reads.
    pub s_maxage: u64,
    /// How long after that they may be given while a new one is fetched (RFC 5861).
    pub stale_while_revalidate: u64,
    /// How long after that they may be given when we do not answer (RFC 5861).
    pub stale_if_error: u64,
    /// "Not found" and "gone".
    pub absent: u64,
}

/// A leaky bucket: `burst` at once, then `per_second`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Requests a second; 0 switches the limit off.
    pub per_second: u32,
    /// Requests at once.
    pub burst: u32,
}

impl Default for HttpCache {
    fn default() -> Self {
        Self { s_maxage: 60, stale_while_revalidate: 30, stale_if_error: 600, absent: 10 }
    }
}

impl Default for Rate {
    fn default() -> Self {
        Self { per_second: 100, burst: 400 }
    }
}

impl ApiConfig {
    /// The defaults, at this public address.
    pub fn at(public_url: Url) -> Self {
        Self {
            public_url,
            media_url: None,
            security_contact: None,
            security_reviewed: None,
            trusted_proxies: Vec::new(),
            origins: Vec::new(),
            http_cache: HttpCache::default(),
            response_cache_bytes: 64 << 20,
            rate: Rate::default(),
            request_timeout: Duration::from_secs(30),
            body_bytes: 256 << 10,
            body_bytes_with_token: 4 << 20,
        }
    }
}
