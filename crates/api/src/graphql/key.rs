//! The keys with which sites sign what they publish.

use async_graphql::{Context, Object, SimpleObject};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use lienthong_app::Error;
use lienthong_app::proof::keys::{self, kid};
use lienthong_domain::access::act;

use crate::error::ApiError;
use crate::graphql::mutation::{UserError, mendable};
use crate::graphql::scalar::DateTime;
use crate::reading::Reading;

/// Reads about keys.
pub(crate) struct KeyQuery;

/// Writes about keys.
pub(crate) struct KeyMutation;

/// A key of a site. Its public part is at `/.well-known/jwks.json` too; the private part leaves the server for nobody.
#[derive(SimpleObject)]
pub(crate) struct SigningKey {
    /// Its name, as signatures and key sets state it (`kid`).
    name: String,
    /// The public key: Ed25519, base64url.
    public_key: String,
    /// When it was made.
    made_at: DateTime,
    /// From when on it signs nothing new.
    replaced_at: Option<DateTime>,
    /// From when on others may have it.
    revoked_at: Option<DateTime>,
    /// Why it was revoked.
    reason: Option<String>,
}

/// What came of changing a key.
#[derive(SimpleObject)]
pub(crate) struct SigningKeyPayload {
    /// The key; none when there are errors.
    key: Option<SigningKey>,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

#[Object]
impl KeyQuery {
    /// The keys of a site, the oldest first; none before its first publication. Needs the right to manage keys there.
    async fn signing_keys(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of the site.")] site: String,
    ) -> Result<Vec<SigningKey>, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ManageKeys>()?;
        let site = reading.named().site(&site).map(|site| site.id).filter(|site| permit.scope().contains(*site));
        let site = site.ok_or(Error::NotFound("site"))?;
        let keys = keys::list(reading.app.store(), &permit).await?;
        Ok(keys.into_iter().filter(|key| key.site == Some(site)).map(Into::into).collect())
    }
}

#[Object]
impl KeyMutation {
    /// Makes a new key for a site. The one in use until now signs nothing new, and what it signed stands. Needs the right to
    /// manage keys there.
    async fn rotate_signing_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of the site.")] site: String,
    ) -> Result<SigningKeyPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ManageKeys>()?;
        let (store, seal) = (reading.app.store(), reading.app.seal());
        let rotate = async {
            let site = reading.named().site(&site).ok_or(Error::NotFound("site"))?.id;
            keys::rotate((store, seal), &permit, Some(site), reading.now).await
        };
        SigningKeyPayload::of(rotate.await)
    }

    /// Marks a key of a site as one that others may have: what it signed is believed only where the log of acts holds it from
    /// before. Needs the right to manage keys there.
    async fn revoke_signing_key(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Name of the key.")] name: String,
        #[graphql(desc = "Why; at most 2,000 characters.")] reason: String,
    ) -> Result<SigningKeyPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ManageKeys>()?;
        let revoke = async {
            let id = keys::named(&name).ok_or(Error::NotFound("signing key"))?;
            keys::revoke(reading.app.store(), &permit, (id, &reason), reading.now).await
        };
        SigningKeyPayload::of(revoke.await)
    }
}

impl SigningKeyPayload {
    fn of(outcome: Result<keys::Key, Error>) -> Result<Self, ApiError> {
        Ok(match outcome {
            Ok(key) => Self { key: Some(key.into()), errors: Vec::new() },
            Err(error) => Self { key: None, errors: mendable(error)? },
        })
    }
}

impl From<keys::Key> for SigningKey {
    fn from(key: keys::Key) -> Self {
        let keys::Key { id, site, public, sealed: _, created_at, retired_at, revoked_at, reason } = key;
        Self {
            name: kid(site, id),
            public_key: URL_SAFE_NO_PAD.encode(public),
            made_at: DateTime(created_at),
            replaced_at: retired_at.map(DateTime),
            revoked_at: revoked_at.map(DateTime),
            reason,
        }
    }
}
