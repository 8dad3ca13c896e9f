//! The front door: everything a request passes before a handler sees it, and an answer before it leaves.
//!
//! In this order: request id, which origins share the answer, preflight, rate limit, body, who asks, the answer kept in
//! memory, the handler, then entity tag, content coding, caching and cross-origin headers, the log line. Handlers know
//! nothing of all this, unless one says itself how long caches may keep its answer; a kept answer is found before anything is
//! parsed.

mod answer;
mod caching;
mod client;
mod coding;
mod config;
mod cors;
mod counted;
mod media_host;
mod rate;
mod request;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use tower::ServiceExt as _;
use url::Url;

use lienthong_app::accounts::Accounts;
use lienthong_app::cache::{Begun, ResponseCache};
use lienthong_app::identity::Issuers;
use lienthong_app::library::Library;
use lienthong_app::queries::actors::{self, Bearer};
use lienthong_app::queries::{api_tokens, foreign};
use lienthong_app::{App, ErrorCode};
use lienthong_domain::access::Actor;
use lienthong_domain::time::Timestamp;

use answer::{Answer, Lifetime};
use caching::Controls;
use coding::Coding;
pub(crate) use coding::before_coding;
pub use config::{ApiConfig, HttpCache, Rate};
use cors::Sharing;
use counted::Counted;
use media_host::MediaHost;
use rate::Limiter;
#[cfg(test)]
pub(crate) use request::SECRET_ADDRESSES;
pub(crate) use request::Told;
pub(crate) use request::brings_file;
pub use request::request_id;
use request::{Arrived, asks_for_file, negotiates};

use crate::asked;
use crate::problem::Problem;
use crate::reading::Reading;
use crate::view::MediaBase;

/// Tells which actor a token names, when it is valid at that moment.
pub type Verify = Arc<dyn Fn(&str, Timestamp) -> Option<Bearer> + Send + Sync>;

/// Time for a file to arrive. Falling silent ends it much earlier.
const LONGEST_UPLOAD: Duration = Duration::from_hours(1);

/// Who asks with a token.
struct Caller {
    actor: Actor,
    must_enrol: bool,
}

/// The public interface of one node.
pub struct Front {
    app: Arc<App>,
    config: ApiConfig,
    public_url: Arc<Url>,
    verify: Verify,
    media: MediaBase,
    media_host: Option<MediaHost>,
    library: Option<Arc<Library>>,
    accounts: Option<Arc<Accounts>>,
    issuers: Issuers,
    limiter: Limiter,
    cache: ResponseCache<Answer>,
    controls: Controls,
    counted: Counted,
    routes: Router,
}

impl Front {
    /// Puts the front door before `routes`.
    pub(crate) fn new(app: Arc<App>, config: ApiConfig, verify: Verify, routes: Router) -> Self {
        let limiter = Limiter::new(config.rate);
        let cache = ResponseCache::new(config.response_cache_bytes);
        let public_url = Arc::new(config.public_url.clone());
        let (controls, counted) = (Controls::new(config.http_cache), Counted::new());
        let media = MediaBase::new(config.media_url.as_ref().unwrap_or(&config.public_url));
        let media_host = MediaHost::beside(&config.public_url, config.media_url.as_ref());
        let (library, accounts) = (None, None);
        Self {
            app,
            config,
            public_url,
            verify,
            media,
            media_host,
            library,
            accounts,
            issuers: Issuers::default(),
            limiter,
            cache,
            controls,
            counted,
            routes,
        }
    }

    /// Lets people sign in here.
    #[must_use]
    pub fn with_accounts(self, accounts: Arc<Accounts>) -> Self {
        Self { accounts: Some(accounts), ..self }
    }

    /// Takes tokens of these issuers too.
    #[must_use]
    pub fn with_issuers(self, issuers: Issuers) -> Self {
        Self { issuers, ..self }
    }

    /// Takes and gives files of libraries here.
    #[must_use]
    pub fn with_library(self, library: Arc<Library>) -> Self {
        Self { library: Some(library), ..self }
    }

    /// Shows the pictures that this server draws itself under its present address, whatever address it had when their
    /// articles were written. `path` is what their paths begin with.
    #[must_use]
    pub fn with_drawn(self, path: &'static str) -> Self {
        Self { media: self.media.with_drawn(path, &self.public_url), ..self }
    }

    /// Serves further addresses, which need nothing of the node.
    #[must_use]
    pub fn with_pages(self, pages: Router) -> Self {
        let pages = pages.method_not_allowed_fallback(crate::method_not_allowed);
        Self { routes: self.routes.merge(pages), ..self }
    }

    /// Whether media have a host of their own.
    pub fn has_media_host(&self) -> bool {
        self.media_host.is_some()
    }

    /// Whether a request came to the host that serves media and nothing else.
    pub fn is_for_media_host(&self, request: &Request<Body>) -> bool {
        self.media_host.as_ref().is_some_and(|host| host.is_named_by(request))
    }

    /// Answers one request that came from `peer`.
    pub async fn handle(&self, mut request: Request<Body>, peer: IpAddr) -> Response {
        let started = Instant::now();
        // HEAD is GET without its body (RFC 9110 section 9.3.2): handlers and kept answers know only GET.
        let is_head = request.method() == Method::HEAD;
        if is_head {
            *request.method_mut() = Method::GET;
        }
        let id = request_id(request.headers().get("x-request-id"));
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let sharing = Sharing::of(&request, &self.config.origins);
        let mut response = match sharing.preflight(&request) {
            Some(preflight) => preflight.into_response(),
            None => asked::answering(id.clone(), self.answer(request, peer)).await,
        };
        let headers = response.headers_mut();
        sharing.allow(headers);
        headers.insert("x-request-id", id.clone());
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        let elapsed = started.elapsed();
        self.counted.request(response.status(), elapsed.as_secs_f64());
        request::log((&method, uri.path(), &id), &response, elapsed);
        if is_head { without_body(response) } else { response }
    }

    async fn answer(&self, request: Request<Body>, peer: IpAddr) -> Response {
        let client = client::limited_by(client::address(peer, request.headers(), &self.config.trusted_proxies));
        let allowance = match self.limiter.take(client) {
            Ok(allowance) => allowance,
            Err(refusal) => return *refusal,
        };
        if self.media_host.as_ref().is_some_and(|host| host.refuses(&request)) {
            return no_store(Problem::of(ErrorCode::NotFound).into_response());
        }
        let brings_file = brings_file(request.method(), request.uri().path(), request.headers());
        let patience = if brings_file { LONGEST_UPLOAD } else { self.config.request_timeout };
        let limit = tokio::time::timeout(patience, self.admitted(request, client));
        let mut response = limit.await.unwrap_or_else(|_| unavailable());
        allowance.tell(response.headers_mut());
        response
    }

    /// What takes longer than to find a kept answer is boxed, so that the way to those stays short.
    async fn admitted(&self, request: Request<Body>, client: IpAddr) -> Response {
        let arrived = match Arrived::read(request, &self.config).await {
            Ok(arrived) => arrived,
            Err(problem) => return no_store(problem.into_response()),
        };
        let now = Timestamp::from(chrono::Utc::now());
        match arrived.token() {
            None if asks_for_file(arrived.parts.uri.path()) => Box::pin(self.file(arrived, client, now)).await,
            None => self.public(arrived, client, now).await,
            Some(token) => match Box::pin(self.actor(token, now)).await {
                Ok(caller) => Box::pin(self.personal(arrived, (caller, client), now)).await,
                Err(problem) => {
                    tracing::info!(
                        request_id = asked::request_id(),
                        code = problem.code.as_str(),
                        "a token was refused"
                    );
                    refuse_token(problem)
                }
            },
        }
    }

    /// A request without a token: the same answer for everybody, so it can be kept.
    async fn public(&self, arrived: Arrived, client: IpAddr, now: Timestamp) -> Response {
        let coding = Coding::accepted(&arrived.parts.headers);
        let key = arrived.key(coding);
        if let Some(kept) = key.as_ref().and_then(|key| self.cache.get(&self.app, key, now)) {
            self.counted.cache_hits.increment(1);
            return self.send(&kept.value, (&arrived.parts.method, &arrived.parts.headers), now);
        }
        self.counted.cache_misses.increment(1);
        Box::pin(self.anew(arrived, (key, coding), client, now)).await
    }

    /// The same as the routes make it now.
    async fn anew(
        &self,
        arrived: Arrived,
        (key, coding): (Option<Box<[u8]>>, Coding),
        client: IpAddr,
        now: Timestamp,
    ) -> Response {
        let begun = Begun::now(&self.app, now);
        let reading = self.reading(None, client, now);
        let tags = Arc::clone(&reading.tags);
        let is_negotiated = negotiates(arrived.parts.uri.path());
        let (method, asked) = (arrived.parts.method.clone(), arrived.parts.headers.clone());
        let response = self.route(arrived, reading).await;
        let answer = match Answer::of(response, coding, &tags).await {
            Ok(answer) => answer,
            Err(problem) => return no_store(problem.into_response()),
        };
        let sent = self.send(&answer, (&method, &asked), now);
        if let Some(key) = key.filter(|_| answer.may_be_kept(is_negotiated) && self.config.response_cache_bytes > 0) {
            let bytes = answer.bytes();
            self.cache.keep(&self.app, key, (answer, bytes), (begun, &tags));
        }
        sent
    }

    /// A file of a library: passed on as it is read, and kept nowhere here. Elsewhere it may be kept as what is public, unless
    /// it says otherwise itself.
    async fn file(&self, arrived: Arrived, client: IpAddr, now: Timestamp) -> Response {
        let reading = self.reading(None, client, now);
        let mut response = self.route(arrived, reading).await;
        let status = match response.status() {
            StatusCode::NOT_MODIFIED | StatusCode::PARTIAL_CONTENT => StatusCode::OK,
            status => status,
        };
        let control = self.controls.of(status, self.app.next_change(now), now);
        response.headers_mut().entry(header::CACHE_CONTROL).or_insert(control);
        // With a token more is there.
        response.headers_mut().append(header::VARY, HeaderValue::from_static("Authorization"));
        response
    }

    /// A request with a token: never kept anywhere.
    async fn personal(&self, arrived: Arrived, (caller, client): (Caller, IpAddr), now: Timestamp) -> Response {
        let Caller { actor, must_enrol } = caller;
        let reading = Reading { must_enrol, ..self.reading(Some(actor.asking_from(client)), client, now) };
        let coding = Coding::accepted(&arrived.parts.headers);
        let response = self.route(arrived, reading).await;
        // BREACH reads a secret from the sizes of compressed answers, which the page of an attacker has a browser fetch again
        // and again. No browser sends a bearer token by itself, so that no page gets an answer made for somebody else.
        let mut response = answer::encoded(response, coding).await.unwrap_or_else(Problem::into_response);
        response.headers_mut().insert(header::CACHE_CONTROL, caching::PRIVATE);
        response.headers_mut().append(header::VARY, HeaderValue::from_static("Authorization"));
        response
    }

    async fn route(&self, arrived: Arrived, reading: Reading) -> Response {
        let Arrived { mut parts, body, file } = arrived;
        parts.extensions.insert(reading);
        let request = Request::from_parts(parts, file.unwrap_or_else(|| Body::from(body)));
        self.routes.clone().oneshot(request).await.unwrap_or_else(|never| match never {})
    }

    /// The answer with what belongs to this moment and this client: times, or 304 when it holds the answer already.
    fn send(&self, answer: &Answer, asked: (&Method, &HeaderMap), now: Timestamp) -> Response {
        let control = match answer.lifetime() {
            Lifetime::None => caching::NO_STORE,
            Lifetime::Own(own) => own.clone(),
            Lifetime::Usual => self.controls.of(answer.status(), self.app.next_change(now), now),
        };
        let is_held = answer.entity_tag().is_some_and(|tag| caching::is_held(asked, tag));
        answer.send(control, is_held)
    }

    fn reading(&self, actor: Option<Actor>, client: IpAddr, now: Timestamp) -> Reading {
        Reading {
            app: Arc::clone(&self.app),
            reference: self.app.reference(),
            tags: Arc::default(),
            actor,
            public_url: Arc::clone(&self.public_url),
            media: self.media.clone(),
            library: self.library.clone(),
            client,
            accounts: self.accounts.clone(),
            must_enrol: false,
            now,
        }
    }

    /// Who the token names, with all it may do at this moment: one of a program, one of ours, or one of another issuer.
    /// Tokens of the command line are exempt from the second factor: whoever signs them has the machine.
    async fn actor(&self, token: &str, now: Timestamp) -> Result<Caller, Problem> {
        let (found, is_exempt) = if token.starts_with(api_tokens::API_TOKEN_PREFIX) {
            (api_tokens::bearer(self.app.store(), token, now).await?, false)
        } else if let Some(bearer) = (self.verify)(token, now) {
            (actors::find(&self.app, bearer, now).await?, bearer.session.is_none())
        } else if self.issuers.is_empty() {
            (None, false)
        } else {
            (foreign::bearer(self.app.store(), &self.issuers, token, now).await?, false)
        };
        let found = found.ok_or_else(|| Problem::of(ErrorCode::Unauthenticated))?;
        let demands = self.accounts.as_ref().is_some_and(|accounts| accounts.demands_enrolment(&found));
        Ok(Caller { actor: found.actor, must_enrol: demands && !is_exempt })
    }
}

/// What is answered when no answer could be made in time.
pub fn unavailable() -> Response {
    no_store(Problem::of(ErrorCode::Unavailable).into_response())
}

/// The headers of an answer, its length included, and nothing else.
fn without_body(mut response: Response) -> Response {
    let body = std::mem::replace(response.body_mut(), Body::empty());
    if let Some(length) = http_body::Body::size_hint(&body).exact() {
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    response
}

fn no_store(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, caching::NO_STORE);
    response
}

fn refuse_token(problem: Problem) -> Response {
    let mut response = no_store(problem.into_response());
    if response.status() == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

#[cfg(test)]
mod tests;
