//! Sending a browser to an identity provider, and taking it back in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use url::Url;

use lienthong_domain::time::Timestamp;
use lienthong_persistence::provider_visits::{self as visits, Visit};
use lienthong_persistence::sign_in_tickets::{self as tickets, Ticket};
use lienthong_persistence::{Record, Store};

use crate::accounts::{Accounts, Kind};
use crate::error::Error;
use crate::identity::{Provider, VisitSecret};

/// Seconds that somebody has to sign in at a provider.
const VISIT: i64 = 10 * 60;
/// Seconds within which a ticket has to be used: enough for somebody to look for the authenticator.
const TICKET: i64 = 5 * 60;

/// A browser that is being sent to a provider.
pub struct Departure {
    /// Where to.
    pub to: Url,
    /// For a cookie of this browser.
    pub secret: VisitSecret,
    /// Seconds for which the cookie is good.
    pub seconds: i64,
}

/// A browser that says it comes from a provider.
pub struct Arrival<'a> {
    /// The provider at whose address it arrives.
    pub provider: &'a str,
    /// Its cookie.
    pub cookie: Option<&'a str>,
    /// `state`.
    pub state: Option<&'a str>,
    /// `code`.
    pub code: Option<&'a str>,
    /// `error`.
    pub error: Option<&'a str>,
    /// `iss`, RFC 9207.
    pub iss: Option<&'a str>,
}

/// Sends a browser to a provider. `challenge` is the SHA-256 of a secret of the program that will be given the ticket, in
/// base64url, as in RFC 7636: only it can use the ticket, which travels in an address.
///
/// # Errors
/// [`Error::NotFound`] for a provider that is not configured, [`Error::BadRequest`] for a challenge that is none,
/// [`Error::ProviderSilent`].
pub async fn depart(
    store: &Store,
    accounts: &Accounts,
    (provider, challenge): (&str, &str),
    now: Timestamp,
) -> Result<Departure, Error> {
    let provider = accounts.providers.get(provider).ok_or(Error::NotFound("provider"))?;
    let challenge = URL_SAFE_NO_PAD.decode(challenge).ok().and_then(|bytes| bytes.try_into().ok());
    let rule = "the SHA-256 of a secret in base64url, 43 characters, is expected";
    let challenge = challenge.ok_or_else(|| Error::bad_request("challenge", rule))?;
    let secret = VisitSecret::generate()?;
    let to = provider.authorize(&secret, now).await?;
    let visit = Visit {
        digest: secret.digest(),
        provider: provider.settings.key.clone(),
        challenge,
        expires_at: now.plus_seconds(VISIT),
    };
    let tx = store.begin().await?;
    visits::begin(&tx, &visit, now).await?;
    tx.commit(Record::default()).await?;
    Ok(Departure { to, secret, seconds: VISIT })
}

/// Takes a browser back in, and tells where it goes from here: to the page of the provider's settings, with `ticket` for
/// whom the provider vouches for, or with `error` and one of our codes.
///
/// # Errors
/// [`Error::SignInRefused`] when this browser did not begin this sign-in here, or has come back already: nobody who did not
/// begin it is sent anywhere. [`Error::NotFound`] for a provider that is not configured.
pub async fn arrive(store: &Store, accounts: &Accounts, arrival: &Arrival<'_>, now: Timestamp) -> Result<Url, Error> {
    let provider = accounts.providers.get(arrival.provider).ok_or(Error::NotFound("provider"))?;
    let secret = arrival.cookie.and_then(VisitSecret::from_cookie);
    let stranger = Error::SignInRefused("this browser did not begin this sign-in, or began another one since");
    let Some(secret) = secret.filter(|secret| secret.is_state(arrival.state.unwrap_or_default())) else {
        return Err(stranger);
    };
    let tx = store.begin().await?;
    let visit = visits::end(&tx, &secret.digest(), now).await?;
    tx.commit(Record::default()).await?;
    let visit = visit.filter(|visit| visit.provider == provider.settings.key);
    let visit = visit.ok_or(Error::SignInRefused("this sign-in is over, or took longer than ten minutes"))?;
    let mut to = provider.settings.return_url.clone();
    let (name, value) = match vouched(store, (provider, &secret, &visit), arrival, now).await {
        Ok(ticket) => ("ticket", ticket),
        Err(error @ (Error::SignInRefused(_) | Error::ProviderSilent)) => ("error", error.code().as_str().to_owned()),
        Err(other) => return Err(other),
    };
    to.query_pairs_mut().append_pair(name, &value);
    Ok(to)
}

/// A ticket for whom the provider vouches for.
async fn vouched(
    store: &Store,
    (provider, secret, visit): (&Provider, &VisitSecret, &Visit),
    arrival: &Arrival<'_>,
    now: Timestamp,
) -> Result<String, Error> {
    provider.check_sender(arrival.iss, now).await?;
    let code = match (arrival.error, arrival.code) {
        (None, Some(code)) => code.to_owned(),
        (Some(error), _) => return Err(provider.refused(error)),
        (None, None) => return Err(provider.refused("neither a code nor an error came back")),
    };
    let identity = provider.vouch(code, secret, now).await?;
    let opaque = Kind::Ticket.generate()?;
    let expires_at = now.plus_seconds(TICKET);
    let ticket = Ticket { digest: opaque.digest, identity, challenge: visit.challenge, expires_at };
    let tx = store.begin().await?;
    tickets::issue(&tx, &ticket, now).await?;
    tx.commit(Record::default()).await?;
    Ok(opaque.text.to_string())
}
