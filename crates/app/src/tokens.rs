//! Access tokens: short-lived JWTs (RFC 7519) that name an actor and nothing else. What the actor may do is read from
//! the database for each request, so that a demotion works at once.
//!
//! Signed with `EdDSA` over Ed25519 (RFC 8037). The verifier accepts that algorithm only, and takes the key from its own
//! ring by the exact text of `kid`: a token can neither choose the algorithm nor bring a key.

mod keyring;

use std::time::Duration;

use arc_swap::ArcSwap;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use lienthong_domain::ids::{ActorId, SessionId};
use lienthong_domain::time::Timestamp;

use crate::queries::actors::Bearer;
use crate::secrets::Secrets;
use keyring::Keyring;

/// Longest life of a token. A retired key verifies for as long.
pub const LONGEST_LIFE: Duration = Duration::from_hours(24);

/// Difference between the clocks of nodes that is borne, in seconds.
const LEEWAY: i64 = 30;
/// Longest token that is looked at; ours have some 400 bytes.
const LONGEST_TOKEN: usize = 2048;

/// Signs and verifies access tokens. Shared by the requests of a node.
pub struct Tokens {
    issuer: String,
    audience: String,
    keys: ArcSwap<Keyring>,
}

/// A new token.
pub struct Signed {
    /// The token, for the `Authorization` header. A secret of its bearer.
    pub token: String,
    /// Its `jti`, which may be logged.
    pub id: Uuid,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}

/// What a valid token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// Who bears it.
    pub actor: ActorId,
    /// Its `jti`.
    pub id: Uuid,
    /// The sign-in it comes from (`sid`, as in `OpenID` Connect); none for a token of the command line.
    pub session: Option<SessionId>,
    /// When it was signed, in whole seconds.
    pub issued_at: Timestamp,
    /// From when on it is refused.
    pub expires_at: Timestamp,
}

/// Why a token is refused, for the log; clients learn only that it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a token, or not one of ours.
    #[error("the token cannot be read")]
    Malformed,
    /// Signed in another way than ours, or not at all.
    #[error("the token is not signed with EdDSA")]
    WrongAlgorithm,
    /// Names a key that is not in the ring, or no longer.
    #[error("the token names an unknown key")]
    UnknownKey,
    /// The signature does not fit.
    #[error("the signature of the token is not valid")]
    BadSignature,
    /// Issued by somebody else.
    #[error("the token comes from another issuer")]
    WrongIssuer,
    /// Meant for somebody else.
    #[error("the token is meant for another audience")]
    WrongAudience,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
    /// Its time has not come.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// A life longer than [`LONGEST_LIFE`], or none, was asked for.
    #[error("a token lives between one second and {} hours", LONGEST_LIFE.as_secs() / 3600)]
    WrongLife,
    /// The key cannot sign.
    #[error("the token cannot be signed")]
    CannotSign,
}

/// The claims of RFC 7519 section 4.1. Times are whole seconds; other shapes, such as a list of audiences, are refused.
#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    iat: i64,
    jti: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sid: Option<Uuid>,
}

impl Verified {
    /// Who shows the token, for the look into the database.
    pub const fn bearer(&self) -> Bearer {
        Bearer { actor: self.actor, session: self.session, issued_at: self.issued_at }
    }
}

impl Tokens {
    /// Tokens of `issuer` for `audience`, with the keys of the instance.
    pub fn new(secrets: &Secrets, issuer: impl Into<String>, audience: impl Into<String>) -> Self {
        let keys = ArcSwap::from_pointee(Keyring::of(secrets));
        Self { issuer: issuer.into(), audience: audience.into(), keys }
    }

    /// Takes over the keys after a rotation.
    pub fn renew(&self, secrets: &Secrets) {
        self.keys.store(Keyring::of(secrets).into());
    }

    /// A token for `actor` that lives for `life`.
    ///
    /// # Errors
    /// [`TokenError::WrongLife`] for a life under a second or over [`LONGEST_LIFE`].
    pub fn sign(&self, actor: ActorId, life: Duration, now: Timestamp) -> Result<Signed, TokenError> {
        self.sign_for((actor, None), life, now)
    }

    /// A token for a sign-in of `actor`, which ends with it.
    ///
    /// # Errors
    /// As [`Tokens::sign`].
    pub fn sign_for(
        &self,
        (actor, session): (ActorId, Option<SessionId>),
        life: Duration,
        now: Timestamp,
    ) -> Result<Signed, TokenError> {
        let seconds = i64::try_from(life.as_secs()).map_err(|_| TokenError::WrongLife)?;
        if seconds == 0 || life > LONGEST_LIFE {
            return Err(TokenError::WrongLife);
        }
        let (kid, key) = self.keys.load().signing();
        let iat = whole_seconds(now);
        let claims = Claims {
            iss: self.issuer.clone(),
            sub: actor.to_string(),
            aud: self.audience.clone(),
            exp: iat + seconds,
            nbf: None,
            iat,
            jti: Uuid::new_v4(),
            sid: session.map(SessionId::as_uuid),
        };
        let header = Header { kid: Some(kid), ..Header::new(Algorithm::EdDSA) };
        let token = jsonwebtoken::encode(&header, &claims, &key).map_err(|_| TokenError::CannotSign)?;
        Ok(Signed { token, id: claims.jti, expires_at: from_seconds(claims.exp) })
    }

    /// Reads a token that reached us from outside.
    ///
    /// # Errors
    /// See [`TokenError`].
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Verified, TokenError> {
        if token.len() > LONGEST_TOKEN {
            return Err(TokenError::Malformed);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Malformed)?;
        if header.alg != Algorithm::EdDSA {
            return Err(TokenError::WrongAlgorithm);
        }
        if header.crit.is_some() {
            return Err(TokenError::Malformed);
        }
        let kid = header.kid.ok_or(TokenError::UnknownKey)?;
        let key = self.keys.load().verifying(&kid, now).ok_or(TokenError::UnknownKey)?;
        let data = jsonwebtoken::decode::<Claims>(token, &key, &signature_only(Algorithm::EdDSA))
            .map_err(|e| refusal(e.kind()))?;
        self.check(&data.claims, now)
    }

    /// The public keys as a JWK set (RFC 7517), for those who verify our tokens themselves.
    pub fn jwks(&self) -> serde_json::Value {
        self.keys.load().jwks()
    }

    fn check(&self, claims: &Claims, now: Timestamp) -> Result<Verified, TokenError> {
        let Claims { iss, sub, aud, exp, nbf, iat, jti, sid } = claims;
        let now = whole_seconds(now);
        if *iss != self.issuer {
            return Err(TokenError::WrongIssuer);
        }
        if *aud != self.audience {
            return Err(TokenError::WrongAudience);
        }
        if now >= exp.saturating_add(LEEWAY) {
            return Err(TokenError::Expired);
        }
        if nbf.unwrap_or(*iat).max(*iat) > now.saturating_add(LEEWAY) {
            return Err(TokenError::NotYetValid);
        }
        let actor = Uuid::try_parse(sub).map_err(|_| TokenError::Malformed)?;
        Ok(Verified {
            actor: ActorId::from_uuid(actor),
            id: *jti,
            session: sid.map(SessionId::from_uuid),
            issued_at: from_seconds(*iat),
            expires_at: from_seconds(*exp),
        })
    }
}

/// The library checks the signature; the claims are checked here, against a `now` that is passed in.
pub(crate) fn signature_only(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

fn refusal(kind: &ErrorKind) -> TokenError {
    match kind {
        ErrorKind::InvalidSignature => TokenError::BadSignature,
        ErrorKind::InvalidAlgorithm => TokenError::WrongAlgorithm,
        _ => TokenError::Malformed,
    }
}

fn whole_seconds(time: Timestamp) -> i64 {
    time.as_micros().div_euclid(1_000_000)
}

fn from_seconds(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds.saturating_mul(1_000_000))
}

#[cfg(test)]
mod tests;
