//! Tokens for programs: whom they let in, and which somebody has.

use lienthong_domain::access::{Actor, Permit, act};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, Store, actors, api_tokens};

use crate::accounts::api_token;
use crate::error::Error;
use crate::queries::actors::{Bearer, Found};

pub use crate::accounts::API_TOKEN_PREFIX;
pub use lienthong_persistence::api_tokens::ApiToken;

/// How long one note of a use stands, in seconds.
const NOTED: i64 = 60;

/// The owner of a token with what the token leaves of their rights; `None` when the token or its owner is no longer
/// good. Notes the use, at most once a minute.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn bearer(store: &Store, text: &str, now: Timestamp) -> Result<Option<Found>, Error> {
    let Some(digest) = api_token::digest(text) else { return Ok(None) };
    let Some(token) = api_tokens::find(store, &digest, now).await? else { return Ok(None) };
    let owner = Bearer { actor: token.actor, session: None, issued_at: now };
    let Some(Found { actor, has_second_factor }) = actors::find(store, owner, now).await? else { return Ok(None) };
    let earlier = now.plus_seconds(-NOTED);
    if token.last_used_at.is_none_or(|last| last < earlier) {
        let tx = store.begin().await?;
        api_tokens::note_use(&tx, token.id, (earlier, now)).await?;
        tx.commit(Record::default()).await?;
    }
    Ok(Some(Found { actor: Actor::limited(actor, token.limits), has_second_factor }))
}

/// One's own tokens, latest first.
///
/// # Errors
/// [`Error::Store`] when the database does not answer.
pub async fn own(store: &Store, permit: &Permit<act::OwnAccount>) -> Result<Vec<ApiToken>, Error> {
    Ok(api_tokens::of(store, permit.actor()).await?)
}
