//! One identity provider: what it says of itself, where it sends people, and what it vouches for.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthenticationFlow, CoreClaimName, CoreClaimType, CoreClient, CoreClientAuthMethod,
    CoreGrantType, CoreIdToken, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{
    AdditionalProviderMetadata, AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret,
    CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdTokenVerifier, IssuerUrl, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, ProviderMetadata, RedirectUrl, Scope, SignatureVerificationError, TokenResponse as _,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use url::Url;
use zeroize::Zeroizing;

use lienthong_domain::identity::Identity;
use lienthong_domain::time::Timestamp;
use lienthong_outbound::Client as Http;

use super::algorithm::Algorithm;
use super::asking::Asking;
use super::visit::VisitSecret;
use crate::error::Error;

/// What an operator sets about a provider.
#[derive(Clone)]
pub struct ProviderSettings {
    /// Its key in addresses: words of small letters and figures joined by hyphens.
    pub key: String,
    /// How people call it.
    pub display_name: String,
    /// `iss`, exactly as the provider writes it.
    pub issuer: String,
    /// Under which it knows us.
    pub client_id: String,
    /// The secret that goes with it; none for a public client.
    pub client_secret: Option<Zeroizing<String>>,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// How identity tokens may be signed.
    pub algorithms: Vec<Algorithm>,
    /// Address of the page that people come back to, signed in or not.
    pub return_url: Url,
}

/// What RFC 9207 adds to what a provider says of itself.
#[derive(Debug, Clone, Deserialize, Serialize)]
struct NamesItself {
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for NamesItself {}

type Metadata = ProviderMetadata<
    NamesItself,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// A client that knows where to send people, and perhaps where to change codes into tokens.
type Relying =
    CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// Seconds for which what a provider said of itself is believed without asking again.
const FRESH: i64 = 60 * 60;
/// Seconds for which it is believed while the provider does not answer.
const STALE: i64 = 24 * 60 * 60;
/// Seconds between two questions, whoever wants it: neither keys nobody knows nor people who try again make us ask more often.
const PAUSE: i64 = 60;
/// Seconds after a failure until the next try.
const RETRY: i64 = 10;
/// Seconds by which a provider's clock may be ahead of ours.
const LEEWAY: i64 = 60;

/// One provider.
pub(crate) struct Provider {
    pub(crate) settings: ProviderSettings,
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    http: Asking,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    metadata: Option<Arc<Said>>,
    failed_at: Option<Timestamp>,
}

/// What a provider said of itself, and when.
struct Said {
    metadata: Metadata,
    at: Timestamp,
}

impl Provider {
    pub(super) fn new(settings: ProviderSettings, public_url: &str, http: Http) -> Result<Self, String> {
        Identity::parse(&settings.issuer, "x").map_err(|_| "the issuer is no web address".to_owned())?;
        let is_key = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if settings.key.is_empty() || settings.key.len() > 40 || !settings.key.bytes().all(is_key) {
            return Err("a key is made of a-z, 0-9 and hyphens".to_owned());
        }
        if settings.algorithms.is_empty() {
            return Err("no algorithm is listed".to_owned());
        }
        let issuer = IssuerUrl::new(settings.issuer.clone()).map_err(|error| error.to_string())?;
        let redirect = format!("{}/v1/auth/oidc/{}/callback", public_url.trim_end_matches('/'), settings.key);
        let redirect = RedirectUrl::new(redirect).map_err(|error| error.to_string())?;
        Ok(Self { settings, issuer, redirect, http: Asking(http), known: Mutex::default() })
    }

    /// Where a browser goes to sign in.
    pub(crate) async fn authorize(&self, secret: &VisitSecret, now: Timestamp) -> Result<Url, Error> {
        let said = self.said(now).await?;
        let client = self.relying(&said);
        let (state, nonce) = (secret.state(), secret.nonce());
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(secret.verifier()));
        let request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || Nonce::new(nonce),
            )
            .add_scopes(self.settings.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge);
        Ok(request.url().0)
    }

    /// Checks who sent a browser back (RFC 9207): a provider that says it names itself has to, and no other name will do.
    pub(crate) async fn check_sender(&self, iss: Option<&str>, now: Timestamp) -> Result<(), Error> {
        let names_itself = || async {
            let said = self.said(now).await?;
            Ok::<_, Error>(said.metadata.additional_metadata().authorization_response_iss_parameter_supported)
        };
        match iss {
            Some(iss) if iss == self.settings.issuer => Ok(()),
            None if !names_itself().await? => Ok(()),
            Some(_) => Err(self.refused("another issuer answered")),
            None => Err(self.refused("the answer does not name its issuer")),
        }
    }

    /// Changes the code for an identity token, checks it, and tells who it is about.
    pub(crate) async fn vouch(&self, code: String, secret: &VisitSecret, now: Timestamp) -> Result<Identity, Error> {
        let said = self.said(now).await?;
        let token = self.redeem(&said, code, secret).await?;
        let subject = match self.subject(&said, &token, secret, now) {
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                let renewed = self.renewed(&said, now).await?;
                self.subject(&renewed, &token, secret, now)
            }
            done => done,
        };
        let subject = subject.map_err(|error| self.refused(&error.to_string()))?;
        Identity::parse(&self.settings.issuer, &subject).map_err(|_| self.refused("the subject is none"))
    }

    async fn redeem(&self, said: &Said, code: String, secret: &VisitSecret) -> Result<CoreIdToken, Error> {
        let client = self.relying(said);
        let request = client.exchange_code(AuthorizationCode::new(code));
        let request = request.map_err(|error| self.refused(&error.to_string()))?;
        let answered =
            request.set_pkce_verifier(PkceCodeVerifier::new(secret.verifier())).request_async(&self.http).await;
        let response = answered.map_err(|error| self.refused(&error.to_string()))?;
        response.id_token().cloned().ok_or_else(|| self.refused("there is no identity token in the answer"))
    }

    /// Who a token is about, when every check of `OpenID` Connect Core 1.0 section 3.1.3.7 holds. The keys are the
    /// provider's public ones alone: without our secret at hand no token can be taken that was signed with it.
    fn subject(
        &self,
        said: &Said,
        token: &CoreIdToken,
        secret: &VisitSecret,
        now: Timestamp,
    ) -> Result<String, ClaimsVerificationError> {
        let client = ClientId::new(self.settings.client_id.clone());
        let clock = |seconds: i64| DateTime::<Utc>::from_timestamp_micros(now.plus_seconds(seconds).as_micros());
        let verifier = IdTokenVerifier::new_public_client(client, self.issuer.clone(), said.metadata.jwks().clone())
            .set_allowed_algs(self.settings.algorithms.iter().map(|algorithm| algorithm.of_provider()))
            .set_time_fn(move || clock(0).unwrap_or(DateTime::<Utc>::MAX_UTC))
            .set_issue_time_verifier_fn(move |issued| {
                let is_past = clock(LEEWAY).is_some_and(|latest| issued <= latest);
                if is_past { Ok(()) } else { Err("issued in the future".to_owned()) }
            });
        let claims = token.claims(&verifier, &Nonce::new(secret.nonce()))?;
        if claims.authorized_party().is_some_and(|party| party.as_str() != self.settings.client_id) {
            return Err(ClaimsVerificationError::InvalidAudience("authorized for another client".to_owned()));
        }
        Ok(claims.subject().as_str().to_owned())
    }

    fn relying(&self, said: &Said) -> Relying {
        let secret = self.settings.client_secret.as_ref().map(|secret| ClientSecret::new(secret.to_string()));
        let client = ClientId::new(self.settings.client_id.clone());
        let client = CoreClient::from_provider_metadata(said.metadata.clone(), client, secret);
        let ways = said.metadata.token_endpoint_auth_methods_supported();
        let takes = |way: &CoreClientAuthMethod| ways.is_none_or(|ways| ways.contains(way));
        let in_body =
            !takes(&CoreClientAuthMethod::ClientSecretBasic) && takes(&CoreClientAuthMethod::ClientSecretPost);
        let way = if in_body { AuthType::RequestBody } else { AuthType::BasicAuth };
        client.set_redirect_uri(self.redirect.clone()).set_auth_type(way)
    }

    /// What the provider says of itself, asked at most once an hour while it answers.
    async fn said(&self, now: Timestamp) -> Result<Arc<Said>, Error> {
        let mut known = self.known.lock().await;
        let age = |said: &Arc<Said>| seconds_since(said.at, now);
        if let Some(said) = known.metadata.as_ref().filter(|said| age(said) < FRESH) {
            return Ok(Arc::clone(said));
        }
        if known.failed_at.is_none_or(|failed| seconds_since(failed, now) >= RETRY) {
            self.ask(&mut known, now).await;
        }
        known.metadata.clone().filter(|said| age(said) < STALE).ok_or(Error::ProviderSilent)
    }

    /// The same after a token named a key that is not among those known.
    async fn renewed(&self, seen: &Said, now: Timestamp) -> Result<Arc<Said>, Error> {
        let mut known = self.known.lock().await;
        let is_new = known.metadata.as_ref().is_some_and(|said| said.at != seen.at);
        if !is_new && seconds_since(seen.at, now) >= PAUSE {
            self.ask(&mut known, now).await;
        }
        known.metadata.clone().ok_or(Error::ProviderSilent)
    }

    /// Asks, one at a time. A failure leaves what was known.
    async fn ask(&self, known: &mut Known, now: Timestamp) {
        match Metadata::discover_async(self.issuer.clone(), &self.http).await {
            Ok(metadata) => *known = Known { metadata: Some(Arc::new(Said { metadata, at: now })), failed_at: None },
            Err(error) => {
                let why = std::error::Error::source(&error).map(ToString::to_string);
                tracing::warn!(provider = self.settings.key, %error, why, "an identity provider cannot be asked");
                known.failed_at = Some(now);
            }
        }
    }

    /// The reason is for the operator's log: it may hold what somebody else wrote.
    pub(crate) fn refused(&self, reason: &str) -> Error {
        tracing::info!(provider = self.settings.key, reason, "a sign-in at a provider was refused");
        Error::SignInRefused("the answer of the identity provider cannot be used; begin again")
    }
}

const fn seconds_since(then: Timestamp, now: Timestamp) -> i64 {
    (now.as_micros() - then.as_micros()).div_euclid(1_000_000)
}
