//! A node over its own database, and how the tests write to it and read from it.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use feed_rs::model::Feed;
use feed_rs::parser;
use http::{HeaderMap, Request, StatusCode};

use lienthong_api::{ApiConfig, Documents, Front, front};
use lienthong_app::commands::articles::{self, NewArticle};
use lienthong_app::commands::{desk, holds};
use lienthong_app::{App, Keys};
use lienthong_domain::access::{Action, Actor, OwnOr, Permit};
use lienthong_domain::article::{ArticleInput, ArticleKind};
use lienthong_domain::entry::{Entry, Major};
use lienthong_domain::ids::{ActorId, CategoryId, SiteId};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::Store;
use lienthong_test_support::TestDb;

use crate::registry::{Registry, seed};

pub(crate) struct Portal {
    pub(crate) registry: Registry,
    app: Arc<App>,
    front: Front,
    actor: Actor,
    /// Its database, which goes with it.
    pub(crate) db: TestDb,
}

/// An answer read to its end.
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Portal {
    pub(crate) async fn open(db: TestDb) -> Self {
        Self::at(db, "https://api.hatinh.example").await
    }

    pub(crate) async fn at(db: TestDb, public_url: &str) -> Self {
        Self::configured(db, ApiConfig::at(public_url.parse().unwrap())).await
    }

    pub(crate) async fn configured(db: TestDb, config: ApiConfig) -> Self {
        let store = db.open().await;
        let registry = seed(&store).await;
        let app = App::start(store, Keys::of_tests()).await.unwrap();
        let front = front(Arc::clone(&app), config, Arc::new(|_, _| None), Documents::default()).unwrap();
        let actor = Actor::operator(ActorId::new(Timestamp::default()));
        Self { registry, app, front, actor, db }
    }

    pub(crate) async fn get(&self, target: &str) -> Got {
        self.get_with(target, &[]).await
    }

    pub(crate) async fn get_with(&self, target: &str, headers: &[(&str, &str)]) -> Got {
        let request = headers.iter().fold(Request::get(target), |request, (name, value)| request.header(*name, *value));
        let response = self.front.handle(request.body(Body::empty()).unwrap(), IpAddr::V4(Ipv4Addr::LOCALHOST)).await;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Got { status: parts.status, headers: parts.headers, body: String::from_utf8(body.to_vec()).unwrap() }
    }

    /// A feed as a reader that knows nothing of us understands it.
    pub(crate) async fn feed(&self, target: &str) -> Feed {
        let got = self.get(target).await;
        assert_eq!(got.status, StatusCode::OK, "{target}: {}", got.body);
        parser::parse(got.body.as_bytes()).unwrap_or_else(|error| panic!("{target}: {error}\n{}", got.body))
    }

    pub(crate) fn permit<A: Action>(&self) -> Permit<A> {
        self.actor.permit::<A>().unwrap()
    }

    fn own_or<A: Action>(&self) -> OwnOr<A> {
        self.actor.permit_or_own::<A>().unwrap()
    }

    pub(crate) async fn draft(&self, site: SiteId, input: ArticleInput, now: Timestamp) -> Entry {
        let new = NewArticle { site, slug: None, corrects: None, input, idempotency: None };
        articles::create(&self.app, &self.permit(), new, now).await.unwrap().entry
    }

    /// Writes and publishes at `now` on the commune's site.
    pub(crate) async fn publish(&self, input: ArticleInput, now: Timestamp) -> Entry {
        self.publish_on(self.registry.commune, input, now).await
    }

    pub(crate) async fn publish_on(&self, site: SiteId, input: ArticleInput, now: Timestamp) -> Entry {
        let entry = self.draft(site, input, now).await;
        self.publish_draft(&entry, Major::Major, now).await
    }

    /// What the scanner holds is let pass first: how it is shown must not depend on nobody having let it pass.
    pub(crate) async fn publish_draft(&self, entry: &Entry, major: Major, now: Timestamp) -> Entry {
        if entry.draft.as_ref().is_some_and(|draft| draft.is_held) {
            let seen = (entry.id, entry.version);
            let passed = holds::release(&self.app, &self.permit(), (seen, "Để thử"), now).await.unwrap();
            return Box::pin(self.publish_draft(&passed, major, now)).await;
        }
        desk::publish(&self.app, &self.permit(), ((entry.id, entry.version), major), now).await.unwrap()
    }

    pub(crate) async fn edit(&self, entry: &Entry, input: ArticleInput, major: Major, now: Timestamp) -> Entry {
        let seen = (entry.id, entry.version);
        let edited = articles::edit(&self.app, &self.own_or(), seen, input, now).await.unwrap().entry;
        self.publish_draft(&edited, major, now).await
    }

    pub(crate) async fn withdraw(&self, entry: &Entry, now: Timestamp) {
        desk::withdraw(&self.app, &self.permit(), (entry.id, entry.version), now).await.unwrap();
    }

    pub(crate) fn statements(&self) -> u64 {
        self.store().statements()
    }

    pub(crate) fn store(&self) -> &Store {
        self.app.store()
    }
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// Values of a header that may occur several times.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.headers.get_all(name).iter().map(|value| value.to_str().unwrap()).collect()
    }
}

/// An article that says little.
pub(crate) fn article(category: CategoryId, title: &str) -> ArticleInput {
    ArticleInput {
        kind: ArticleKind::News,
        audience: None,
        category,
        topic: None,
        series: None,
        title: title.to_owned(),
        summary: "Tóm tắt.".to_owned(),
        body: "<p>Nội dung.</p>".to_owned(),
        language: None,
        tags: Vec::new(),
        author: None,
        source: None,
        cover: None,
        attachments: vec![],
    }
}

pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}
