//! The keys of tokens, ready to sign and verify.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey as _;
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde_json::{Value, json};

use lienthong_domain::time::Timestamp;

use super::{LEEWAY, LONGEST_LIFE};
use crate::secrets::{Secret, Secrets};

/// One key that signs, and all that verify.
pub(super) struct Keyring {
    kid: String,
    signing: Arc<EncodingKey>,
    verifying: Vec<PublicKey>,
}

struct PublicKey {
    kid: String,
    bytes: [u8; 32],
    retired_at: Option<Timestamp>,
}

impl Keyring {
    pub(super) fn of(secrets: &Secrets) -> Self {
        let ring = secrets.tokens();
        let verifying = std::iter::once(&ring.current).chain(&ring.retired).map(PublicKey::of).collect();
        Self { kid: ring.current.id.to_string(), signing: Arc::new(encoding_key(&ring.current)), verifying }
    }

    /// The key in use, with its id.
    pub(super) fn signing(&self) -> (String, Arc<EncodingKey>) {
        (self.kid.clone(), self.signing.clone())
    }

    /// The key with exactly this id. A retired one ends with the last token that it can have signed, so that a key
    /// that leaked is worth nothing a day after its rotation.
    pub(super) fn verifying(&self, kid: &str, now: Timestamp) -> Option<DecodingKey> {
        let life = i64::try_from(LONGEST_LIFE.as_secs()).unwrap_or(i64::MAX).saturating_add(LEEWAY);
        let key = self.verifying.iter().find(|key| key.kid == kid)?;
        let ended = key.retired_at.is_some_and(|retired| retired.plus_seconds(life) < now);
        (!ended).then(|| DecodingKey::from_ed_der(&key.bytes))
    }

    /// As in RFC 8037 section 2.
    pub(super) fn jwks(&self) -> Value {
        let key = |key: &PublicKey| {
            let x = URL_SAFE_NO_PAD.encode(key.bytes);
            json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": key.kid, "x": x })
        };
        json!({ "keys": self.verifying.iter().map(key).collect::<Vec<_>>() })
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keyring({} keys)", self.verifying.len())
    }
}

impl PublicKey {
    fn of(secret: &Secret) -> Self {
        let bytes = SigningKey::from_bytes(&secret.bytes).verifying_key().to_bytes();
        Self { kid: secret.id.to_string(), bytes, retired_at: secret.retired_at }
    }
}

/// The library reads private keys as PKCS#8 only. A key of 32 bytes always has that form; were it missing, the empty
/// key would refuse to sign.
fn encoding_key(secret: &Secret) -> EncodingKey {
    let document = SigningKey::from_bytes(&secret.bytes).to_pkcs8_der();
    EncodingKey::from_ed_der(document.as_ref().map_or(&[], |document| document.as_bytes()))
}
