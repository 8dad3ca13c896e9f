//! People: one's own account.

use async_graphql::{Context, ID, Object, SimpleObject};

use lienthong_app::commands::accounts as commands;
use lienthong_app::queries;
use lienthong_app::queries::accounts::{Linked, Profile};
use lienthong_domain::access::act;
use lienthong_domain::ids::ActorId;

use crate::error::ApiError;
use crate::graphql::mutation::{UserError, mendable};
use crate::graphql::scalar::{Date, DateTime};
use crate::graphql::site::Site;
use crate::graphql::staff::Role;
use crate::graphql::unit::Unit;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;

/// Reads about people.
pub(crate) struct PeopleQuery;

/// Writes about people.
pub(crate) struct PeopleMutation;

/// An account of a person or an agency, for its owner and those who manage it.
pub(crate) struct Account {
    pub(crate) profile: Profile,
    /// Whether the reader may know the sign-in name.
    pub(crate) shows_name: bool,
}

/// A role with where it holds.
#[derive(SimpleObject)]
pub(crate) struct HeldRole {
    /// The role.
    role: Role,
    /// On this site only.
    site: Option<Site>,
    /// On the sites of this unit and the units below it. Without site and unit: on the whole instance.
    unit: Option<Unit>,
}

/// Who somebody is at an identity provider.
#[derive(SimpleObject)]
pub(crate) struct LinkedIdentity {
    /// `iss` of the provider.
    issuer: String,
    /// `sub` there.
    subject: String,
    /// Since when the account can be used with it.
    linked_at: DateTime,
}

/// The outcome of a write about an account.
#[derive(SimpleObject)]
pub(crate) struct AccountPayload {
    /// The account after the write; none when there are errors.
    account: Option<Account>,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

/// The outcome of signing out everywhere.
#[derive(SimpleObject)]
pub(crate) struct SignOutPayload {
    /// How many sign-ins were open.
    ended: u64,
}

#[Object]
impl Account {
    /// Global id.
    async fn id(&self) -> ID {
        ID(GlobalId::new(NodeType::Account, self.profile.account.id.as_uuid()).to_string())
    }

    /// The short name that the audit shows.
    async fn handle(&self) -> &str {
        &self.profile.account.handle
    }

    /// Full name.
    async fn display_name(&self) -> &str {
        &self.profile.account.name
    }

    /// E-mail address or user name to sign in under, for its owner and those who manage the account.
    async fn name(&self) -> Option<&str> {
        self.shows_name.then(|| self.profile.account.sign_in_name.as_str())
    }

    /// Whether its owner has chosen a password or is linked to an identity provider, and it is not disabled.
    async fn is_active(&self) -> bool {
        self.profile.account.is_taken_up() && self.profile.account.disabled_at.is_none()
    }

    /// Who its owner is at identity providers, for its owner and those who manage the account; empty for others.
    async fn identities(&self) -> Vec<LinkedIdentity> {
        let shown = self.profile.identities.iter().filter(|_| self.shows_name);
        let identity = |linked: &Linked| LinkedIdentity {
            issuer: linked.identity.issuer().to_owned(),
            subject: linked.identity.subject().to_owned(),
            linked_at: DateTime(linked.linked_at),
        };
        shown.map(identity).collect()
    }

    /// When it was issued.
    async fn issued_at(&self) -> DateTime {
        DateTime(self.profile.account.issued_at)
    }

    /// First sign-in.
    async fn first_used_at(&self) -> Option<DateTime> {
        self.profile.account.first_used_at.map(DateTime)
    }

    /// Last sign-in or refresh.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.profile.account.last_used_at.map(DateTime)
    }

    /// The day its owner was trained.
    async fn trained_on(&self) -> Option<Date> {
        self.profile.account.trained_on.map(Date)
    }

    /// Since when it may do nothing.
    async fn disabled_at(&self) -> Option<DateTime> {
        self.profile.account.disabled_at.map(DateTime)
    }

    /// Why.
    async fn disabled_reason(&self) -> Option<&str> {
        self.profile.account.disabled_reason.as_deref()
    }

    /// The roles.
    async fn roles(&self, ctx: &Context<'_>) -> Vec<HeldRole> {
        let reference = &Reading::of(ctx).reference;
        let held = self.profile.roles.iter().map(|held| HeldRole {
            role: held.role.into(),
            site: held.site().and_then(|id| reference.sites.get(id)).cloned().map(Site),
            unit: held.unit().and_then(|id| reference.units.get(id)).cloned().map(Unit),
        });
        held.collect()
    }
}

#[Object]
impl PeopleQuery {
    /// One's own account; none for a token that belongs to no account. Needs a token of a sign-in.
    async fn me(&self, ctx: &Context<'_>) -> Option<async_graphql::Result<Account>> {
        own(Reading::of(ctx)).await.map_err(Into::into).transpose()
    }
}

#[Object]
impl PeopleMutation {
    /// Ends every sign-in of one's own account and refuses its access tokens from now on, this one's included. Needs a token.
    async fn sign_out_everywhere(&self, ctx: &Context<'_>) -> Result<SignOutPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::OwnAccount>()?;
        let ended = commands::sign_out_everywhere(reading.app.store(), &permit, reading.now).await?;
        Ok(SignOutPayload { ended })
    }

    /// Changes one's own password and ends every sign-in. Needs a token, and the present password.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The present password.")] current: String,
        #[graphql(desc = "12 to 128 characters, none of those that are tried first.")] new: String,
    ) -> Result<AccountPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::OwnAccount>()?;
        let words = (current.as_str(), new.as_str(), reading.client);
        let changed =
            commands::change_password(reading.app.store(), reading.accounts()?, &permit, words, reading.now).await;
        AccountPayload::of(reading, permit.actor(), changed).await
    }
}

impl Account {
    /// For its owner, and for those who have just been let to manage it.
    pub(crate) const fn of_manager(profile: Profile) -> Self {
        Self { profile, shows_name: true }
    }
}

impl AccountPayload {
    /// What is to be mended.
    pub(crate) const fn refused(errors: Vec<UserError>) -> Self {
        Self { account: None, errors }
    }

    /// The account as it is after the write.
    pub(crate) async fn of(
        reading: &Reading,
        id: ActorId,
        outcome: Result<(), lienthong_app::Error>,
    ) -> Result<Self, ApiError> {
        match outcome {
            Ok(()) => {
                let found = queries::accounts::find(reading.app.store(), id).await?;
                Ok(Self { account: found.map(Account::of_manager), errors: Vec::new() })
            }
            Err(error) => Ok(Self { account: None, errors: mendable(error)? }),
        }
    }
}

async fn own(reading: &Reading) -> Result<Option<Account>, ApiError> {
    let permit = reading.permit::<act::OwnAccount>()?;
    Ok(queries::accounts::find(reading.app.store(), permit.actor()).await?.map(Account::of_manager))
}
