use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::EncodingKey;
use serde_json::{Value, json};

use lienthong_persistence::{Location, Store};

use super::*;
use crate::secrets::{Purpose, SealKey, rotate};

const HOUR: Duration = Duration::from_hours(1);

struct Instance {
    _folder: tempfile::TempDir,
    store: Store,
    seal: SealKey,
    tokens: Tokens,
}

fn now() -> Timestamp {
    Timestamp::from_micros(1_800_000_000_000_000)
}

fn later(seconds: i64) -> Timestamp {
    now().plus_seconds(seconds)
}

fn actor() -> ActorId {
    ActorId::from_uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0007))
}

async fn instance() -> Instance {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(Location::File(folder.path().join("lienthong.db"))).await.unwrap();
    store.migrate().await.unwrap();
    let seal = SealKey::create(&folder.path().join("seal.key")).unwrap();
    let secrets = Secrets::open(&store, &seal, now()).await.unwrap();
    let tokens = Tokens::new(&secrets, "lienthong", "lienthong-api");
    Instance { _folder: folder, store, seal, tokens }
}

impl Instance {
    fn token(&self) -> String {
        self.tokens.sign(actor(), HOUR, now()).unwrap().token
    }

    async fn rotate(&self, now: Timestamp) {
        rotate(&self.store, &self.seal, Purpose::Token, now).await.unwrap();
        self.tokens.renew(&Secrets::open(&self.store, &self.seal, now).await.unwrap());
    }

    /// A token with the claims changed, signed with our own key.
    fn signed_with(&self, change: impl FnOnce(&mut Value)) -> String {
        let mut claims = payload(&self.token());
        change(&mut claims);
        let (kid, key) = self.tokens.keys.load().signing();
        let header = Header { kid: Some(kid), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &key).unwrap()
    }
}

fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn parse(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// The names in an object, sorted.
fn names(object: &Value) -> Vec<&str> {
    let mut names: Vec<_> = object.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

fn payload(token: &str) -> Value {
    parse(token.split('.').nth(1).unwrap())
}

/// The token with another header, its payload and signature kept.
fn with_header(token: &str, header: &Value) -> String {
    let (_, rest) = token.split_once('.').unwrap();
    format!("{}.{rest}", part(header))
}

#[tokio::test]
async fn a_token_names_its_actor_and_nothing_that_the_actor_may_do() {
    let instance = instance().await;
    let signed = instance.tokens.sign(actor(), HOUR, now()).unwrap();
    let verified = instance.tokens.verify(&signed.token, now()).unwrap();
    assert_eq!(
        verified,
        Verified { actor: actor(), id: signed.id, session: None, issued_at: now(), expires_at: later(3600) }
    );
    let claims = payload(&signed.token);
    assert_eq!(names(&claims), ["aud", "exp", "iat", "iss", "jti", "sub"]);
}

#[tokio::test]
async fn a_token_ends_with_its_time_and_thirty_seconds_for_the_clocks() {
    let instance = instance().await;
    let token = instance.token();
    assert!(instance.tokens.verify(&token, later(3629)).is_ok());
    assert_eq!(instance.tokens.verify(&token, later(3630)), Err(TokenError::Expired));
    assert!(instance.tokens.verify(&token, later(-30)).is_ok());
    assert_eq!(instance.tokens.verify(&token, later(-31)), Err(TokenError::NotYetValid));
    let not_before = instance.signed_with(|claims| claims["nbf"] = json!(1_800_000_100));
    assert_eq!(instance.tokens.verify(&not_before, later(69)), Err(TokenError::NotYetValid));
    assert!(instance.tokens.verify(&not_before, later(70)).is_ok());
}

#[tokio::test]
async fn a_life_of_nothing_or_of_more_than_a_day_is_refused() {
    let instance = instance().await;
    for life in [Duration::ZERO, Duration::from_millis(999), LONGEST_LIFE + Duration::from_nanos(1), Duration::MAX] {
        assert_eq!(instance.tokens.sign(actor(), life, now()).err(), Some(TokenError::WrongLife), "{life:?}");
    }
    assert!(instance.tokens.sign(actor(), LONGEST_LIFE, now()).is_ok());
}

#[tokio::test]
async fn claims_of_another_issuer_audience_or_shape_are_refused() {
    let instance = instance().await;
    let cases = [
        (json!({"iss": "lienthong2"}), TokenError::WrongIssuer),
        (json!({"iss": "Lienthong"}), TokenError::WrongIssuer),
        (json!({"aud": "other-api"}), TokenError::WrongAudience),
        (json!({"aud": ["lienthong-api"]}), TokenError::Malformed),
        (json!({"sub": "admin"}), TokenError::Malformed),
        (json!({"sub": null}), TokenError::Malformed),
        (json!({"exp": "9999999999"}), TokenError::Malformed),
        (json!({"exp": null}), TokenError::Malformed),
        (json!({"exp": i64::MIN}), TokenError::Expired),
        (json!({"nbf": i64::MAX}), TokenError::NotYetValid),
        (json!({"iat": i64::MAX}), TokenError::NotYetValid),
    ];
    for (change, expected) in cases {
        let token = instance.signed_with(|claims| {
            claims.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        });
        assert_eq!(instance.tokens.verify(&token, now()), Err(expected), "{change}");
    }
}

#[tokio::test]
async fn an_unsigned_token_is_refused() {
    let instance = instance().await;
    let token = instance.token();
    let body = token.split('.').nth(1).unwrap();
    for alg in ["none", "None", "NONE", ""] {
        for forged in [format!("{}.{body}.", part(&json!({"alg": alg}))), with_header(&token, &json!({"alg": alg}))] {
            assert_eq!(instance.tokens.verify(&forged, now()), Err(TokenError::Malformed), "{alg}");
        }
    }
}

#[tokio::test]
async fn the_public_key_is_no_shared_secret() {
    let instance = instance().await;
    let jwk = instance.tokens.jwks()["keys"][0].clone();
    let public = URL_SAFE_NO_PAD.decode(jwk["x"].as_str().unwrap()).unwrap();
    let claims = payload(&instance.token());
    let kid = jwk["kid"].as_str().map(str::to_owned);
    for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
        let header = Header { kid: kid.clone(), ..Header::new(algorithm) };
        for secret in [public.as_slice(), jwk["x"].as_str().unwrap().as_bytes()] {
            let forged = jsonwebtoken::encode(&header, &claims, &EncodingKey::from_secret(secret)).unwrap();
            assert_eq!(instance.tokens.verify(&forged, now()), Err(TokenError::WrongAlgorithm), "{algorithm:?}");
        }
    }
}

#[tokio::test]
async fn a_key_id_is_looked_up_and_never_followed() {
    let instance = instance().await;
    let token = instance.token();
    let known = parse(token.split('.').next().unwrap())["kid"].as_str().unwrap().to_owned();
    let other = Uuid::new_v4().to_string();
    let upper = known.to_uppercase();
    let braces = format!("{{{known}}}");
    let tail = format!("{known}'--");
    let kids = [
        &*other,
        "",
        "../../../dev/null",
        "/proc/self/environ",
        "' OR '1'='1",
        "x' UNION SELECT 'AAAA' --",
        "https://evil.example/jwks.json",
        "\0",
        &upper,
        &braces,
        &tail,
    ];
    for kid in kids {
        let forged = with_header(&token, &json!({"alg": "EdDSA", "kid": kid}));
        assert_eq!(instance.tokens.verify(&forged, now()), Err(TokenError::UnknownKey), "{kid:?}");
    }
    let nameless = with_header(&token, &json!({"alg": "EdDSA"}));
    assert_eq!(instance.tokens.verify(&nameless, now()), Err(TokenError::UnknownKey));
}

#[tokio::test]
async fn a_token_cannot_bring_its_own_key_or_demand_an_extension() {
    let instance = instance().await;
    let attacker = self::instance().await;
    let (kid, _) = instance.tokens.keys.load().signing();
    let (_, key) = attacker.tokens.keys.load().signing();
    let jwk = serde_json::from_value(attacker.tokens.jwks()["keys"][0].clone()).unwrap();
    let claims = payload(&instance.token());
    let header = Header { kid: Some(kid.clone()), jwk: Some(jwk), ..Header::new(Algorithm::EdDSA) };
    let forged = jsonwebtoken::encode(&header, &claims, &key).unwrap();
    assert_eq!(instance.tokens.verify(&forged, now()), Err(TokenError::BadSignature));
    let demanding = with_header(&instance.token(), &json!({"alg": "EdDSA", "kid": kid, "crit": ["b64"], "b64": false}));
    assert_eq!(instance.tokens.verify(&demanding, now()), Err(TokenError::Malformed));
}

#[tokio::test]
async fn a_changed_payload_or_signature_is_refused() {
    let instance = instance().await;
    let token = instance.token();
    let [header, _, signature] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
    let mut claims = payload(&token);
    claims["sub"] = json!(Uuid::new_v4());
    let forged = format!("{header}.{}.{signature}", part(&claims));
    assert_eq!(instance.tokens.verify(&forged, now()), Err(TokenError::BadSignature));
    let (signed, _) = token.rsplit_once('.').unwrap();
    let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
    for at in 0..bytes.len() {
        bytes[at] ^= 1;
        let forged = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(&bytes));
        assert_eq!(instance.tokens.verify(&forged, now()), Err(TokenError::BadSignature), "byte {at}");
        bytes[at] ^= 1;
    }
}

#[tokio::test]
async fn what_is_no_token_is_refused() {
    let instance = instance().await;
    let endless = "A".repeat(1 << 20);
    for junk in ["", ".", "..", "...", "a.b.c", "💥.💥.💥", "Bearer x", &endless, &instance.token()[1..]] {
        assert_eq!(instance.tokens.verify(junk, now()), Err(TokenError::Malformed), "{junk:.20}");
    }
}

#[tokio::test]
async fn a_token_outlives_the_rotation_of_its_key_and_the_key_ends_a_day_later() {
    let instance = instance().await;
    let old = instance.token();
    instance.rotate(later(60)).await;
    assert_eq!(instance.tokens.verify(&old, later(61)).unwrap().actor, actor());
    let new = instance.tokens.sign(actor(), HOUR, later(61)).unwrap().token;
    assert!(instance.tokens.verify(&new, later(61)).is_ok());
    assert_ne!(parse(old.split('.').next().unwrap()), parse(new.split('.').next().unwrap()));
    let day = i64::try_from(LONGEST_LIFE.as_secs()).unwrap();
    assert_eq!(instance.tokens.verify(&old, later(60 + day)), Err(TokenError::Expired));
    assert_eq!(instance.tokens.verify(&old, later(60 + day + 31)), Err(TokenError::UnknownKey));
}

#[tokio::test]
async fn the_published_keys_verify_tokens_and_hold_nothing_private() {
    let instance = instance().await;
    instance.rotate(later(1)).await;
    let set = instance.tokens.jwks();
    let keys = set["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 2);
    for key in keys {
        assert_eq!(names(key), ["alg", "crv", "kid", "kty", "use", "x"]);
    }
    let jwk = serde_json::from_value(keys[0].clone()).unwrap();
    let key = jsonwebtoken::DecodingKey::from_jwk(&jwk).unwrap();
    let token = instance.tokens.sign(actor(), HOUR, now()).unwrap().token;
    assert!(jsonwebtoken::decode::<Claims>(&token, &key, &signature_only(Algorithm::EdDSA)).is_ok());
}

#[tokio::test]
async fn no_key_that_signs_content_ever_verifies_an_access_token() {
    use ed25519_dalek::pkcs8::EncodePrivateKey as _;
    use lienthong_domain::access::By;
    use lienthong_persistence::Record;

    let instance = instance().await;
    let tx = instance.store.begin().await.unwrap();
    let by = By::from(actor());
    let (log, made) = crate::proof::keys::signer(&tx, &instance.seal, (None, by), now()).await.unwrap();
    tx.commit(Record { changes: Vec::new(), audits: made.into_iter().collect() }).await.unwrap();
    let document = log.key().to_pkcs8_der().unwrap();
    let key = EncodingKey::from_ed_der(document.as_bytes());
    let (token_kid, _) = instance.tokens.keys.load().signing();
    let claims = payload(&instance.token());
    let content_kids = crate::proof::keys::jwks(&instance.store).await.unwrap();
    let content_kid = content_kids[0]["kid"].as_str().unwrap().to_owned();
    assert!(content_kid.starts_with("log-") && !instance.tokens.jwks().to_string().contains(&content_kid));
    for (kid, refusal) in [
        (content_kid.clone(), TokenError::UnknownKey),
        (content_kid.trim_start_matches("log-").to_owned(), TokenError::UnknownKey),
        (token_kid, TokenError::BadSignature),
    ] {
        let header = Header { kid: Some(kid.clone()), ..Header::new(Algorithm::EdDSA) };
        let forged = jsonwebtoken::encode(&header, &claims, &key).unwrap();
        assert_eq!(instance.tokens.verify(&forged, now()), Err(refusal), "{kid}");
    }
    // A signature over content with its payload put in: the verifier of tokens knows no `crit`.
    let text = claims.to_string();
    let signature = lienthong_proof::jws::sign(log.key(), &content_kid, text.as_bytes());
    let detached = lienthong_proof::jws::detached(&content_kid, &signature);
    let attached = detached.replace("..", &format!(".{}.", URL_SAFE_NO_PAD.encode(text)));
    assert!(instance.tokens.verify(&attached, now()).is_err());
}
