//! What protects one's own account, and what acts for it: the second factor, and tokens for programs.

use std::collections::BTreeSet;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};

use lienthong_app::Error;
use lienthong_app::commands::accounts::{self as commands, Enrolment, NewApiToken};
use lienthong_app::queries::api_tokens as queries;
use lienthong_domain::access::{Operation as DomainOperation, SiteScope, act};
use lienthong_domain::ids::{ApiTokenId, SiteId};

use crate::error::ApiError;
use crate::graphql::mutation::{UserError, mendable};
use crate::graphql::people::AccountPayload;
use crate::graphql::scalar::DateTime;
use crate::graphql::site::Site;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;

/// Reads about what acts for one's own account.
pub(crate) struct ProtectionQuery;

/// Writes about what protects one's own account, and what acts for it.
pub(crate) struct ProtectionMutation;

/// A token for a program, without the token itself.
pub(crate) struct ApiToken(queries::ApiToken);

/// What a token for a program may be allowed, of what its owner may.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
pub(crate) enum TokenOperation {
    /// Read drafts, history and unpublished state.
    ReadDraft,
    /// Create an entry as a draft.
    Create,
    /// Change a draft, or start a new draft over a published edition.
    Edit,
    /// Make an edition public.
    Publish,
    /// Take a public entry back.
    Withdraw,
    /// Read counts and oversight figures.
    ReadReport,
    /// Record by which documents a site was decided on.
    RecordDecision,
}

/// A token for a program.
#[derive(InputObject)]
pub(crate) struct ApiTokenInput {
    /// What it is for: one line of at most 200 characters.
    name: String,
    /// What it may do, at least one.
    operations: Vec<TokenOperation>,
    /// Hosts or ids of sites; wherever its owner may by default.
    #[graphql(default)]
    sites: Vec<String>,
    /// From when on it is refused, at most 366 days from now.
    expires_at: DateTime,
}

/// The outcome of making a token for a program.
#[derive(SimpleObject)]
pub(crate) struct ApiTokenPayload {
    /// The token, for `Authorization: Bearer lt_…`. Shown once.
    token: Option<String>,
    /// What is kept of it.
    api_token: Option<ApiToken>,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

/// The outcome of a write that shows nothing.
#[derive(SimpleObject)]
pub(crate) struct DonePayload {
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

/// The outcome of enrolling an authenticator.
#[derive(SimpleObject)]
pub(crate) struct EnrolmentPayload {
    /// The secret in base32, to type into an authenticator. Shown once.
    secret: Option<String>,
    /// The same as an `otpauth` address, to show as a QR code.
    uri: Option<String>,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

/// The outcome of confirming an authenticator.
#[derive(SimpleObject)]
pub(crate) struct RecoveryCodesPayload {
    /// Ten codes, each of which takes the place of the authenticator once. Shown once.
    recovery_codes: Vec<String>,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

#[Object]
impl ApiToken {
    /// Global id.
    async fn id(&self) -> ID {
        ID(GlobalId::new(NodeType::ApiToken, self.0.id.as_uuid()).to_string())
    }

    /// What its owner calls it.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Stable names of what it may do.
    async fn operations(&self) -> Vec<&'static str> {
        self.0.limits.operations.iter().map(|operation| operation.as_str()).collect()
    }

    /// Where; none for wherever its owner may.
    async fn sites(&self, ctx: &Context<'_>) -> Option<Vec<Site>> {
        let SiteScope::Sites(sites) = &self.0.limits.scope else { return None };
        let reference = &Reading::of(ctx).reference;
        Some(sites.iter().filter_map(|id| reference.sites.get(*id)).cloned().map(Site).collect())
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// From when on it is refused.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }

    /// Last use, to the minute.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime)
    }

    /// When it was taken back.
    async fn revoked_at(&self) -> Option<DateTime> {
        self.0.revoked_at.map(DateTime)
    }
}

#[Object]
impl ProtectionQuery {
    /// One's own tokens for programs, latest first. Needs a token of a sign-in.
    async fn api_tokens(&self, ctx: &Context<'_>) -> Result<Vec<ApiToken>, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::OwnAccount>()?;
        let found = queries::own(reading.app.store(), &permit).await?;
        Ok(found.into_iter().map(ApiToken).collect())
    }
}

#[Object]
impl ProtectionMutation {
    /// Makes a token for a program. It may what its owner may at that moment, within these operations and sites. Needs
    /// the password.
    async fn create_api_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password.")] password: String,
        #[graphql(desc = "What it is for and what it may.")] input: ApiTokenInput,
    ) -> Result<ApiTokenPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::OwnAccount>()?;
        let accounts = reading.accounts()?;
        let create = async {
            let new = (input.parse(reading)?, password.as_str(), reading.client);
            commands::create_api_token(reading.app.store(), accounts, &permit, new, reading.now).await
        };
        match create.await {
            Ok((kept, text)) => Ok(ApiTokenPayload {
                token: Some(text.to_string()),
                api_token: Some(ApiToken(kept)),
                errors: Vec::new(),
            }),
            Err(error) => Ok(ApiTokenPayload { token: None, api_token: None, errors: mendable(error)? }),
        }
    }

    /// Takes one of one's own tokens for programs back.
    async fn revoke_api_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the token.")] id: ID,
    ) -> Result<DonePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::OwnAccount>()?;
        let revoke = async {
            let id = GlobalId::parse(&id).filter(|id| id.kind == NodeType::ApiToken).ok_or(Error::NotFound("token"))?;
            let id = ApiTokenId::from_uuid(id.uuid);
            commands::revoke_api_token(reading.app.store(), &permit, id, reading.now).await
        };
        match revoke.await {
            Ok(()) => Ok(DonePayload { errors: Vec::new() }),
            Err(error) => Ok(DonePayload { errors: mendable(error)? }),
        }
    }

    /// Begins to enrol an authenticator as second factor. It is asked for only once it is confirmed. Needs the password.
    async fn enrol_second_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password.")] password: String,
    ) -> Result<EnrolmentPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::OwnAccount>()?;
        let (accounts, confirm) = (reading.accounts()?, (password.as_str(), reading.client));
        match commands::enrol_second_factor(reading.app.store(), accounts, &permit, confirm, reading.now).await {
            Ok(Enrolment { secret, uri }) => Ok(EnrolmentPayload {
                secret: Some(secret.to_string()),
                uri: Some(uri.to_string()),
                errors: Vec::new(),
            }),
            Err(error) => Ok(EnrolmentPayload { secret: None, uri: None, errors: mendable(error)? }),
        }
    }

    /// Shows that the authenticator works. Every sign-in asks for a code from then on.
    async fn confirm_second_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The six digits it shows.")] code: String,
    ) -> Result<RecoveryCodesPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::OwnAccount>()?;
        let accounts = reading.accounts()?;
        match commands::confirm_second_factor(reading.app.store(), accounts, &permit, &code, reading.now).await {
            Ok(codes) => {
                let recovery_codes = codes.iter().map(|code| code.to_string()).collect();
                Ok(RecoveryCodesPayload { recovery_codes, errors: Vec::new() })
            }
            Err(error) => Ok(RecoveryCodesPayload { recovery_codes: Vec::new(), errors: mendable(error)? }),
        }
    }

    /// Removes one's own second factor with its recovery codes. Needs the password.
    async fn remove_second_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password.")] password: String,
    ) -> Result<AccountPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::OwnAccount>()?;
        let (accounts, confirm) = (reading.accounts()?, (password.as_str(), reading.client));
        let removed =
            commands::remove_second_factor(reading.app.store(), accounts, &permit, confirm, reading.now).await;
        AccountPayload::of(reading, permit.actor(), removed).await
    }
}

impl ApiTokenInput {
    fn parse(self, reading: &Reading) -> Result<NewApiToken, Error> {
        let Self { name, operations, sites, expires_at } = self;
        let site = |name: String| Ok::<SiteId, Error>(reading.named().site(&name).ok_or(Error::NotFound("site"))?.id);
        Ok(NewApiToken {
            name,
            operations: operations.into_iter().map(TokenOperation::means).collect(),
            sites: sites.into_iter().map(site).collect::<Result<BTreeSet<_>, _>>()?,
            expires_at: expires_at.0,
        })
    }
}

impl TokenOperation {
    const fn means(self) -> DomainOperation {
        match self {
            Self::ReadDraft => DomainOperation::ReadDraft,
            Self::Create => DomainOperation::Create,
            Self::Edit => DomainOperation::Edit,
            Self::Publish => DomainOperation::Publish,
            Self::Withdraw => DomainOperation::Withdraw,
            Self::ReadReport => DomainOperation::ReadReport,
            Self::RecordDecision => DomainOperation::RecordDecision,
        }
    }
}
