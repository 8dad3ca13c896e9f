//! The public keys of an issuer, fetched when they are needed and kept while it is down.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;
use url::Url;

use lienthong_domain::time::Timestamp;
use lienthong_outbound::Client;

use super::algorithm::Algorithm;

/// Seconds for which keys are used without asking again.
const FRESH: i64 = 10 * 60;
/// Seconds for which they are used while the issuer does not answer.
const STALE: i64 = 24 * 60 * 60;
/// Seconds between two questions, whatever the tokens name.
const PAUSE: i64 = 60;
/// Shortest RSA modulus, in bytes: 2048 bits, RFC 7518 section 3.3.
const SHORTEST_MODULUS: usize = 256;
/// Most keys that are kept of one issuer.
const MOST_KEYS: usize = 100;

/// Why there is no key to check a token with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// The issuer publishes none of that name that fits the algorithm.
    #[error("the token names a key that its issuer does not publish for this algorithm")]
    Unknown,
    /// The issuer did not answer for too long.
    #[error("the keys of the issuer cannot be fetched")]
    Silent,
}

/// The keys of one issuer.
pub(super) struct Keys {
    url: Url,
    http: Client,
    known: ArcSwapOption<Known>,
    /// When they were last asked for; held while they are.
    asked: Mutex<Option<Timestamp>>,
}

struct Known {
    keys: Vec<Jwk>,
    at: Timestamp,
}

/// A set, RFC 7517 section 5. Keys that cannot be read are not ours to judge: others use them.
#[derive(Deserialize)]
struct Set {
    keys: Vec<Value>,
}

impl Keys {
    pub(super) fn new(url: Url, http: Client) -> Self {
        Self { url, http, known: ArcSwapOption::empty(), asked: Mutex::default() }
    }

    /// The key of exactly this name, for exactly this algorithm. The name is only compared: it is no path, no address and no
    /// part of a statement.
    pub(super) async fn named(
        &self,
        kid: &str,
        algorithm: Algorithm,
        now: Timestamp,
    ) -> Result<DecodingKey, KeysError> {
        let known = self.known(now).await?;
        if let Some(key) = known.key(kid, algorithm) {
            return Ok(key);
        }
        self.ask(known.at, now).await;
        let renewed = self.known.load_full().ok_or(KeysError::Silent)?;
        renewed.key(kid, algorithm).ok_or(KeysError::Unknown)
    }

    async fn known(&self, now: Timestamp) -> Result<Arc<Known>, KeysError> {
        let held = self.known.load_full();
        let age = |known: &Known| seconds_since(known.at, now);
        match &held {
            Some(known) if age(known) < FRESH => return Ok(Arc::clone(known)),
            Some(known) => self.ask(known.at, now).await,
            None => self.ask(Timestamp::from_micros(i64::MIN), now).await,
        }
        self.known.load_full().filter(|known| age(known) < STALE).ok_or(KeysError::Silent)
    }

    /// Asks for the keys unless somebody has since those that were `seen`, and at most once a minute. Whoever has keys does
    /// not wait for others who ask.
    async fn ask(&self, seen: Timestamp, now: Timestamp) {
        let mut asked = match self.asked.try_lock() {
            Ok(asked) => asked,
            Err(_) if self.known.load().is_some() => return,
            Err(_) => self.asked.lock().await,
        };
        let is_newer = self.known.load().as_ref().is_some_and(|known| known.at > seen);
        if is_newer || asked.is_some_and(|last| seconds_since(last, now) < PAUSE) {
            return;
        }
        *asked = Some(now);
        match self.fetch().await {
            Ok(keys) => self.known.store(Some(Arc::new(Known { keys, at: now }))),
            Err(why) => tracing::warn!(url = %self.url, why, "the keys of an issuer cannot be fetched"),
        }
    }

    async fn fetch(&self) -> Result<Vec<Jwk>, String> {
        let response = self.http.get(&self.url).await.map_err(|error| error.to_string())?;
        if response.status() != 200 {
            return Err(format!("it answers {}", response.status()));
        }
        let set: Set = serde_json::from_slice(response.body()).map_err(|_| "it is no set of keys".to_owned())?;
        Ok(set.keys.into_iter().take(MOST_KEYS).filter_map(|key| serde_json::from_value(key).ok()).collect())
    }
}

impl Known {
    fn key(&self, kid: &str, algorithm: Algorithm) -> Option<DecodingKey> {
        let mut named = self.keys.iter().filter(|key| key.common.key_id.as_deref() == Some(kid));
        let key = named.find(|key| is_for_signatures(key) && fits(key, algorithm))?;
        DecodingKey::from_jwk(key).ok()
    }
}

fn is_for_signatures(key: &Jwk) -> bool {
    let usage = &key.common.public_key_use;
    let operations = &key.common.key_operations;
    usage.as_ref().is_none_or(|usage| *usage == PublicKeyUse::Signature)
        && operations.as_ref().is_none_or(|operations| operations.contains(&KeyOperations::Verify))
}

/// Whether a key is of the kind that the algorithm needs, and not reserved for another one.
fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    let named = key.common.key_algorithm.map(|it| it.to_string());
    if named.is_some_and(|named| named != algorithm.as_str()) {
        return false;
    }
    match (&key.algorithm, algorithm) {
        (AlgorithmParameters::EllipticCurve(curve), Algorithm::Es256) => curve.curve == EllipticCurve::P256,
        (AlgorithmParameters::EllipticCurve(curve), Algorithm::Es384) => curve.curve == EllipticCurve::P384,
        (AlgorithmParameters::OctetKeyPair(pair), Algorithm::EdDsa) => pair.curve == EllipticCurve::Ed25519,
        (_, Algorithm::Es256 | Algorithm::Es384 | Algorithm::EdDsa) => false,
        (AlgorithmParameters::RSA(rsa), _) => {
            URL_SAFE_NO_PAD.decode(&rsa.n).is_ok_and(|modulus| modulus.len() >= SHORTEST_MODULUS)
        }
        _ => false,
    }
}

const fn seconds_since(then: Timestamp, now: Timestamp) -> i64 {
    now.as_micros().saturating_sub(then.as_micros()).div_euclid(1_000_000)
}
