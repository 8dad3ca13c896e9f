//! Staying signed in, and signing out.

use zeroize::Zeroizing;

use lienthong_domain::access::{Permit, act};
use lienthong_domain::ids::{ActorId, SessionId};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::sessions::{self, EndReason, NewToken, Session, Shown};
use lienthong_persistence::{Record, Store, Tx, accounts as rows};

use crate::accounts::{Accounts, Kind, seconds};
use crate::error::Error;

/// The tokens of a sign-in. Both are secrets of their bearer.
pub struct SignedIn {
    /// Who.
    pub actor: ActorId,
    /// The access token.
    pub access: String,
    /// From when on the access token is refused.
    pub access_expires_at: Timestamp,
    /// Gets the next two tokens; works once.
    pub refresh: Zeroizing<String>,
    /// From when on the refresh token is refused.
    pub refresh_expires_at: Timestamp,
}

impl SignedIn {
    pub(super) fn new(
        accounts: &Accounts,
        session: &Session,
        (refresh, refresh_expires_at): (Zeroizing<String>, Timestamp),
        now: Timestamp,
    ) -> Result<Self, Error> {
        let subject = (session.actor, Some(session.id));
        let signed = accounts.tokens.sign_for(subject, accounts.rules.access, now);
        let signed = signed.map_err(|error| Error::Internal(error.to_string()))?;
        let access_expires_at = signed.expires_at;
        Ok(Self { actor: session.actor, access: signed.token, access_expires_at, refresh, refresh_expires_at })
    }
}

/// Begins a sign-in of somebody who has shown who they are. Their account is locked.
pub(super) async fn open(tx: &Tx, accounts: &Accounts, actor: ActorId, now: Timestamp) -> Result<SignedIn, Error> {
    let rules = &accounts.rules;
    let expires_at = now.plus_seconds(seconds(rules.session));
    let session = Session { id: SessionId::new(now), actor, started_at: now, expires_at, ended_at: None };
    let refresh = Kind::Refresh.generate()?;
    let refresh_expires_at = now.plus_seconds(seconds(rules.idle)).min(session.expires_at);
    sessions::begin(tx, &session, &NewToken { digest: refresh.digest, expires_at: refresh_expires_at }).await?;
    rows::note_use(tx, actor, now).await?;
    SignedIn::new(accounts, &session, (refresh.text, refresh_expires_at), now)
}

/// Gives the next two tokens of a sign-in. A refresh token that is shown a second time ends it, for whoever holds the
/// other one (RFC 9700 section 4.14.2).
///
/// # Errors
/// [`Error::SignInEnded`] for a token that does not work, or no longer.
pub async fn refresh(store: &Store, accounts: &Accounts, token: &str, now: Timestamp) -> Result<SignedIn, Error> {
    let digest = Kind::Refresh.digest(token).ok_or(Error::SignInEnded)?;
    let tx = store.begin().await?;
    let session = match sessions::take_token(&tx, &digest, now).await? {
        Shown::Taken(session) => session,
        Shown::Refused => return Err(Error::SignInEnded),
        Shown::Reused(session) => {
            let was_open = sessions::end(&tx, session.id, EndReason::TokenReused, now).await?;
            let acted = super::own(session.actor, "a refresh token was used twice: signed out", now);
            tx.commit(if was_open { acted } else { Record::default() }).await?;
            return Err(Error::SignInEnded);
        }
    };
    let next = Kind::Refresh.generate()?;
    let expires_at = now.plus_seconds(seconds(accounts.rules.idle)).min(session.expires_at);
    sessions::add_token(&tx, session.id, &NewToken { digest: next.digest, expires_at }, now).await?;
    tx.commit(Record::default()).await?;
    // Apart, so that nobody waits for an account while they hold a sign-in.
    let tx = store.begin().await?;
    rows::note_use(&tx, session.actor, now).await?;
    tx.commit(Record::default()).await?;
    SignedIn::new(accounts, &session, (next.text, expires_at), now)
}

/// Ends the sign-in that a refresh token belongs to, with its access tokens. An unknown token ends nothing.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn sign_out(store: &Store, token: &str, now: Timestamp) -> Result<(), Error> {
    let Some(digest) = Kind::Refresh.digest(token) else { return Ok(()) };
    let tx = store.begin().await?;
    let Some(session) = sessions::of_token(&tx, &digest).await? else { return Ok(()) };
    if sessions::end(&tx, session.id, EndReason::SignedOut, now).await? {
        tx.commit(super::own(session.actor, "sign out", now)).await?;
    }
    Ok(())
}

/// Ends every sign-in of the account and refuses its access tokens from now on, this one's included. Tells how many
/// there were.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn sign_out_everywhere(
    store: &Store,
    permit: &Permit<act::OwnAccount>,
    now: Timestamp,
) -> Result<u64, Error> {
    let tx = store.begin().await?;
    let ended = sessions::end_all(&tx, permit.actor(), None, (EndReason::SignedOutEverywhere, now)).await?;
    tx.commit(super::own(permit.by(), "sign out everywhere", now)).await?;
    Ok(ended)
}
