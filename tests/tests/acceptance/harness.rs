//! A node whose front door is called in-process.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use lienthong_api::{ApiConfig, Documents, Front, Rate, Verify};
use lienthong_app::App;

use lienthong_app::accounts::{Accounts, Cost, Passwords, Rules};
use lienthong_app::identity::{Issuers, Providers};
use lienthong_app::library::{Library, LibraryLimits, Vault};
use lienthong_app::queries::actors::Bearer;
use lienthong_app::secrets::{SealKey, Secrets};
use lienthong_app::tokens::Tokens;
use lienthong_domain::access::Role;
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use lienthong_test_support::{TestApp, TestDb};

/// A node with its front door.
pub(crate) struct Node {
    pub(crate) test: TestApp,
    pub(crate) front: Arc<Front>,
    pub(crate) library: Arc<Library>,
    /// Where its media lie.
    pub(crate) folder: tempfile::TempDir,
}

/// A node on which people sign in, with tokens that are signed and verified as in production.
pub(crate) struct PeopleNode {
    pub(crate) node: Node,
    pub(crate) accounts: Arc<Accounts>,
    /// What its tokens are signed with.
    pub(crate) secrets: Secrets,
}

/// Whom a node believes beside itself.
#[derive(Default)]
pub(crate) struct Trust {
    pub(crate) providers: Providers,
    pub(crate) issuers: Issuers,
}

impl PeopleNode {
    pub(crate) async fn start(db: TestDb) -> Self {
        Self::with(db, Rules::default()).await
    }

    pub(crate) async fn with(db: TestDb, rules: Rules) -> Self {
        Self::trusting(db, rules, Trust::default()).await
    }

    /// A node that believes others as well.
    pub(crate) async fn trusting(db: TestDb, rules: Rules, Trust { providers, issuers }: Trust) -> Self {
        let test = TestApp::start(db).await;
        let (library, folder) = library();
        let seal = SealKey::create(&folder.path().join("seal.key")).unwrap();
        let secrets = Secrets::open(test.app.store(), &seal, Timestamp::from_micros(0)).await.unwrap();
        let tokens = Arc::new(Tokens::new(&secrets, "lienthong", "lienthong-api"));
        let passwords = Passwords::new(Cost::trifling()).unwrap();
        let accounts = Accounts::new(Arc::clone(&tokens), Arc::new(seal), passwords, rules);
        let accounts = Arc::new(accounts.with_providers(providers));
        let verify: Verify = Arc::new(move |token, now| tokens.verify(token, now).ok().map(|it| it.bearer()));
        let front = lienthong_api::front(Arc::clone(&test.app), config(), verify, Documents::default()).unwrap();
        let front = Arc::new(front.with_accounts(Arc::clone(&accounts)).with_issuers(issuers));
        Self { node: Node { test, front, library: Arc::new(library), folder }, accounts, secrets }
    }

    /// Sends JSON.
    pub(crate) async fn post(&self, path: &str, token: Option<&str>, body: Value) -> Reply {
        let mut request = Request::post(path).header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.node.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// A GraphQL document with a token.
    pub(crate) async fn query(&self, token: &str, query: &str, variables: Value) -> Reply {
        self.post("/graphql", Some(token), json!({ "query": query, "variables": variables })).await
    }
}

/// An empty store of files in a folder of its own.
pub(crate) fn library() -> (Library, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::in_folder(&folder.path().join("media")).unwrap();
    (Library::new(vault, &folder.path().join("spool"), LibraryLimits::default()).unwrap(), folder)
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// The code of a problem.
    pub(crate) fn problem(&self) -> (u16, String) {
        (self.status.as_u16(), self.json()["code"].as_str().unwrap_or_default().to_owned())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The data of a GraphQL answer that went well.
    pub(crate) fn data(&self) -> Value {
        let answer = self.json();
        assert_eq!(answer.get("errors"), None, "{answer:#}");
        answer["data"].clone()
    }

    /// The code of the first GraphQL error.
    pub(crate) fn error_code(&self) -> String {
        self.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Node {
    pub(crate) async fn start(db: TestDb) -> Self {
        Self::with_library(db, |library| library).await
    }

    /// A node whose library is set up in a way of its own.
    pub(crate) async fn with_library(db: TestDb, set_up: impl FnOnce(Library) -> Library) -> Self {
        Self::with(db, set_up, config()).await
    }

    /// A node with a library and a configuration of its own.
    pub(crate) async fn with(db: TestDb, set_up: impl FnOnce(Library) -> Library, config: ApiConfig) -> Self {
        let test = TestApp::start(db).await;
        let (library, folder) = library();
        let library = Arc::new(set_up(library));
        let front = front_with(&test.app, config).with_library(Arc::clone(&library));
        Self { test, front: Arc::new(front), library, folder }
    }

    /// A request as a client makes it.
    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        send(&self.front, request).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn query(&self, query: &str, variables: Value) -> Reply {
        self.send(graphql(query, &variables, None)).await
    }

    /// A query with the token of an actor.
    pub(crate) async fn query_as(&self, actor: ActorId, query: &str, variables: Value) -> Reply {
        self.send(graphql(query, &variables, Some(actor))).await
    }

    /// Somebody with a role on the `site`-th site.
    pub(crate) async fn actor(&self, role: Role, site: usize) -> ActorId {
        self.test.recorded(role, site).await
    }
}

/// The id of a node as clients see it.
pub(crate) fn global_id(kind: &str, id: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(format!("{kind}:{id}"))
}

pub(crate) async fn send(front: &Front, request: Request<Body>) -> Reply {
    let response = front.handle(request, IpAddr::V4(Ipv4Addr::LOCALHOST)).await;
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Reply { status: parts.status, headers: parts.headers, body }
}

pub(crate) fn graphql(query: &str, variables: &Value, actor: Option<ActorId>) -> Request<Body> {
    let mut request = Request::post("/graphql").header("content-type", "application/json");
    if let Some(actor) = actor {
        request = request.header("authorization", format!("Bearer {actor}"));
    }
    let body = json!({ "query": query, "variables": variables });
    request.body(Body::from(body.to_string())).unwrap()
}

/// The front door of a node. A token is simply the actor's id: signatures have tests of their own, and
/// [`PeopleNode`] signs in.
pub(crate) fn front_of(app: &Arc<App>) -> Arc<Front> {
    Arc::new(front_with(app, config()))
}

fn front_with(app: &Arc<App>, config: ApiConfig) -> Front {
    let verify: Verify = Arc::new(|token, now| {
        let actor = Uuid::try_parse(token).ok().map(ActorId::from_uuid)?;
        Some(Bearer { actor, session: None, issued_at: now })
    });
    lienthong_api::front(Arc::clone(app), config, verify, Documents::default()).unwrap()
}

pub(crate) fn config() -> ApiConfig {
    ApiConfig {
        rate: Rate { per_second: 0, burst: 0 },
        ..ApiConfig::at("https://api.hatinh.example/".parse().unwrap())
    }
}
