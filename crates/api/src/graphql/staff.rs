//! People as those who manage them see them: invitations, roles, the life of accounts.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};

use lienthong_app::accounts::Rules;
use lienthong_app::commands::accounts::{self as commands, Invitation, Issued, Manager};
use lienthong_app::queries::accounts::{self, Dormancy, Profile, Reach};
use lienthong_app::{Error, queries};
use lienthong_domain::access::{Role as DomainRole, act};
use lienthong_domain::identity::Identity;
use lienthong_domain::ids::{ActorId, SiteId};

use crate::error::ApiError;
use crate::graphql::mutation::{UserError, mendable};
use crate::graphql::people::{Account, AccountPayload};
use crate::graphql::scalar::{Date, DateTime};
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;

/// Reads about other people.
pub(crate) struct StaffQuery;

/// Writes about other people.
pub(crate) struct StaffMutation;

/// What somebody is within a reach of sites.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "DomainRole")]
pub(crate) enum Role {
    /// Trưởng ban biên tập.
    ChiefEditor,
    /// Phó trưởng ban.
    DeputyEditor,
    /// Thư ký ban biên tập.
    Secretary,
    /// Biên tập viên.
    Editor,
    /// Cộng tác viên.
    Contributor,
    /// Cơ quan, đơn vị gửi bài.
    AgencyContributor,
    /// Đầu mối duyệt sơ bộ bài của các cơ quan, đơn vị.
    Intermediary,
    /// Sees who is stale, empty, late.
    OperationsMonitor,
    /// Sees whether the procedures are complete and current.
    ProceduresMonitor,
    /// The province's IT centre.
    ProvincialAdministrator,
    /// Staff of the telecom that runs the service.
    VendorOperator,
}

/// A role and where it is to hold: on a site, in a unit with all below it, or on the whole instance when neither is named.
#[derive(InputObject)]
pub(crate) struct RoleInput {
    /// The role.
    role: Role,
    /// Host or id of a site.
    site: Option<String>,
    /// Code (of today), slug or id of a unit.
    unit: Option<String>,
}

/// Who is invited, as what.
#[derive(InputObject)]
pub(crate) struct InvitationInput {
    /// E-mail address or user name to sign in under.
    name: String,
    /// Full name.
    display_name: String,
    /// The roles, at least one and at most 20.
    roles: Vec<RoleInput>,
}

/// The secret with which somebody chooses a password, at `POST /v1/auth/password`. Shown once.
#[derive(SimpleObject)]
pub(crate) struct PasswordLink {
    /// The secret.
    token: String,
    /// From when on it is refused.
    expires_at: DateTime,
}

/// The outcome of issuing a link.
#[derive(SimpleObject)]
pub(crate) struct PasswordLinkPayload {
    /// The account; none when there are errors.
    account: Option<Account>,
    /// The link, this once; none when there are errors.
    link: Option<PasswordLink>,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

#[Object]
impl StaffQuery {
    /// The accounts with a role that reaches the site, or any site of one's own, by handle. Needs the right to manage
    /// people. The sign-in names of those who also work elsewhere are not shown.
    async fn accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of a site; all of one's own by default.")] site: Option<String>,
    ) -> Result<Vec<Account>, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ManagePeople>()?;
        let site = site.map(|name| site_id(reading, &name)).transpose()?;
        let found = accounts::list(reading.app.store(), &permit, site).await?;
        let shows = |profile: &Profile| accounts::is_own(profile, permit.scope());
        Ok(found.into_iter().map(|profile| Account { shows_name: shows(&profile), profile }).collect())
    }

    /// The accounts of a unit's sites that nobody uses, by handle. Needs the right to read reports on the sites.
    async fn dormant_accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code (of today), slug or id of the unit; the sites of its whole subtree.")] unit: String,
        #[graphql(default = 90, desc = "Not used for so many days.")] unused_days: u16,
        #[graphql(default = 30, desc = "Never used in so many days since it was issued.")] never_used_days: u16,
    ) -> Result<Vec<Account>, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ReadReport>()?;
        let unit = reading.named().required_unit("unit", &unit)?.id;
        let below = reading.reference.sites.below(&reading.reference.units, unit);
        let sites: Vec<SiteId> = below.map(|site| site.id).collect();
        let than = Dormancy { unused: unused_days, never_used: never_used_days };
        let found = accounts::dormant(reading.app.store(), (&permit, &sites), than, reading.now).await?;
        Ok(found.into_iter().map(|profile| Account { shows_name: false, profile }).collect())
    }
}

#[Object]
impl StaffMutation {
    /// Makes an account with its roles and the link by which its owner chooses a password. Needs the right to manage
    /// people, and to give these roles: none above one's own, none beyond one's own reach.
    async fn invite_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, as what.")] input: InvitationInput,
    ) -> Result<PasswordLinkPayload, ApiError> {
        let reading = Reading::of(ctx);
        let manager = manager(reading)?;
        let invite = async {
            let InvitationInput { name, display_name, roles } = input;
            let roles = roles.into_iter().map(|role| role.parse(reading)).collect::<Result<_, _>>()?;
            let new = Invitation { name, display_name, roles };
            commands::invite(reading.app.store(), &manager, (&Rules::default(), &new), reading.now).await
        };
        PasswordLinkPayload::of(reading, invite.await).await
    }

    /// Issues a new link in the place of an earlier one: the invitation again, or a reset for an account that has a
    /// password. Needs the right to manage people, and to give every role of the account.
    async fn issue_password_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the account.")] account: ID,
    ) -> Result<PasswordLinkPayload, ApiError> {
        let reading = Reading::of(ctx);
        let manager = manager(reading)?;
        let issue = async {
            let id = account_id(&account)?;
            commands::reissue(reading.app.store(), &manager, (&Rules::default(), id), reading.now).await
        };
        PasswordLinkPayload::of(reading, issue.await).await
    }

    /// Takes the open link of an account back; an account that was never taken up is disabled with it. Needs the right to
    /// manage people, and to give every role of the account.
    async fn revoke_password_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the account.")] account: ID,
    ) -> Result<AccountPayload, ApiError> {
        let reading = Reading::of(ctx);
        let manager = manager(reading)?;
        let act = async |id| commands::revoke(reading.app.store(), &manager, id, reading.now).await;
        changed(reading, &account, act).await
    }

    /// Refuses everything from an account, from the next request on. Needs the right to manage people, and to give every
    /// role of the account.
    async fn disable_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the account.")] account: ID,
        #[graphql(desc = "Why, in one line of at most 500 characters; the audit keeps it.")] reason: String,
    ) -> Result<AccountPayload, ApiError> {
        let reading = Reading::of(ctx);
        let manager = manager(reading)?;
        let act = async |id| commands::disable(reading.app.store(), &manager, (id, &reason), reading.now).await;
        changed(reading, &account, act).await
    }

    /// Lets a disabled account be used again, with its roles and its password. Needs the right to manage people, and to
    /// give every role of the account.
    async fn enable_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the account.")] account: ID,
    ) -> Result<AccountPayload, ApiError> {
        let reading = Reading::of(ctx);
        let manager = manager(reading)?;
        let act = async |id| commands::enable(reading.app.store(), &manager, id, reading.now).await;
        changed(reading, &account, act).await
    }

    /// Removes the second factor of somebody who has lost it with all recovery codes. Needs the right to manage people, and
    /// to give every role of the account.
    async fn reset_second_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the account.")] account: ID,
    ) -> Result<AccountPayload, ApiError> {
        let reading = Reading::of(ctx);
        let manager = manager(reading)?;
        let act = async |id| commands::reset_second_factor(reading.app.store(), &manager, id, reading.now).await;
        changed(reading, &account, act).await
    }

    /// Notes the day on which the owner of an account was trained. Needs the right to manage people, and to give every
    /// role of the account.
    async fn record_training(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the account.")] account: ID,
        #[graphql(desc = "The day, not in the future; none takes the note out.")] on: Option<Date>,
    ) -> Result<AccountPayload, ApiError> {
        let reading = Reading::of(ctx);
        let manager = manager(reading)?;
        let day = on.map(|day| day.0);
        let act = async |id| commands::set_trained(reading.app.store(), &manager, (id, day), reading.now).await;
        changed(reading, &account, act).await
    }

    /// Links an account to who its owner is at an identity provider, with which one can sign in from then on. Needs the right
    /// to manage people, and to give every role of the account.
    async fn link_identity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the account.")] account: ID,
        #[graphql(desc = "`iss` of the provider, exactly as it writes it.")] issuer: String,
        #[graphql(desc = "`sub` of the owner there; never an e-mail address that can change hands.")] subject: String,
    ) -> Result<AccountPayload, ApiError> {
        let reading = Reading::of(ctx);
        let manager = manager(reading)?;
        let act = async |id| {
            let identity = Identity::parse(&issuer, &subject).map_err(Error::Invalid)?;
            commands::link_identity(reading.app.store(), &manager, (id, &identity), reading.now).await
        };
        changed(reading, &account, act).await
    }

    /// Takes the identity of an account at a provider away, and ends every sign-in of it. Needs the right to manage people,
    /// and to give every role of the account.
    async fn unlink_identity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the account.")] account: ID,
        #[graphql(desc = "`iss` of the provider.")] issuer: String,
    ) -> Result<AccountPayload, ApiError> {
        let reading = Reading::of(ctx);
        let manager = manager(reading)?;
        let act = async |id| commands::unlink_identity(reading.app.store(), &manager, (id, &issuer), reading.now).await;
        changed(reading, &account, act).await
    }

    /// Gives a role to somebody who has an account. Needs the right to manage people, and to give this role.
    async fn grant_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the account.")] account: ID,
        #[graphql(desc = "The role.")] role: RoleInput,
    ) -> Result<AccountPayload, ApiError> {
        let reading = Reading::of(ctx);
        let manager = manager(reading)?;
        let act = async |id| {
            let (role, reach) = role.parse(reading)?;
            commands::grant(reading.app.store(), &manager, (id, role, reach), reading.now).await
        };
        changed(reading, &account, act).await
    }

    /// Takes a role back. Needs the right to manage people, and to give this role.
    async fn revoke_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the account.")] account: ID,
        #[graphql(desc = "The role, with the reach in which it was given.")] role: RoleInput,
    ) -> Result<AccountPayload, ApiError> {
        let reading = Reading::of(ctx);
        let manager = manager(reading)?;
        let act = async |id| {
            let (role, reach) = role.parse(reading)?;
            commands::take_back(reading.app.store(), &manager, (id, role, reach), reading.now).await
        };
        changed(reading, &account, act).await
    }
}

impl RoleInput {
    fn parse(&self, reading: &Reading) -> Result<(DomainRole, Reach), Error> {
        let Self { role, site, unit } = self;
        let reach = match (site, unit) {
            (Some(_), Some(_)) => return Err(Error::bad_request("role", "name a site or a unit, not both")),
            (Some(site), None) => Reach::Site(site_id(reading, site)?),
            (None, Some(unit)) => Reach::Unit(reading.named().unit(unit).ok_or(Error::NotFound("unit"))?.id),
            (None, None) => Reach::Instance,
        };
        Ok(((*role).into(), reach))
    }
}

impl PasswordLinkPayload {
    async fn of(reading: &Reading, outcome: Result<Issued, Error>) -> Result<Self, ApiError> {
        match outcome {
            Ok(Issued { account, token, expires_at }) => {
                let found = queries::accounts::find(reading.app.store(), account).await?;
                let link = PasswordLink { token: token.to_string(), expires_at: DateTime(expires_at) };
                Ok(Self { account: found.map(Account::of_manager), link: Some(link), errors: Vec::new() })
            }
            Err(error) => Ok(Self { account: None, link: None, errors: mendable(error)? }),
        }
    }
}

pub(super) fn manager(reading: &Reading) -> Result<Manager, ApiError> {
    let actor = reading.actor.as_ref().ok_or(ApiError::Unauthenticated)?;
    reading.permit::<act::ManagePeople>()?;
    Ok(Manager::of(actor).map_err(Error::from)?)
}

pub(super) fn account_id(id: &ID) -> Result<ActorId, Error> {
    let id = GlobalId::parse(id).filter(|id| id.kind == NodeType::Account).ok_or(Error::NotFound("account"))?;
    Ok(ActorId::from_uuid(id.uuid))
}

fn site_id(reading: &Reading, name: &str) -> Result<SiteId, Error> {
    Ok(reading.named().site(name).ok_or(Error::NotFound("site"))?.id)
}

/// Does something to an account and shows what became of it.
async fn changed(
    reading: &Reading,
    account: &ID,
    act: impl AsyncFnOnce(ActorId) -> Result<(), Error>,
) -> Result<AccountPayload, ApiError> {
    match account_id(account) {
        Ok(id) => AccountPayload::of(reading, id, act(id).await).await,
        Err(error) => Ok(AccountPayload::refused(mendable(error)?)),
    }
}
