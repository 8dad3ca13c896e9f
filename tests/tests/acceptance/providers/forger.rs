//! A provider of the tests' own, which says whatever a test wants it to say.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// A key of an issuer, with the name under which it is published.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) kid: String,
    secret: SigningKey,
}

impl Key {
    /// The same key for the same name.
    pub(crate) fn named(kid: &str) -> Self {
        let secret = SigningKey::from_bytes(&Sha256::digest(kid).into());
        Self { kid: kid.to_owned(), secret }
    }

    /// The same key under another name.
    pub(crate) fn called(self, kid: &str) -> Self {
        Self { kid: kid.to_owned(), ..self }
    }

    pub(crate) fn public(&self) -> [u8; 32] {
        self.secret.verifying_key().to_bytes()
    }

    pub(crate) fn jwk(&self) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.public());
        json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.kid, "x": x })
    }

    pub(crate) fn header(&self) -> Header {
        Header { kid: Some(self.kid.clone()), ..Header::new(Algorithm::EdDSA) }
    }

    pub(crate) fn sign(&self, claims: &Value) -> String {
        self.sign_as(&self.header(), claims)
    }

    pub(crate) fn sign_as(&self, header: &Header, claims: &Value) -> String {
        let key = EncodingKey::from_ed_der(self.secret.to_pkcs8_der().unwrap().as_bytes());
        jsonwebtoken::encode(header, claims, &key).unwrap()
    }
}

/// A token that nobody has signed.
pub(crate) fn unsigned(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.", part(&json!({ "alg": "none", "typ": "JWT" })), part(claims))
}

/// A token signed with a secret that both sides would share.
pub(crate) fn symmetric(secret: &[u8], kid: &str, claims: &Value) -> String {
    let header = Header { kid: Some(kid.to_owned()), ..Header::new(Algorithm::HS256) };
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(secret)).unwrap()
}

/// What the provider says at the moment.
#[derive(Default)]
pub(crate) struct Says {
    /// Of itself, over what an honest one says.
    pub(crate) metadata: Value,
    pub(crate) keys: Vec<Value>,
    /// In answer to a code; status and body.
    pub(crate) answer: (u16, String),
    /// How often its keys were fetched.
    pub(crate) asked_for_keys: usize,
}

/// A provider that runs until this is dropped.
pub(crate) struct Forger {
    pub(crate) issuer: String,
    says: Arc<Mutex<Says>>,
    serving: tokio::task::JoinHandle<()>,
}

type Heard = State<(String, Arc<Mutex<Says>>)>;

impl Forger {
    /// An honest one with this key, until told otherwise.
    pub(crate) async fn start(key: &Key) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let says =
            Arc::new(Mutex::new(Says { keys: vec![key.jwk()], answer: (500, String::new()), ..Says::default() }));
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            .route("/jwks", get(keys))
            .route("/token", post(token))
            .with_state((issuer.clone(), Arc::clone(&says)));
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        Self { issuer, says, serving }
    }

    /// Changes what it says.
    pub(crate) fn set<T>(&self, change: impl FnOnce(&mut Says) -> T) -> T {
        change(&mut self.says.lock().unwrap())
    }

    /// Answers every code with this identity token.
    pub(crate) fn vouch(&self, token: &str) {
        let body = json!({ "access_token": "x", "token_type": "Bearer", "id_token": token });
        self.set(|says| says.answer = (200, body.to_string()));
    }

    /// Goes off the net.
    pub(crate) async fn stop(self) {
        self.serving.abort();
        let _ = self.serving.await;
    }
}

async fn metadata(State((issuer, says)): Heard) -> Response {
    let mut said = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/auth"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/jwks"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
    });
    if let Value::Object(other) = &says.lock().unwrap().metadata {
        said.as_object_mut().unwrap().extend(other.clone());
    }
    axum::Json(said).into_response()
}

async fn keys(State((_, says)): Heard) -> Response {
    let mut says = says.lock().unwrap();
    says.asked_for_keys += 1;
    axum::Json(json!({ "keys": says.keys })).into_response()
}

async fn token(State((_, says)): Heard) -> Response {
    let (status, body) = says.lock().unwrap().answer.clone();
    (StatusCode::from_u16(status).unwrap(), [(CONTENT_TYPE, "application/json")], body).into_response()
}
