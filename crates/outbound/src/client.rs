//! Requests, with limits on everything that comes back.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio_rustls::TlsConnector;
use url::Url;

use crate::address::Allowed;
use crate::connection::Target;
use crate::error::{Error, SetupError};
use crate::tls;

/// What one answer may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the body.
    pub bytes: usize,
    /// From the name to the last byte, redirects included.
    pub time: Duration,
    /// Redirects of a GET.
    pub redirects: u8,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 1 << 20, time: Duration::from_secs(10), redirects: 3 }
    }
}

/// Asks others over HTTP. Cheap to share.
#[derive(Clone)]
pub struct Client {
    allowed: Allowed,
    tls: TlsConnector,
    limits: Limits,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("allowed", &self.allowed).field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl Client {
    /// A client that reaches public addresses and those of `allowed`, and believes the web's authorities and those in the
    /// PEM file.
    ///
    /// # Errors
    /// When the file cannot be read or holds no certificate.
    pub fn new(allowed: Allowed, certificates: Option<&Path>) -> Result<Self, SetupError> {
        Ok(Self { allowed, tls: tls::connector(certificates)?, limits: Limits::default() })
    }

    /// The same client with other limits.
    #[must_use]
    pub fn limited(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Makes one request. A redirect is an answer like any other: what is posted goes where it was sent and no further.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Error> {
        let url = Url::parse(&request.uri().to_string()).map_err(|_| Error::Address)?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let asked = tokio::time::timeout(self.limits.time, self.exchange(&url, request));
        asked.await.map_err(|_| Error::TimedOut(host))?
    }

    /// Reads what is at an address, and follows where it sends us within the limits; every step is checked like the first,
    /// and none leads from `https` to `http`.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn get(&self, url: &Url) -> Result<Response<Vec<u8>>, Error> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let asked = tokio::time::timeout(self.limits.time, self.follow(url.clone()));
        asked.await.map_err(|_| Error::TimedOut(host))?
    }

    async fn follow(&self, mut url: Url) -> Result<Response<Vec<u8>>, Error> {
        for _ in 0..=self.limits.redirects {
            let request = Request::builder().method(Method::GET).uri(url.as_str()).header(header::ACCEPT, "*/*");
            let response = self.exchange(&url, request.body(Vec::new()).map_err(|_| Error::Address)?).await?;
            if !is_redirect(response.status()) {
                return Ok(response);
            }
            let lost = || Error::Redirects(url.host_str().unwrap_or_default().to_owned());
            let next = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
            let next = next.and_then(|next| url.join(next).ok()).ok_or_else(lost)?;
            if url.scheme() == "https" && next.scheme() != "https" {
                return Err(Error::Plain(next.host_str().unwrap_or_default().to_owned()));
            }
            url = next;
        }
        Err(Error::Redirects(url.host_str().unwrap_or_default().to_owned()))
    }

    async fn exchange(&self, url: &Url, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Error> {
        let target = Target::of(url)?;
        let stream = target.connect(&self.allowed, &self.tls).await?;
        let broken = |error: hyper::Error| Error::Http { host: target.host.clone(), source: error.into() };
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
        let driven = tokio::spawn(connection);
        let answered = sender.send_request(outgoing(url, request)?).await.map_err(broken);
        let read = match answered {
            Ok(response) => self.read(&target, response).await,
            Err(error) => Err(error),
        };
        driven.abort();
        read
    }

    async fn read(&self, target: &Target, response: Response<Incoming>) -> Result<Response<Vec<u8>>, Error> {
        let (parts, body) = response.into_parts();
        let limit = self.limits.bytes;
        let body = Limited::new(body, limit).collect().await.map_err(|error| {
            let host = target.host.clone();
            if error.is::<LengthLimitError>() {
                Error::TooLarge { host, limit }
            } else {
                Error::Http { host, source: error }
            }
        })?;
        Ok(Response::from_parts(parts, body.to_bytes().to_vec()))
    }
}

/// The request as it goes over the connection: the path alone, and the host as a header (RFC 9112 section 3.2.1).
fn outgoing(url: &Url, request: Request<Vec<u8>>) -> Result<Request<Full<Bytes>>, Error> {
    let (mut parts, body) = request.into_parts();
    let path = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    parts.uri = path.parse().map_err(|_| Error::Address)?;
    let host = url.port().map_or_else(
        || url.host_str().unwrap_or_default().to_owned(),
        |port| format!("{}:{port}", url.host_str().unwrap_or_default()),
    );
    parts.headers.insert(header::HOST, HeaderValue::from_str(&host).map_err(|_| Error::Address)?);
    parts.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    parts
        .headers
        .insert(header::USER_AGENT, HeaderValue::from_static(concat!("lienthong/", env!("CARGO_PKG_VERSION"))));
    Ok(Request::from_parts(parts, Full::new(Bytes::from(body))))
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}
