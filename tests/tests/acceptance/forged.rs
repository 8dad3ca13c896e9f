//! Tokens that attackers make, at every door of the public interface. The verifier has tests of its own, forgery by
//! forgery; here it is shown that nobody gets past it, and that a refusal is never a kept public answer.

use std::time::Duration;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Request;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use lienthong_app::tokens::Tokens;
use lienthong_domain::access::Role;
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::actors::Reach;
use lienthong_test_support::both_databases;

use crate::accounts::{ME, signed_in, text};
use crate::harness::{PeopleNode, Reply};

const HOUR: Duration = Duration::from_hours(1);
const PUBLIC: &str = "/graphql?query=%7B__typename%7D";

/// Addresses that everybody may read, that editors read, and that change something.
const DOORS: [(&str, &str); 8] = [
    ("GET", PUBLIC),
    ("GET", "/v1/articles"),
    ("GET", "/feeds/sites/xuanhai.hatinh.example.atom"),
    ("GET", "/v1/internal/articles"),
    ("POST", "/graphql"),
    ("PUT", "/v1/entries/x"),
    ("POST", "/v1/sites/xuanhai.hatinh.example/articles"),
    ("POST", "/v1/sites/xuanhai.hatinh.example/media"),
];

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn read(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// Forgeries of a token that is good, by what they try.
fn forged(people: &PeopleNode, good: &str) -> Vec<(String, String)> {
    let now = Timestamp::from(chrono::Utc::now());
    let [head, claims, signature] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
    let known = read(head)["kid"].as_str().unwrap().to_owned();
    let actor = ActorId::from_uuid(read(claims)["sub"].as_str().unwrap().parse().unwrap());
    let with_head = |header: Value| format!("{}.{claims}.{signature}", part(&header));
    let mut all = Vec::new();
    let mut add = |what: &str, token: String| all.push((what.to_owned(), token));
    for alg in ["none", "None", "nOnE", ""] {
        add("unsigned", format!("{}.{claims}.", part(&json!({ "alg": alg, "kid": known }))));
        add("unsigned, with a signature", with_head(json!({ "alg": alg, "kid": known })));
    }
    for kid in ["../../../dev/null", "' OR '1'='1", "https://evil.example/jwks.json", "\0", "log-1", ""] {
        add(&format!("the key {kid:?}"), with_head(json!({ "alg": "EdDSA", "kid": kid })));
    }
    for (issuer, audience) in [("lienthong", "other-api"), ("evil", "lienthong-api"), ("lienthong", "")] {
        let other = Tokens::new(&people.secrets, issuer, audience);
        add(&format!("of {issuer:?} for {audience:?}"), other.sign(actor, HOUR, now).unwrap().token);
    }
    let ours = Tokens::new(&people.secrets, "lienthong", "lienthong-api");
    add("expired", ours.sign(actor, HOUR, now.plus_seconds(-3_700)).unwrap().token);
    add("not valid yet", ours.sign(actor, HOUR, now.plus_seconds(600)).unwrap().token);
    add("of nobody", ours.sign(ActorId::new(now), HOUR, now).unwrap().token);
    add(
        "another bearer",
        format!("{head}.{}.{signature}", part(&with(read(claims), "sub", &json!(ActorId::new(now).to_string())))),
    );
    add("a longer life", format!("{head}.{}.{signature}", part(&with(read(claims), "exp", &json!(i64::MAX)))));
    for (algorithm, secret) in confusions(&ours.jwks()["keys"][0]) {
        let header = Header { kid: Some(known.clone()), ..Header::new(algorithm) };
        let token = jsonwebtoken::encode(&header, &read(claims), &EncodingKey::from_secret(&secret)).unwrap();
        add(&format!("the public key as a secret of {algorithm:?}"), token);
    }
    all
}

/// Algorithms with shared secrets, and what of a public key an attacker would take for one.
fn confusions(jwk: &Value) -> Vec<(Algorithm, Vec<u8>)> {
    let x = jwk["x"].as_str().unwrap();
    let bytes = URL_SAFE_NO_PAD.decode(x).unwrap();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{x}\n-----END PUBLIC KEY-----\n");
    let secrets = [bytes, x.as_bytes().to_vec(), pem.into_bytes(), jwk.to_string().into_bytes()];
    let algorithms = [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512];
    algorithms.into_iter().flat_map(|algorithm| secrets.clone().map(|secret| (algorithm, secret))).collect()
}

fn with(mut claims: Value, name: &str, value: &Value) -> Value {
    claims[name] = value.clone();
    claims
}

async fn knock(people: &PeopleNode, (method, path): (&str, &str), authorisation: &[&str]) -> Reply {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let request = authorisation.iter().fold(request, |request, value| request.header("authorization", *value));
    people.node.send(request.body(Body::from("{\"query\":\"{__typename}\"}")).unwrap()).await
}

fn is_refused(reply: &Reply) -> bool {
    let challenge = reply.header("www-authenticate") == "Bearer error=\"invalid_token\"";
    reply.status.as_u16() == 401 && challenge && reply.header("cache-control") == "no-store"
}

both_databases! {
    async fn no_forged_token_passes_any_door_and_the_good_one_still_does(db: TestDb) {
        let people = PeopleNode::start(db).await;
        let reach = Reach::Site(people.node.test.world.sites[1].id);
        let session = signed_in(&people, "lan", Role::ChiefEditor, reach).await;
        let (good, refresh) = (text(&session, "accessToken"), text(&session, "refreshToken"));
        let mut all = forged(&people, good);
        assert_eq!(all.len(), 34);
        all.push(("a refresh token".to_owned(), refresh.to_owned()));
        all.push(("cut off".to_owned(), good[..good.len() - 1].to_owned()));
        assert_eq!(people.node.get(PUBLIC).await.status.as_u16(), 200, "without a token it is public, and kept");
        for (what, token) in &all {
            for door in DOORS {
                let reply = knock(&people, door, &[&format!("Bearer {token}")]).await;
                assert!(is_refused(&reply), "{what} at {door:?}: {reply:?}");
            }
        }
        for twice in [[format!("Bearer {good}"), "Bearer x".to_owned()], ["Basic x".to_owned(), format!("Bearer {good}")]] {
            let reply = knock(&people, ("POST", "/graphql"), &twice.each_ref().map(String::as_str)).await;
            assert!(is_refused(&reply), "two authorisations, of which somebody in front may have read the other: {reply:?}");
        }
        assert_eq!(people.query(good, ME, json!({})).await.data()["me"]["name"], "lan");
    }

    async fn only_the_refresh_token_itself_refreshes_and_what_is_not_it_ends_nothing(db: TestDb) {
        let people = PeopleNode::start(db).await;
        let reach = Reach::Site(people.node.test.world.sites[1].id);
        let session = signed_in(&people, "lan", Role::Editor, reach).await;
        let (access, refresh) = (text(&session, "accessToken"), text(&session, "refreshToken"));
        let attempt = async |token: &str| people.post("/v1/auth/refresh", None, json!({ "refreshToken": token })).await;
        let prefix = &refresh[..4];
        let others = [
            access.to_owned(), String::new(), prefix.to_owned(), format!("{refresh} "), format!(" {refresh}"), format!("{refresh}="),
            refresh.to_uppercase(), refresh[..refresh.len() - 1].to_owned(), format!("{prefix}{}", "a".repeat(refresh.len() - 4)),
            format!("{refresh}\0"), "' OR '1'='1".to_owned(), "a".repeat(100_000),
        ];
        for other in others {
            let reply = attempt(&other).await;
            assert_eq!(reply.problem(), (401, "UNAUTHENTICATED".to_owned()), "{other:.40}: {reply:?}");
            assert_eq!(reply.header("cache-control"), "no-store");
        }
        let next = attempt(refresh).await;
        assert_eq!(next.status.as_u16(), 200, "none of it has ended the sign-in: {next:?}");
        assert_eq!(attempt(refresh).await.problem().0, 401, "and the token itself works once");
    }
}
