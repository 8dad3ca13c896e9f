//! One instance under test, asked over both interfaces with the same reading.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_graphql::Variables;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use lienthong_app::search::{SearchIndex, SearchPlace, SearchStatus};
use lienthong_app::{App, Keys};
use lienthong_domain::access::{Actor, Grant, Role, SiteScope};
use lienthong_domain::hold::Pace;
use lienthong_domain::ids::{ActorId, SiteId};
use lienthong_domain::time::Timestamp;
use lienthong_test_support::TestDb;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::seed::Seeded;
use crate::front::ApiConfig;
use crate::graphql::LienThongSchema;
use crate::reading::Reading;
use crate::view::MediaBase;

/// After everything that the seed publishes.
pub(super) const NOW: &str = "2024-08-01T00:00:00Z";

pub(super) struct Portal {
    pub(super) app: Arc<App>,
    pub(super) seeded: Seeded,
    pub(super) now: Timestamp,
    schema: LienThongSchema,
    router: Router,
    _db: TestDb,
}

/// An answer of the REST interface.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) bytes: Vec<u8>,
    /// The body as JSON; null when it is none.
    pub(super) body: Value,
}

/// A request to the REST interface.
#[derive(Default, Clone)]
pub(super) struct Call<'a> {
    pub(super) actor: Option<Actor>,
    pub(super) headers: Vec<(&'a str, &'a str)>,
    pub(super) body: Vec<u8>,
}

impl Portal {
    /// An instance with reference data and no articles.
    pub(super) async fn empty() -> Self {
        Self::on(TestDb::sqlite().await).await
    }

    /// The same on a database of either kind.
    pub(super) async fn on(db: TestDb) -> Self {
        Self::with_index(db, SearchIndex::absent()).await
    }

    async fn with_index(db: TestDb, index: SearchIndex) -> Self {
        let store = db.open().await;
        let seeded = Seeded::reference(&store).await;
        let app = App::start_with(store, Keys::of_tests(), index).await.unwrap();
        app.set_pace(Pace::UNLIMITED);
        let config = ApiConfig::at("https://api.hatinh.example/".parse().unwrap());
        let (schema, router) = (crate::graphql::schema(), crate::rest::router().merge(crate::feeds::router(&config)));
        Self { app, seeded, now: Timestamp::parse(NOW).unwrap(), schema, router, _db: db }
    }

    /// An instance with some 150 articles in every state.
    pub(super) async fn full() -> Self {
        let mut portal = Self::empty().await;
        portal.seeded.articles(&portal.app).await;
        portal
    }

    /// The same with a search index that has them all.
    pub(super) async fn searching() -> Self {
        let index = SearchIndex::open(&SearchPlace::Temporary).unwrap();
        let mut portal = Self::with_index(TestDb::sqlite().await, index).await;
        portal.seeded.articles(&portal.app).await;
        let head = portal.app.store().head().await.unwrap();
        let fed = async {
            let begun = Instant::now();
            while !matches!(portal.app.search().status(), SearchStatus::Following { position, .. } if position == head)
            {
                assert!(begun.elapsed() < Duration::from_secs(30), "the index has not reached the head");
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! { () = fed => {}, () = portal.app.follow() => unreachable!("it follows until it is dropped") }
        portal
    }

    pub(super) fn reading(&self, actor: Option<Actor>) -> Reading {
        let reference = self.app.reference();
        let public_url = std::sync::Arc::new("https://api.hatinh.example/".parse().unwrap());
        Reading {
            media: MediaBase::new(&public_url),
            library: None,
            public_url,
            app: self.app.clone(),
            reference,
            tags: Arc::default(),
            actor,
            client: Ipv4Addr::LOCALHOST.into(),
            accounts: None,
            must_enrol: false,
            now: self.now,
        }
    }

    /// Runs a GraphQL document as the public.
    pub(super) async fn graphql(&self, document: &str, variables: Value) -> Value {
        self.graphql_as(None, document, variables).await
    }

    /// Runs a GraphQL document as somebody.
    pub(super) async fn graphql_as(&self, actor: Option<Actor>, document: &str, variables: Value) -> Value {
        let request = async_graphql::Request::new(document).variables(Variables::from_json(variables));
        let response = self.schema.execute(request.data(self.reading(actor))).await;
        serde_json::to_value(response).unwrap()
    }

    /// Asks REST as the public.
    pub(super) async fn get(&self, uri: &str) -> Answer {
        self.call(Method::GET, uri, Call::default()).await
    }

    pub(super) async fn call(&self, method: Method, uri: &str, call: Call<'_>) -> Answer {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        let mut request = request.body(Body::from(call.body)).unwrap();
        request.extensions_mut().insert(self.reading(call.actor));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, bytes, body }
    }

    /// Sends JSON as somebody with `role` on `site`.
    pub(super) async fn send(&self, method: Method, uri: &str, actor: &Actor, body: &Value) -> Answer {
        self.call(method, uri, Call::json(actor, body)).await
    }
}

impl<'a> Call<'a> {
    pub(super) fn json(actor: &Actor, body: &Value) -> Self {
        let headers = vec![("content-type", "application/json")];
        Self { actor: Some(actor.clone()), headers, body: body.to_string().into_bytes() }
    }

    pub(super) fn by(actor: &Actor) -> Self {
        Self { actor: Some(actor.clone()), ..Self::default() }
    }

    pub(super) fn with(mut self, name: &'a str, value: &'a str) -> Self {
        self.headers.push((name, value));
        self
    }
}

impl Answer {
    pub(super) fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(super) fn code(&self) -> (u16, &str) {
        (self.status.as_u16(), self.body["code"].as_str().unwrap_or_default())
    }
}

/// Somebody with `role` on `site`.
pub(super) fn somebody(role: Role, site: SiteId) -> Actor {
    let id = ActorId::new(Timestamp::parse(NOW).unwrap());
    Actor::with_grants(id, vec![Grant { role, scope: SiteScope::of([site]) }])
}

/// The text of an article as an editor sends it.
pub(super) fn text(category: &str, title: &str) -> Value {
    json!({ "category": category, "title": title, "body": "<p>Nội dung</p>" })
}
