//! Issuers whose access tokens are taken: a province's own, with keys that it publishes.

use lienthong_domain::identity::Identity;
use lienthong_domain::time::Timestamp;
use lienthong_outbound::Client;
use serde::Deserialize;
use url::Url;

use super::algorithm::Algorithm;
use super::keys::{Keys, KeysError};
use crate::tokens::LONGEST_LIFE;

/// What an operator sets about an issuer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerSettings {
    /// `iss`, exactly as it writes it.
    pub issuer: String,
    /// `aud` that means us.
    pub audience: String,
    /// Where its keys are. What a token itself says of that (`jku`, `x5u`, `jwk`) is never looked at.
    pub jwks_url: Url,
    /// How its tokens may be signed.
    pub algorithms: Vec<Algorithm>,
}

/// All that are configured. Empty when there are none.
#[derive(Default)]
pub struct Issuers(Vec<Issuer>);

struct Issuer {
    settings: IssuerSettings,
    keys: Keys,
}

/// Settings of an issuer that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("issuer {issuer}: {reason}")]
pub struct UnusableIssuer {
    /// Its name.
    pub issuer: String,
    /// What is wrong.
    pub reason: &'static str,
}

/// What a good token of an issuer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign {
    /// Who bears it.
    pub identity: Identity,
    /// When it was issued, in whole seconds.
    pub issued_at: Timestamp,
}

/// Why a token is refused, for the log; clients learn only that it is.
#[derive(Debug, thiserror::Error)]
pub enum ForeignError {
    /// Not a token, or one with extensions that nobody here understands.
    #[error("the token cannot be read")]
    Malformed,
    /// Of nobody whose tokens are taken.
    #[error("the issuer of the token is not listed")]
    UnknownIssuer,
    /// Signed in a way that is not listed for the issuer, or not at all.
    #[error("the algorithm of the token is not listed for its issuer")]
    WrongAlgorithm,
    /// No key to check it with.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The signature does not fit.
    #[error("the signature of the token is not valid")]
    BadSignature,
    /// Meant for somebody else.
    #[error("the token is meant for another audience")]
    WrongAudience,
    /// Its time is over, or it lives longer than any token here may.
    #[error("the token has expired, or lives longer than {} hours", LONGEST_LIFE.as_secs() / 3600)]
    Expired,
    /// Its time has not come.
    #[error("the token is not valid yet")]
    NotYetValid,
}

/// Longest token that is read, in bytes: providers put much into theirs.
const LONGEST_TOKEN: usize = 8192;
/// Seconds by which an issuer's clock may differ from ours.
const LEEWAY: i64 = 30;

/// The claims of RFC 7519 section 4.1 that matter here.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    iat: i64,
    #[serde(default)]
    nbf: Option<i64>,
}

/// One name, or a list of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
struct Named {
    iss: String,
}

impl Issuers {
    /// Nothing is asked of them before a token comes.
    ///
    /// # Errors
    /// For settings that can never work.
    pub fn new(settings: Vec<IssuerSettings>, http: &Client) -> Result<Self, UnusableIssuer> {
        let mut issuers: Vec<Issuer> = Vec::new();
        for settings in settings {
            let issuer = settings.issuer.clone();
            let refused = |reason| UnusableIssuer { issuer: issuer.clone(), reason };
            if issuers.iter().any(|it| it.settings.issuer == issuer) {
                return Err(refused("it is listed twice"));
            }
            if Identity::parse(&issuer, "x").is_err() {
                return Err(refused("an issuer is a web address"));
            }
            if settings.audience.is_empty() || settings.algorithms.is_empty() {
                return Err(refused("an audience and an algorithm are needed"));
            }
            let keys = Keys::new(settings.jwks_url.clone(), http.clone());
            issuers.push(Issuer { settings, keys });
        }
        Ok(Self(issuers))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads a token that reached us from outside.
    ///
    /// # Errors
    /// See [`ForeignError`].
    pub async fn verify(&self, token: &str, now: Timestamp) -> Result<Foreign, ForeignError> {
        if token.len() > LONGEST_TOKEN {
            return Err(ForeignError::Malformed);
        }
        let header = jsonwebtoken::decode_header(token).map_err(|_| ForeignError::Malformed)?;
        let is_access = |typ: &str| typ.eq_ignore_ascii_case("jwt") || typ.eq_ignore_ascii_case("at+jwt");
        if header.crit.is_some() || header.typ.as_deref().is_some_and(|typ| !is_access(typ)) {
            return Err(ForeignError::Malformed);
        }
        // Who it says it is from only chooses the keys; it counts when one of them has signed it.
        let named = jsonwebtoken::dangerous::insecure_decode::<Named>(token).map_err(|_| ForeignError::Malformed)?;
        let issuer = self.0.iter().find(|it| it.settings.issuer == named.claims.iss);
        let issuer = issuer.ok_or(ForeignError::UnknownIssuer)?;
        let algorithm = issuer.settings.algorithms.iter().find(|it| it.of_token() == header.alg);
        let algorithm = *algorithm.ok_or(ForeignError::WrongAlgorithm)?;
        let kid = header.kid.as_deref().ok_or(ForeignError::Malformed)?;
        let key = issuer.keys.named(kid, algorithm, now).await?;
        let data = jsonwebtoken::decode::<Claims>(token, &key, &crate::tokens::signature_only(algorithm.of_token()));
        let data = data.map_err(|_| ForeignError::BadSignature)?;
        issuer.settings.check(data.claims, now)
    }
}

impl IssuerSettings {
    fn check(&self, claims: Claims, now: Timestamp) -> Result<Foreign, ForeignError> {
        let Claims { iss, sub, aud, exp, iat, nbf } = claims;
        let is_ours = match aud {
            Audience::One(one) => one == self.audience,
            Audience::Several(all) => all.contains(&self.audience),
        };
        if iss != self.issuer {
            return Err(ForeignError::UnknownIssuer);
        }
        if !is_ours {
            return Err(ForeignError::WrongAudience);
        }
        let now = now.as_micros().div_euclid(1_000_000);
        let longest = i64::try_from(LONGEST_LIFE.as_secs()).unwrap_or(i64::MAX);
        if now >= exp.saturating_add(LEEWAY) || exp.saturating_sub(iat) > longest {
            return Err(ForeignError::Expired);
        }
        if nbf.unwrap_or(iat).max(iat) > now.saturating_add(LEEWAY) {
            return Err(ForeignError::NotYetValid);
        }
        let identity = Identity::parse(&iss, &sub).map_err(|_| ForeignError::Malformed)?;
        Ok(Foreign { identity, issued_at: Timestamp::from_micros(iat.saturating_mul(1_000_000)) })
    }
}
