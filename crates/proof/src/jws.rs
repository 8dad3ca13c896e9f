//! Signatures over documents as detached JWS: the payload travels beside the signature, as it is (RFC 7515 appendix F,
//! RFC 7797 with `"b64":false`), signed with `EdDSA` over Ed25519 (RFC 8037).
//!
//! The header is a function of the key's id, so that 64 bytes and that id are all there is to keep. `crit` makes a verifier
//! that does not know RFC 7797 refuse the signature, and so does a verifier of access tokens, which knows no `crit`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Length of a signature.
pub const SIGNATURE: usize = 64;

/// A signature that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// Not a JWS of the form that this system writes.
    #[error("this is not a detached JWS with EdDSA and an unencoded payload")]
    Malformed,
    /// Names another key.
    #[error("the signature names another key")]
    OtherKey,
    /// The signature does not fit.
    #[error("the signature does not fit the payload")]
    Signature,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    b64: bool,
    crit: Vec<String>,
    kid: String,
}

/// Signs `payload` under the key's id.
pub fn sign(key: &SigningKey, kid: &str, payload: &[u8]) -> [u8; SIGNATURE] {
    key.sign(&input(&header(kid), payload)).to_bytes()
}

/// Whether `signature` is that of the key over `payload`.
pub fn fits(key: &VerifyingKey, kid: &str, payload: &[u8], signature: &[u8; SIGNATURE]) -> bool {
    key.verify_strict(&input(&header(kid), payload), &Signature::from_bytes(signature)).is_ok()
}

/// The compact form without the payload: `header..signature`.
pub fn detached(kid: &str, signature: &[u8; SIGNATURE]) -> String {
    format!("{}..{}", header(kid), URL_SAFE_NO_PAD.encode(signature))
}

/// The id of the key that a detached JWS names.
///
/// # Errors
/// [`Invalid::Malformed`] for anything that this system would not write.
pub fn kid(jws: &str) -> Result<String, Invalid> {
    read(jws).map(|(header, _)| header.kid)
}

/// The signature in a detached JWS.
///
/// # Errors
/// [`Invalid::Malformed`] for anything that this system would not write.
pub fn signature(jws: &str) -> Result<[u8; SIGNATURE], Invalid> {
    read(jws).map(|(_, signature)| signature)
}

/// Checks a detached JWS from outside over `payload`. The algorithm and the key are the caller's, never the header's.
///
/// # Errors
/// [`Invalid`].
pub fn check(jws: &str, (key, kid): (&VerifyingKey, &str), payload: &[u8]) -> Result<(), Invalid> {
    let (header, signature) = read(jws)?;
    if header.kid != kid {
        return Err(Invalid::OtherKey);
    }
    let encoded = jws.split('.').next().unwrap_or_default();
    let signature = Signature::from_bytes(&signature);
    key.verify_strict(&input(encoded, payload), &signature).map_err(|_| Invalid::Signature)
}

/// A public key as JWK (RFC 8037 section 2).
pub fn jwk(key: &VerifyingKey, kid: &str) -> Value {
    let x = URL_SAFE_NO_PAD.encode(key.as_bytes());
    json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": kid, "x": x })
}

/// Reads [`jwk`]; the id comes with it.
///
/// # Errors
/// [`Invalid::Malformed`] for any other key.
pub fn read_jwk(jwk: &Value) -> Result<(VerifyingKey, String), Invalid> {
    let member = |name: &str| jwk.get(name).and_then(Value::as_str).ok_or(Invalid::Malformed);
    if (member("kty")?, member("crv")?) != ("OKP", "Ed25519") {
        return Err(Invalid::Malformed);
    }
    let bytes = URL_SAFE_NO_PAD.decode(member("x")?).map_err(|_| Invalid::Malformed)?;
    let bytes = bytes.try_into().map_err(|_| Invalid::Malformed)?;
    let key = VerifyingKey::from_bytes(&bytes).map_err(|_| Invalid::Malformed)?;
    Ok((key, member("kid")?.to_owned()))
}

fn header(kid: &str) -> String {
    let crit = vec!["b64".to_owned()];
    let header = Header { alg: "EdDSA".to_owned(), b64: false, crit, kid: kid.to_owned() };
    // Strings and a boolean: there is nothing that could not be written.
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&header).unwrap_or_default())
}

fn input(header: &str, payload: &[u8]) -> Vec<u8> {
    [header.as_bytes(), b".", payload].concat()
}

fn read(jws: &str) -> Result<(Header, [u8; SIGNATURE]), Invalid> {
    let mut parts = jws.split('.');
    let (Some(header), Some(""), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Invalid::Malformed);
    };
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| Invalid::Malformed);
    let header: Header = serde_json::from_slice(&decode(header)?).map_err(|_| Invalid::Malformed)?;
    if header.alg != "EdDSA" || header.b64 || header.crit != ["b64"] {
        return Err(Invalid::Malformed);
    }
    let signature = decode(signature)?.try_into().map_err(|_| Invalid::Malformed)?;
    Ok((header, signature))
}
