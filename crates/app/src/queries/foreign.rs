//! Who shows a token of somebody else's.

use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Store, actors, identities};

use crate::error::Error;
use crate::identity::{ForeignError, Issuers, KeysError};
use crate::queries::actors::{Bearer, Found};

/// Whom a token of one of these issuers was linked to, with all they may do here at this moment; `None` when the token is not
/// good, when nobody is linked to its subject, or when who is has been disabled or has signed out everywhere since.
///
/// # Errors
/// [`Error::ProviderSilent`] when the issuer has not answered for so long that its keys are no longer believed.
pub async fn bearer(store: &Store, issuers: &Issuers, token: &str, now: Timestamp) -> Result<Option<Found>, Error> {
    let foreign = match issuers.verify(token, now).await {
        Ok(foreign) => foreign,
        Err(ForeignError::Keys(KeysError::Silent)) => return Err(Error::ProviderSilent),
        Err(reason) => {
            tracing::info!(%reason, "a token of another issuer was refused");
            return Ok(None);
        }
    };
    let Some(actor) = identities::find(store, &foreign.identity).await? else { return Ok(None) };
    Ok(actors::find(store, Bearer { actor, session: None, issued_at: foreign.issued_at }, now).await?)
}
