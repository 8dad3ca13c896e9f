//! Access tokens of a province's own issuer: taken when everything is right, and only for whom they were linked to.

use std::fmt::Write as _;

use jsonwebtoken::{Algorithm as Jws, Header};
use lienthong_app::accounts::Rules;
use lienthong_app::commands::access;
use lienthong_app::identity::{Algorithm, ForeignError, IssuerSettings, Issuers};
use lienthong_domain::access::{Actor, Role};
use lienthong_domain::identity::Identity;
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use lienthong_outbound::{Allowed, Client};
use lienthong_persistence::accounts;
use lienthong_test_support::{TestDb, both_databases};
use serde_json::{Value, json};

use super::forger::{Forger, Key, symmetric, unsigned};
use super::with;
use crate::harness::{PeopleNode, Trust};

const REPORT: &str = "{ siteReadiness(unit: \"xuan-hai\") { incomplete } }";

fn issuers(forger: &Forger) -> Issuers {
    let settings = IssuerSettings {
        issuer: forger.issuer.clone(),
        audience: "lienthong-api".to_owned(),
        jwks_url: format!("{}/jwks", forger.issuer).parse().unwrap(),
        algorithms: vec![Algorithm::EdDsa, Algorithm::Rs256],
    };
    let here = Client::new(Allowed::new(vec!["127.0.0.0/8".parse().unwrap()]), None).unwrap();
    Issuers::new(vec![settings], &here).unwrap()
}

async fn node(db: TestDb, forger: &Forger) -> PeopleNode {
    PeopleNode::trusting(db, Rules::default(), Trust { issuers: issuers(forger), ..Trust::default() }).await
}

/// The claims of a token for the program `tong-hop`, valid for five minutes from `at`.
fn claims(forger: &Forger, at: i64) -> Value {
    json!({ "iss": forger.issuer, "sub": "tong-hop", "aud": "lienthong-api", "iat": at, "nbf": at, "exp": at + 300 })
}

fn now() -> Timestamp {
    Timestamp::from(chrono::Utc::now())
}

/// Links what the issuer calls `subject` to somebody with this role.
async fn linked(people: &PeopleNode, forger: &Forger, (subject, role): (&str, Role)) -> ActorId {
    let actor = people.node.actor(role, 1).await;
    let identity = Identity::parse(&forger.issuer, subject).unwrap();
    let operator = Actor::operator(ActorId::new(now())).permit().unwrap();
    access::link(people.node.test.store(), &operator, (actor, &identity), now()).await.unwrap();
    actor
}

async fn status(people: &PeopleNode, token: &str) -> u16 {
    people.query(token, REPORT, json!({})).await.status.as_u16()
}

type Forgery = fn(&Key, &Value) -> String;

const FORGERIES: [(&str, Forgery); 21] = [
    ("not signed", |_, claims| unsigned(claims)),
    ("signed with the public key as a secret", |key, claims| symmetric(&key.public(), &key.kid, claims)),
    ("signed with the published text of the key", |key, claims| {
        symmetric(key.jwk()["x"].as_str().unwrap().as_bytes(), &key.kid, claims)
    }),
    ("naming no key", |key, claims| key.sign_as(&Header::new(Jws::EdDSA), claims)),
    ("naming a file", |key, claims| key.clone().called("../../../../dev/null").sign(claims)),
    ("naming an address", |key, claims| key.clone().called("http://169.254.169.254/jwks").sign(claims)),
    ("naming a statement", |key, claims| key.clone().called("x' UNION SELECT 'y' --").sign(claims)),
    ("naming the key in capitals", |key, claims| key.clone().called(&key.kid.to_uppercase()).sign(claims)),
    ("signed by another key of that name", |key, claims| Key::named("other").called(&key.kid).sign(claims)),
    ("bringing its own key", |key, claims| {
        let own = Key::named("own");
        let jwk = serde_json::from_value(own.jwk()).unwrap();
        own.sign_as(&Header { jwk: Some(jwk), kid: Some(key.kid.clone()), ..own.header() }, claims)
    }),
    ("saying where its keys are", |key, claims| {
        let own = Key::named("own");
        let jku = format!("{}/jwks", claims["iss"].as_str().unwrap());
        let header = Header { jku: Some(jku.clone()), x5u: Some(jku), kid: Some(key.kid.clone()), ..own.header() };
        own.sign_as(&header, claims)
    }),
    ("with extensions that must be understood", |key, claims| {
        key.sign_as(&Header { crit: Some(vec!["b64".to_owned()]), ..key.header() }, claims)
    }),
    ("that is no access token", |key, claims| {
        key.sign_as(&Header { typ: Some("logout+jwt".to_owned()), ..key.header() }, claims)
    }),
    ("of another issuer", |key, claims| key.sign(&with(claims, &json!({ "iss": "https://sso.other.example" })))),
    ("of the issuer with a slash", |key, claims| {
        let issuer = format!("{}/", claims["iss"].as_str().unwrap());
        key.sign(&with(claims, &json!({ "iss": issuer })))
    }),
    ("for another audience", |key, claims| key.sign(&with(claims, &json!({ "aud": "lienthong" })))),
    ("for several others", |key, claims| key.sign(&with(claims, &json!({ "aud": ["a", "lienthong-api/"] })))),
    ("expired", |key, claims| key.sign(&with(claims, &json!({ "exp": claims["iat"].as_i64().unwrap() - 60 })))),
    ("not valid yet", |key, claims| key.sign(&with(claims, &json!({ "nbf": claims["iat"].as_i64().unwrap() + 120 })))),
    ("for ever", |key, claims| key.sign(&with(claims, &json!({ "exp": claims["iat"].as_i64().unwrap() + 90_000 })))),
    ("without an end", |key, claims| key.sign(&with(claims, &json!({ "exp": null })))),
];

both_databases! {
    async fn a_token_lets_in_whom_it_was_linked_to_with_the_roles_they_hold_here(db: TestDb) {
        let key = Key::named("a");
        let forger = Forger::start(&key).await;
        let people = node(db, &forger).await;
        let token = key.sign(&claims(&forger, now().as_micros() / 1_000_000));
        assert_eq!(status(&people, &token).await, 401, "linked to nobody");
        linked(&people, &forger, ("tong-hop", Role::OperationsMonitor)).await;
        let answer = people.query(&token, REPORT, json!({})).await;
        assert_eq!(answer.data()["siteReadiness"]["incomplete"], 1);
        // What the token says of roles is nothing to us.
        let more = with(&claims(&forger, now().as_micros() / 1_000_000), &json!({ "roles": ["provincial-administrator"], "scope": "manage-people" }));
        assert_eq!(people.query(&key.sign(&more), "{ accounts { handle } }", json!({})).await.error_code(), "FORBIDDEN");
        let several = with(&more, &json!({ "aud": ["account", "lienthong-api"] }));
        assert_eq!(status(&people, &key.sign(&several)).await, 200);
    }

    async fn a_token_that_is_not_right_in_every_respect_lets_nobody_in(db: TestDb) {
        let key = Key::named("a");
        let forger = Forger::start(&key).await;
        let people = node(db, &forger).await;
        linked(&people, &forger, ("tong-hop", Role::OperationsMonitor)).await;
        let good = claims(&forger, now().as_micros() / 1_000_000);
        assert_eq!(status(&people, &key.sign(&good)).await, 200);
        for (what, forge) in FORGERIES {
            assert_eq!(status(&people, &forge(&key, &good)).await, 401, "{what}");
        }
        let long = with(&good, &json!({ "x": "x".repeat(8192) }));
        assert_eq!(status(&people, &key.sign(&long)).await, 401);
        assert_eq!(forger.set(|says| says.asked_for_keys), 1, "names that nobody knows make nobody ask again at once");
    }

    async fn keys_that_are_not_for_this_are_not_used(db: TestDb) {
        let key = Key::named("a");
        let forger = Forger::start(&key).await;
        let people = node(db, &forger).await;
        linked(&people, &forger, ("tong-hop", Role::OperationsMonitor)).await;
        let token = key.sign(&claims(&forger, now().as_micros() / 1_000_000));
        let other = |change: Value| with(&key.jwk(), &change);
        let unfit = [
            other(json!({ "use": "enc" })),
            other(json!({ "alg": "RS256" })),
            other(json!({ "key_ops": ["sign"] })),
            other(json!({ "kid": null })),
            other(json!({ "crv": "P-256", "kty": "EC", "y": key.jwk()["x"] })),
            json!("no key"),
        ];
        forger.set(|says| says.keys = unfit.to_vec());
        assert_eq!(status(&people, &token).await, 401);
    }

    async fn what_is_taken_back_here_is_taken_back_whatever_the_issuer_says(db: TestDb) {
        let key = Key::named("a");
        let forger = Forger::start(&key).await;
        let people = node(db, &forger).await;
        let actor = linked(&people, &forger, ("tong-hop", Role::OperationsMonitor)).await;
        let token = key.sign(&claims(&forger, now().as_micros() / 1_000_000 - 1));
        assert_eq!(status(&people, &token).await, 200);
        let (store, operator) = (people.node.test.store(), Actor::operator(ActorId::new(now())).permit().unwrap());
        access::unlink(store, &operator, (actor, &forger.issuer), now()).await.unwrap();
        assert_eq!(status(&people, &token).await, 401);
        let identity = Identity::parse(&forger.issuer, "tong-hop").unwrap();
        access::link(store, &operator, (actor, &identity), now()).await.unwrap();
        assert_eq!(status(&people, &token).await, 401, "older than the day it was taken back");
        let later = key.sign(&claims(&forger, now().as_micros() / 1_000_000 + 2));
        assert_eq!(status(&people, &later).await, 200);
        people.node.test.assert_in_order().await;
        let tx = store.begin().await.unwrap();
        accounts::set_disabled(&tx, actor, Some(("Thôi dùng", now()))).await.unwrap();
        tx.commit(lienthong_persistence::Record::default()).await.unwrap();
        assert_eq!(status(&people, &later).await, 401);
    }
}

#[tokio::test]
async fn keys_are_renewed_once_a_minute_and_kept_for_a_day_while_the_issuer_is_down() {
    let (old, new) = (Key::named("old"), Key::named("new"));
    let forger = Forger::start(&old).await;
    let issuers = issuers(&forger);
    let began = now();
    let issuer = forger.issuer.clone();
    let verified = async |key: &Key, after: i64| {
        let at = began.plus_seconds(after);
        let seconds = at.as_micros() / 1_000_000;
        let claims = json!({ "iss": issuer, "sub": "x", "aud": "lienthong-api", "iat": seconds, "exp": seconds + 60 });
        match issuers.verify(&key.sign(&claims), at).await {
            Ok(_) => "TAKEN",
            Err(ForeignError::Keys(lienthong_app::identity::KeysError::Silent)) => "SILENT",
            Err(_) => "REFUSED",
        }
    };
    assert_eq!(verified(&old, 0).await, "TAKEN");
    forger.set(|says| says.keys = vec![new.jwk()]);
    assert_eq!(verified(&new, 59).await, "REFUSED");
    assert_eq!(verified(&new, 60).await, "TAKEN");
    assert_eq!(verified(&old, 61).await, "REFUSED");
    assert_eq!(forger.set(|says| says.asked_for_keys), 2);
    forger.stop().await;
    let mut told = String::new();
    for after in [11 * 60, 23 * 60 * 60, 25 * 60 * 60] {
        let _ = write!(told, "{} ", verified(&new, after).await);
    }
    assert_eq!(told, "TAKEN TAKEN SILENT ");
}
