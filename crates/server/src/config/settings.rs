//! The one table of all settings: names, types, defaults, and what they mean. The structs, the environment variables,
//! `check-config` and the reference in the documentation all come from it.

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use super::provider::{Provider, TrustedIssuer};
use super::value::{Contact, Day, Endpoint, LogFormat, PublicUrl, Scanner, Secret, Span};

/// A section of the file.
pub(crate) struct Section {
    pub(crate) name: &'static str,
    /// What it is about, as lines.
    pub(crate) about: &'static [&'static str],
    pub(crate) settings: &'static [Setting],
}

/// One setting.
pub(crate) struct Setting {
    pub(crate) key: &'static str,
    /// What it means, as lines.
    pub(crate) about: &'static [&'static str],
}

macro_rules! settings {
    ($(
        $(#[doc = $about:literal])+
        $section:ident: $type:ident {
            $($(#[doc = $doc:literal])+ $key:ident: $value:ty = $default:expr,)+
        }
    )+) => {
        /// The whole configuration.
        #[derive(Debug, Clone, PartialEq, Default, Deserialize, Serialize)]
        #[serde(deny_unknown_fields, default)]
        pub(crate) struct Config {
            $($(#[doc = $about])+ pub(crate) $section: $type,)+
        }

        $(
            $(#[doc = $about])+
            #[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
            #[serde(deny_unknown_fields, default)]
            pub(crate) struct $type {
                $($(#[doc = $doc])+ pub(crate) $key: $value,)+
            }

            impl Default for $type {
                fn default() -> Self {
                    Self { $($key: $default,)+ }
                }
            }
        )+

        /// Every section, in the order of the documentation.
        pub(crate) const SECTIONS: &[Section] = &[$(Section {
            name: stringify!($section),
            about: &[$($about),+],
            settings: &[$(Setting { key: stringify!($key), about: &[$($doc),+] }),+],
        }),+];
    };
}

settings! {
    /// Where the server listens, and how long it waits for whom.
    server: Server {
        /// Addresses to listen on. `[::]:8080` takes IPv4 too; port 0 takes a free one and prints it.
        listen: Vec<SocketAddr> = vec![SocketAddr::from(([127, 0, 0, 1], 8080))],
        /// Address under which clients reach this server, such as `https://api.hatinh.gov.vn`. Links and feeds show it.
        public_url: Option<PublicUrl> = None,
        /// Origins of browsers that may sign in, write or send a token, such as `https://desk.hatinh.gov.vn`. Public reads are
        /// open to every origin, drafts by link are not.
        origins: Vec<String> = Vec::new(),
        /// Where holes in this server are to be told, for `/.well-known/security.txt` (RFC 9116): `mailto:`, `https:` or
        /// `tel:`. Without it there is no such file.
        security_contact: Option<Contact> = None,
        /// The day on which somebody last confirmed that contact, such as `"2026-11-25"`. The file expires 364 days later;
        /// without a day it counts from the start of the server.
        security_reviewed: Option<Day> = None,
        /// Networks of the proxies whose `X-Forwarded-*` headers count, such as `10.0.0.0/8`. No others do.
        trusted_proxies: Vec<IpNet> = Vec::new(),
        /// For the whole head of a request, from its first byte; also for the first byte of a new connection.
        header_timeout: Span = Span::seconds(10),
        /// Until the answer to a request begins; four fifths of it for its body to arrive.
        request_timeout: Span = Span::seconds(30),
        /// For a connection without a request, and for a client that stops reading.
        idle_timeout: Span = Span::seconds(75),
        /// Connections at once. Further ones wait in the queue of the operating system.
        max_connections: u32 = 4096,
        /// For open requests to end after SIGTERM.
        drain_timeout: Span = Span::seconds(20),
    }
    /// Where the content lies. Without a URL: in `SQLite`, in the data folder.
    database: Database {
        /// `postgres://user@host:port/name`. Shown only as set or unset, since it may hold a password.
        url: Option<Secret> = None,
        /// File with the password of the database, which the URL then need not hold.
        password_file: Option<PathBuf> = None,
        /// File with the seal key of the instance on `PostgreSQL`: base64 of 32 bytes, the same on every node, closed to
        /// other users. `LIENTHONG_SEAL_KEY` may hold it instead. On `SQLite` the data folder has its own, `seal.key`.
        seal_key_file: Option<PathBuf> = None,
    }
    /// What one client may ask for.
    limits: Limits {
        /// Requests a second from one address, over a longer time; 0 switches the limit off.
        requests_per_second: u32 = 100,
        /// Requests at once from one address that has been quiet.
        burst: u32 = 400,
        /// Largest body of a request without a token, in bytes.
        body_bytes: u32 = 262_144,
        /// Largest body of a request with a token, in bytes: an article may have 1 MiB of HTML.
        body_bytes_with_token: u32 = 4_194_304,
    }
    /// What documents the GraphQL endpoint takes.
    graphql: Graphql {
        /// JSON file with the documents that front ends have agreed on: `{ "<SHA-256 of the text in hex>": "query …" }`.
        /// They are read at `/graphql/documents/sha256:{hash}`, where caches can keep the answers.
        trusted_documents: Option<PathBuf> = None,
        /// Refuse every other document; GraphiQL then cannot be used.
        trusted_only: bool = false,
        /// Answer with the status codes of the draft of August 2026 of GraphQL over HTTP: 422 for documents that are understood
        /// and refused, 294 for data with errors. Clients and caches of today expect 400 and 200.
        draft_status_codes: bool = false,
    }
    /// What caches between us and the reader may do.
    http_cache: HttpCache {
        /// How long shared caches keep a public answer.
        s_maxage: Span = Span::seconds(60),
        /// How long after that they may hand it out while they ask for a new one.
        stale_while_revalidate: Span = Span::seconds(30),
        /// How long they may hand it out while we do not answer.
        stale_if_error: Span = Span::seconds(600),
        /// How long shared caches keep "not found" and "gone".
        absent: Span = Span::seconds(10),
        /// Bytes of answers that each node keeps in memory; 0 keeps none.
        response_cache_bytes: u64 = 67_108_864,
    }
    /// Access tokens. All nodes, and the command line, need the same values.
    token: Token {
        /// `iss` of the tokens.
        issuer: String = "lienthong".to_owned(),
        /// `aud` of the tokens.
        audience: String = "lienthong-api".to_owned(),
        /// Others whose access tokens are taken, one table each, `[[token.issuers]]`: `issuer` and `audience` exactly as they
        /// stand in the tokens, `jwks_url` with the keys, `algorithms` (`RS256`, `PS256`, `ES256`, `EdDSA` by default). What
        /// their bearers may do are roles here, once they are linked: `lienthong token link`.
        issuers: Vec<TrustedIssuer> = Vec::new(),
    }
    /// Identity providers (`OpenID` Connect) at which people sign in.
    oidc: Oidc {
        /// One table each, `[[oidc.providers]]`: `key` in addresses (`ha-tinh`), `display_name`, `issuer`, `client_id`,
        /// `client_secret_file` (closed to other users; or the variable `LIENTHONG_OIDC_SECRET_` with the key in capitals
        /// and underscores), `scopes` beside `openid` (none by default), `algorithms` of identity tokens (`RS256`, `PS256`,
        /// `ES256`, `EdDSA` by default) and `return_url`, the page that people come back to. Register
        /// `{public_url}/v1/auth/oidc/{key}/callback` there as the redirect URI.
        providers: Vec<Provider> = Vec::new(),
    }
    /// What this server itself asks over the network.
    network: Network {
        /// Ranges that it may reach although they are not public, such as `10.7.0.0/16`, and to which it may speak plain
        /// HTTP. All other private, loopback and link-local addresses are refused, whatever name leads there.
        allowed: Vec<IpNet> = Vec::new(),
        /// PEM file with certificates of further authorities, beside those of the web.
        certificates: Option<PathBuf> = None,
    }
    /// Files of the libraries of sites.
    media: Media {
        /// Address under which they are served, when that is a host of their own, such as `https://media.hatinh.gov.vn`. That
        /// host then serves nothing else, and no other host serves them.
        url: Option<PublicUrl> = None,
        /// Folder in which they lie; `media` in the data folder unless set. Several nodes need one that all of them see, or
        /// a bucket (`media_s3`).
        folder: Option<PathBuf> = None,
        /// Largest image as it is uploaded, in bytes.
        image_bytes: u64 = 20_971_520,
        /// Largest document, in bytes.
        document_bytes: u64 = 52_428_800,
        /// Largest image in pixels. Work on one of this size takes nine bytes of memory for each; smaller ones share that.
        pixels: u64 = 40_000_000,
        /// How long an upload that does not go on is remembered.
        upload_life: Span = Span::seconds(86_400),
        /// The virus scanner, the daemon of `ClamAV`: `tcp://127.0.0.1:3310` or `unix:/run/clamav/clamd.ctl`. Off unless set; when
        /// set, nothing is taken that it has not passed. Its `StreamMaxLength` has to be at least the largest file.
        clamd: Option<Scanner> = None,
        /// Time for it to look at one file.
        clamd_timeout: Span = Span::seconds(60),
    }
    /// A store with the S3 protocol in which these files lie rather than in a folder. `LIENTHONG_MEDIA_S3_SECRET` may hold
    /// the secret of the access key. What the bucket needs is told in [media.md](../media.md).
    media_s3: MediaS3 {
        /// Address of the store without the bucket, such as `https://s3.hatinh.gov.vn`. With it the bucket is used; all else
        /// here needs it.
        endpoint: Option<Endpoint> = None,
        /// Speak plain HTTP to a store on another machine: everybody on the way reads the files and can change them. To this
        /// machine (`localhost`, `127.0.0.1`, `::1`) it is always allowed.
        plain_http: bool = false,
        /// Region of the bucket. Stores of one's own mostly take the default.
        region: String = "us-east-1".to_owned(),
        /// Name of the bucket. It has to be there.
        bucket: Option<String> = None,
        /// What all names in it begin with, such as `lienthong/media`, where the bucket holds other things too.
        prefix: Option<String> = None,
        /// Public half of the access key.
        access_key_id: Option<String> = None,
        /// File with the secret half, closed to other users.
        secret_access_key_file: Option<PathBuf> = None,
        /// The bucket stands in the path of addresses (`https://s3.hatinh.gov.vn/bucket`); with `false`, in the host
        /// (`https://bucket.s3.hatinh.gov.vn`), as Amazon wants it of new buckets.
        path_style: bool = true,
        /// PEM file with certificates of further authorities for this store, beside those of the web.
        certificates: Option<PathBuf> = None,
    }
    /// How people sign in.
    accounts: Accounts {
        /// Whether provincial administrators and vendor operators need a second factor. Without one they are let in only to
        /// enrol it; tokens of the command line are exempt.
        require_second_factor: bool = false,
    }
    /// How much one person does in an hour before somebody else has to look; 0 stands for no limit. Whoever goes further
    /// finds the article held until a second person lets it pass.
    pace: PaceLimits {
        /// Drafts made or changed.
        writing: u32 = 120,
        /// Publications, at once or at a time.
        publishing: u32 = 60,
        /// Withdrawals, take-downs, redirections, and what goes into the archive or the trash.
        removing: u32 = 20,
        /// Each of these between 22:00 and 05:00 in Vietnam, when that is less.
        at_night: u32 = 10,
    }
    /// The log, on standard error.
    log: Log {
        /// `json` for machines, `text` for people.
        format: LogFormat = LogFormat::Json,
        /// What is logged, such as `info` or `warn,lienthong_app=debug`.
        filter: String = "info,html5ever=error,sqlx::postgres::notice=warn".to_owned(),
    }
    /// Figures for Prometheus.
    metrics: Metrics {
        /// Address of `/metrics`, apart from the public one, such as `127.0.0.1:9464`. Off unless set.
        listen: Option<SocketAddr> = None,
    }
}
