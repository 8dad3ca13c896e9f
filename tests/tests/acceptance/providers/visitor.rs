//! A browser, and the program behind the page that it starts from and comes back to.

use std::collections::HashMap;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Request;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use lienthong_app::accounts::Rules;
use lienthong_app::commands::accounts::{self, Invitation, Manager};
use lienthong_app::identity::{Algorithm, ProviderSettings, Providers};
use lienthong_domain::access::{Actor, Role};
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use lienthong_outbound::{Allowed, Client};
use lienthong_persistence::actors::Reach;
use lienthong_test_support::TestDb;

use crate::harness::{PeopleNode, Reply, Trust};

/// Where the provider sends browsers back to, at the public address of the tests' nodes.
pub(crate) const CALLBACK: &str = "https://api.hatinh.example/v1/auth/oidc/ha-tinh/callback";
/// What the provider knows us by; letters that a form and a header encode differently are among them.
pub(crate) const CLIENT_SECRET: &str = "mot bi mat: +/%&=?";
/// The page that people come back to.
pub(crate) const DESK: &str = "https://desk.hatinh.example/dang-nhap?ngon-ngu=vi";
/// The secret of the program behind that page.
pub(crate) const VERIFIER: &str = "mot-chuoi-bi-mat-cua-chuong-trinh-bien-tap-0123456789";

/// Settings for a provider.
pub(crate) fn settings(issuer: &str) -> ProviderSettings {
    ProviderSettings {
        key: "ha-tinh".to_owned(),
        display_name: "Hà Tĩnh".to_owned(),
        issuer: issuer.to_owned(),
        client_id: "lienthong".to_owned(),
        client_secret: Some(CLIENT_SECRET.to_owned().into()),
        scopes: vec!["email".to_owned()],
        algorithms: vec![Algorithm::Rs256, Algorithm::EdDsa],
        return_url: DESK.parse().unwrap(),
    }
}

/// Providers on this machine.
pub(crate) fn trust(settings: Vec<ProviderSettings>) -> Trust {
    let here = Client::new(Allowed::new(vec!["127.0.0.0/8".parse().unwrap()]), None).unwrap();
    let providers = Providers::new(settings, "https://api.hatinh.example", &here).unwrap();
    Trust { providers, ..Trust::default() }
}

/// A node at which people sign in at this provider.
pub(crate) async fn node(db: TestDb, issuer: &str) -> PeopleNode {
    PeopleNode::trusting(db, Rules::default(), trust(vec![settings(issuer)])).await
}

/// Invites somebody as an editor of the second site: the secret of the invitation.
pub(crate) async fn invited(people: &PeopleNode, name: &str) -> String {
    let now = Timestamp::from(chrono::Utc::now());
    let operator = Manager::of(&Actor::operator(ActorId::new(now))).unwrap();
    let roles = vec![(Role::Editor, Reach::Site(people.node.test.world.sites[1].id))];
    let new = Invitation { name: name.to_owned(), display_name: "Nguyễn Thị Lan".to_owned(), roles };
    let issued = accounts::invite(people.node.test.store(), &operator, (&Rules::default(), &new), now).await.unwrap();
    issued.token.to_string()
}

/// A browser on its way to a provider: where it is sent, and its cookie.
pub(crate) struct Sent {
    pub(crate) to: Url,
    pub(crate) cookie: String,
}

impl Sent {
    pub(crate) async fn start(people: &PeopleNode) -> Self {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let path = format!("/v1/auth/oidc/ha-tinh/start?challenge={challenge}");
        let reply = people.node.get(&path).await;
        assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (303, "no-store"), "{reply:?}");
        let cookie = reply.header("set-cookie").split(';').next().unwrap().to_owned();
        Self { to: reply.header("location").parse().unwrap(), cookie }
    }

    /// What the browser was told to ask the provider for.
    pub(crate) fn asked(&self, name: &str) -> String {
        parameter(&self.to, name).unwrap_or_else(|| panic!("no {name} in {}", self.to))
    }

    /// Comes back with a code that some provider gave it.
    pub(crate) async fn comes_back(&self, people: &PeopleNode, code: &str) -> Reply {
        let back = format!("{CALLBACK}?code={code}&state={}", self.asked("state"));
        arrive(people, &back.parse().unwrap(), Some(&self.cookie)).await
    }
}

/// Follows the provider's redirect to us.
pub(crate) async fn arrive(people: &PeopleNode, back: &Url, cookie: Option<&str>) -> Reply {
    let path = format!("{}?{}", back.path(), back.query().unwrap_or_default());
    let mut request = Request::get(path);
    if let Some(cookie) = cookie {
        request = request.header("cookie", cookie);
    }
    people.node.send(request.body(Body::empty()).unwrap()).await
}

/// Where a browser that has come back is sent, and what is told there.
pub(crate) fn told(reply: &Reply) -> HashMap<String, String> {
    assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (303, "no-store"), "{reply:?}");
    let to: Url = reply.header("location").parse().unwrap();
    assert!(to.as_str().starts_with(DESK), "{to}");
    to.query_pairs().into_owned().collect()
}

pub(crate) fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// Shows a ticket, as the program behind the page does.
pub(crate) async fn enter(people: &PeopleNode, ticket: &str, more: Value) -> Reply {
    let mut body = json!({ "ticket": ticket, "verifier": VERIFIER });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    people.post("/v1/auth/oidc/session", None, body).await
}
