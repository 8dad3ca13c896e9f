//! How the store is spoken to: HTTP/1.1 by hyper on connections that are kept, TLS by rustls. It asks no proxy, follows
//! no redirect and reads nothing from the environment.

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use http::HeaderValue;
use http::header::USER_AGENT;
use http_body_util::BodyExt as _;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector as Tcp;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpRequestBody, HttpResponse, HttpResponseBody,
    HttpService,
};
use tower_http::timeout::{TimeoutBody, TimeoutError};

use lienthong_outbound::{SetupError, believing};

/// For the store to take a connection.
const REACH: Duration = Duration::from_secs(5);

/// From the connection to the head of the answer, with the piece that is sent in between.
const PATIENCE: Duration = Duration::from_secs(30);

/// For the next bytes of an answer. There is no limit for the whole of it: a file is read as fast as its reader takes it.
const SILENCE: Duration = Duration::from_secs(30);

/// How long a connection is kept for the next request: less than stores keep theirs.
const IDLE: Duration = Duration::from_secs(15);

/// The client. Cheap to share.
#[derive(Debug, Clone)]
pub(crate) struct Transport(legacy::Client<HttpsConnector<Tcp>, HttpRequestBody>);

impl Transport {
    /// Believes the web's authorities and those in the PEM file.
    pub(crate) fn believing(certificates: Option<&Path>) -> Result<Self, SetupError> {
        let mut tcp = Tcp::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(REACH));
        let tls = HttpsConnectorBuilder::new().with_tls_config(believing(certificates)?);
        let connector = tls.https_or_http().enable_http1().wrap_connector(tcp);
        let mut builder = legacy::Client::builder(TokioExecutor::new());
        Ok(Self(builder.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE).build(connector)))
    }
}

impl HttpConnector for Transport {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.clone()))
    }
}

#[async_trait]
impl HttpService for Transport {
    async fn call(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let name = HeaderValue::from_static(concat!("lienthong/", env!("CARGO_PKG_VERSION")));
        // Signed it need not be, and it comes after the signature.
        request.headers_mut().insert(USER_AGENT, name);
        let answered = tokio::time::timeout(PATIENCE, self.0.request(request)).await;
        let answered = answered.map_err(|late| HttpError::new(HttpErrorKind::Timeout, late))?;
        let (parts, body) = answered.map_err(|error| unanswered(&error))?.into_parts();
        let body = TimeoutBody::new(SILENCE, body).map_err(|error| {
            let silent = error.is::<TimeoutError>();
            HttpError::new_boxed(if silent { HttpErrorKind::Timeout } else { HttpErrorKind::Interrupted }, error)
        });
        Ok(HttpResponse::from_parts(parts, HttpResponseBody::new(body)))
    }
}

/// The kinds decide what is tried again. Whatever is asked of the store may be asked twice: names are digests, and an
/// upload in pieces that is begun twice leaves one to the clean-up of the bucket.
fn unanswered(error: &legacy::Error) -> HttpError {
    let kind = if error.is_connect() { HttpErrorKind::Connect } else { HttpErrorKind::Request };
    HttpError::new_boxed(kind, chain(error).into())
}

/// All that an error says: hyper's own words only tell in which step it was.
fn chain(error: &(dyn Error + 'static)) -> String {
    let errors = std::iter::successors(Some(error), |&error| error.source());
    errors.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
