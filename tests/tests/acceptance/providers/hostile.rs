//! What no honest provider says is refused, and a provider that fails is lived with.

use std::net::Ipv4Addr;

use serde_json::{Value, json};

use lienthong_app::accounts::Rules;
use lienthong_app::commands::accounts::{Arrival, Vouched, arrive, depart, enter};
use lienthong_app::identity::{Algorithm, ProviderSettings};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::audits::{self, ActsOn};
use lienthong_test_support::both_databases;

use super::forger::{Forger, Key, symmetric, unsigned};
use super::visitor::{CLIENT_SECRET, Sent, VERIFIER, invited, node, parameter, settings, told, trust};
use super::with;
use crate::harness::PeopleNode;

/// The claims that an honest provider makes about `lan` in answer to this browser's request.
fn honest(forger: &Forger, sent: &Sent) -> Value {
    let now = chrono::Utc::now().timestamp();
    json!({ "iss": forger.issuer, "sub": "lan", "aud": "lienthong", "exp": now + 300, "iat": now, "nonce": sent.asked("nonce") })
}

/// What the desk is told when the provider answers with this identity token.
async fn outcome(people: &PeopleNode, forger: &Forger, token: impl FnOnce(&Value) -> String) -> String {
    let sent = Sent::start(people).await;
    forger.vouch(&token(&honest(forger, &sent)));
    let desk = told(&sent.comes_back(people, "any").await);
    desk.get("error").cloned().unwrap_or_else(|| "TICKET".to_owned())
}

type Forgery = fn(&Key, &Value) -> String;

const FORGERIES: [(&str, Forgery); 17] = [
    ("not signed", |_, claims| unsigned(claims)),
    ("signed with the client secret", |key, claims| symmetric(CLIENT_SECRET.as_bytes(), &key.kid, claims)),
    ("signed with the public key as a secret", |key, claims| symmetric(&key.public(), &key.kid, claims)),
    ("signed by another key of that name", |key, claims| Key::named("other").called(&key.kid).sign(claims)),
    ("signed by a key nobody knows", |_, claims| Key::named("unknown").sign(claims)),
    ("for another client", |key, claims| key.sign(&with(claims, &json!({ "aud": "other" })))),
    ("for another client as well", |key, claims| key.sign(&with(claims, &json!({ "aud": ["lienthong", "other"] })))),
    ("for nobody", |key, claims| key.sign(&with(claims, &json!({ "aud": [] })))),
    ("authorized for another client", |key, claims| key.sign(&with(claims, &json!({ "azp": "other" })))),
    ("of another issuer", |key, claims| key.sign(&with(claims, &json!({ "iss": "https://sso.other.example" })))),
    ("of the issuer with a slash", |key, claims| {
        let issuer = format!("{}/", claims["iss"].as_str().unwrap());
        key.sign(&with(claims, &json!({ "iss": issuer })))
    }),
    ("expired", |key, claims| {
        let then = chrono::Utc::now().timestamp() - 1;
        key.sign(&with(claims, &json!({ "exp": then })))
    }),
    ("from the future", |key, claims| {
        let then = chrono::Utc::now().timestamp() + 120;
        key.sign(&with(claims, &json!({ "iat": then, "exp": then + 300 })))
    }),
    ("with another nonce", |key, claims| key.sign(&with(claims, &json!({ "nonce": "x" })))),
    ("without a nonce", |key, claims| key.sign(&with(claims, &json!({ "nonce": null })))),
    ("about nobody", |key, claims| key.sign(&with(claims, &json!({ "sub": "" })))),
    ("with its text cut off", |key, claims| key.sign(claims).rsplit_once('.').unwrap().0.to_owned()),
];

both_databases! {
    async fn a_token_that_is_not_right_in_every_respect_gives_no_ticket(db: TestDb) {
        let key = Key::named("a");
        let forger = Forger::start(&key).await;
        let people = node(db, &forger.issuer).await;
        assert_eq!(outcome(&people, &forger, |claims| key.sign(claims)).await, "TICKET");
        for (what, forge) in FORGERIES {
            assert_eq!(outcome(&people, &forger, |claims| forge(&key, claims)).await, "SIGN_IN_REFUSED", "{what}");
        }
        assert_eq!(outcome(&people, &forger, |claims| key.sign(claims)).await, "TICKET");
        assert_eq!(forger.set(|says| says.asked_for_keys), 1, "unknown keys make nobody ask again at once");
    }

    async fn an_answer_that_is_none_gives_no_ticket(db: TestDb) {
        let key = Key::named("a");
        let forger = Forger::start(&key).await;
        let people = node(db, &forger.issuer).await;
        let no_token = json!({ "access_token": "x", "token_type": "Bearer" }).to_string();
        let refusal = json!({ "error": "invalid_grant" }).to_string();
        for answer in [(200, no_token), (400, refusal), (200, "xin chào".to_owned()), (500, String::new()), (302, String::new()), (200, "x".repeat(2 << 20))] {
            let sent = Sent::start(&people).await;
            forger.set(|says| says.answer = answer.clone());
            let desk = told(&sent.comes_back(&people, "any").await);
            assert_eq!(desk.get("error").map(String::as_str), Some("SIGN_IN_REFUSED"), "{}", answer.0);
        }
    }

    async fn only_the_listed_algorithms_count(db: TestDb) {
        let key = Key::named("a");
        let forger = Forger::start(&key).await;
        let strict = ProviderSettings { algorithms: vec![Algorithm::Es256], ..settings(&forger.issuer) };
        let people = PeopleNode::trusting(db, Rules::default(), trust(vec![strict])).await;
        assert_eq!(outcome(&people, &forger, |claims| key.sign(claims)).await, "SIGN_IN_REFUSED");
    }

    async fn a_provider_that_lies_about_itself_or_does_not_answer_sends_nobody_anywhere(db: TestDb) {
        let key = Key::named("a");
        let forger = Forger::start(&key).await;
        forger.set(|says| says.metadata = json!({ "issuer": "https://sso.other.example" }));
        let people = node(db, &forger.issuer).await;
        let path = "/v1/auth/oidc/ha-tinh/start?challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        let refused = people.node.get(path).await;
        assert_eq!((refused.problem(), refused.header("cache-control")), ((503, "PROVIDER_UNAVAILABLE".to_owned()), "no-store"));
        // Its own pages work on: nobody else is concerned.
        assert_eq!(people.node.get("/v1/auth/oidc").await.status.as_u16(), 200);
    }

    async fn keys_are_renewed_when_a_token_names_a_new_one_and_kept_while_the_provider_is_down(db: TestDb) {
        let (old, new) = (Key::named("old"), Key::named("new"));
        let forger = Forger::start(&old).await;
        let people = node(db, &forger.issuer).await;
        let began = Timestamp::from(chrono::Utc::now());
        assert_eq!(signed_by(&people, (&forger, &old), began).await, "TICKET");
        forger.set(|says| says.keys = vec![new.jwk()]);
        assert_eq!(signed_by(&people, (&forger, &new), began.plus_seconds(59)).await, "SIGN_IN_REFUSED");
        assert_eq!(signed_by(&people, (&forger, &new), began.plus_seconds(60)).await, "TICKET");
        assert_eq!(signed_by(&people, (&forger, &old), began.plus_seconds(121)).await, "SIGN_IN_REFUSED");
        assert_eq!(forger.set(|says| says.asked_for_keys), 3);
        forger.stop().await;
        let store = people.node.test.store();
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        for (after, code) in [(10 * 60 * 60, "SENT"), (25 * 60 * 60, "PROVIDER_UNAVAILABLE")] {
            let sent = depart(store, &people.accounts, ("ha-tinh", challenge), began.plus_seconds(after)).await;
            assert_eq!(sent.map_or_else(|error| error.code().as_str(), |_| "SENT"), code);
        }
    }

    async fn a_sign_in_takes_ten_minutes_and_a_ticket_is_good_for_five(db: TestDb) {
        let key = Key::named("a");
        let forger = Forger::start(&key).await;
        let people = node(db, &forger.issuer).await;
        let began = Timestamp::from(chrono::Utc::now());
        assert_eq!(signed_at(&people, (&forger, &key), (began, began.plus_seconds(599))).await, "TICKET");
        assert_eq!(signed_at(&people, (&forger, &key), (began, began.plus_seconds(600))).await, "SIGN_IN_REFUSED");
        let invitation = invited(&people, "lan").await;
        let sent = Sent::start(&people).await;
        forger.vouch(&key.sign(&honest(&forger, &sent)));
        let ticket = told(&sent.comes_back(&people, "any").await)["ticket"].clone();
        let issued = Timestamp::from(chrono::Utc::now());
        let shown = Vouched {
            ticket: &ticket,
            verifier: VERIFIER,
            code: None,
            link: Some(&invitation),
            address: Ipv4Addr::LOCALHOST.into(),
        };
        for (after, code) in [(300, "SIGN_IN_REFUSED"), (290, "SIGNED_IN"), (291, "SIGN_IN_REFUSED")] {
            let entered = enter(people.node.test.store(), &people.accounts, &shown, issued.plus_seconds(after)).await;
            assert_eq!(entered.map_or_else(|error| error.code().as_str(), |_| "SIGNED_IN"), code, "{after}");
        }
        let acts = audits::list(people.node.test.store(), ActsOn::Everything, (None, 1)).await.unwrap();
        let note = format!("link an identity of {} by invitation, and sign in by it", forger.issuer);
        assert_eq!((acts[0].act.note.as_str(), acts[0].act.address.as_deref()), (note.as_str(), Some("127.0.0.1")));
    }
}

/// Signs in with an identity token of this key at this time.
async fn signed_by(people: &PeopleNode, by: (&Forger, &Key), now: Timestamp) -> &'static str {
    signed_at(people, by, (now, now)).await
}

/// The same, with time between the way there and the way back.
async fn signed_at(
    people: &PeopleNode,
    (forger, key): (&Forger, &Key),
    (there, back): (Timestamp, Timestamp),
) -> &'static str {
    let (store, challenge) = (people.node.test.store(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    let sent = depart(store, &people.accounts, ("ha-tinh", challenge), there).await.unwrap();
    let asked = |name| parameter(&sent.to, name).unwrap();
    let at = back.as_micros() / 1_000_000;
    let claims = json!({ "iss": forger.issuer, "sub": "lan", "aud": "lienthong", "exp": at + 300, "iat": at, "nonce": asked("nonce") });
    forger.vouch(&key.sign(&claims));
    let (cookie, state) = (sent.secret.cookie(), asked("state"));
    let arrival = Arrival {
        provider: "ha-tinh",
        cookie: Some(&cookie),
        state: Some(&state),
        code: Some("any"),
        error: None,
        iss: None,
    };
    match arrive(store, &people.accounts, &arrival, back).await {
        Ok(to) if parameter(&to, "ticket").is_some() => "TICKET",
        Ok(_) => "SIGN_IN_REFUSED",
        Err(error) => error.code().as_str(),
    }
}
