//! Permits: proof, by type, that an actor was allowed an action, and within which sites.

use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;
use std::net::IpAddr;
use std::sync::Arc;

use super::role::{Operation, Role};
use crate::ids::{ActorId, SiteId};

/// The sites within which something holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SiteScope {
    /// Every site of the instance, those to come included.
    Everywhere,
    /// These sites.
    Sites(Arc<BTreeSet<SiteId>>),
}

impl SiteScope {
    /// Exactly `sites`.
    pub fn of(sites: impl IntoIterator<Item = SiteId>) -> Self {
        Self::Sites(Arc::new(sites.into_iter().collect()))
    }

    /// Whether `site` lies within.
    pub fn contains(&self, site: SiteId) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Sites(sites) => sites.contains(&site),
        }
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Sites(sites) if sites.is_empty())
    }

    fn intersection(self, other: &Self) -> Self {
        match (self, other) {
            (Self::Sites(mine), other) => Self::of(mine.iter().copied().filter(|site| other.contains(*site))),
            (Self::Everywhere, other) => other.clone(),
        }
    }

    fn union(self, other: &Self) -> Self {
        match (self, other) {
            (Self::Sites(mine), Self::Sites(theirs)) => Self::of(mine.iter().chain(theirs.iter()).copied()),
            _ => Self::Everywhere,
        }
    }
}

/// Who does something, and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By {
    /// Who.
    pub actor: ActorId,
    /// The address of the request; none at the command line, and for what happens by itself.
    pub from: Option<IpAddr>,
}

impl From<ActorId> for By {
    fn from(actor: ActorId) -> Self {
        Self { actor, from: None }
    }
}

/// A role held within a reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// What the actor is there.
    pub role: Role,
    /// Where.
    pub scope: SiteScope,
}

/// What a token for a program leaves of its owner's rights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// No other operations.
    pub operations: BTreeSet<Operation>,
    /// No other sites.
    pub scope: SiteScope,
}

/// Somebody known to the system, with what they hold at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    by: By,
    access: Access,
    limits: Option<Limits>,
}

/// Where an actor's permissions come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// The roles in the database.
    Grants(Vec<Grant>),
    /// The person at the machine's own command line, who could as well open the database file.
    Operator,
}

/// The actor may not do that anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this account may not {operation}")]
pub struct Denied {
    /// What was asked for.
    pub operation: Operation,
}

/// The actions as types: a command names the one it needs, and no other permit fits.
pub mod act {
    use super::{Action, Operation};

    macro_rules! actions {
        ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy)]
            pub enum $name {}
            impl super::sealed::Sealed for $name {}
            impl Action for $name {
                const OPERATION: Operation = Operation::$name;
            }
        )+};
    }

    actions! {
        /// See [`Operation::ReadDraft`].
        ReadDraft,
        /// See [`Operation::ReadInternal`].
        ReadInternal,
        /// See [`Operation::Create`].
        Create,
        /// See [`Operation::Edit`].
        Edit,
        /// See [`Operation::Comment`].
        Comment,
        /// See [`Operation::Submit`].
        Submit,
        /// See [`Operation::Screen`].
        Screen,
        /// See [`Operation::Return`].
        Return,
        /// See [`Operation::Approve`].
        Approve,
        /// See [`Operation::Publish`].
        Publish,
        /// See [`Operation::Withdraw`].
        Withdraw,
        /// See [`Operation::TakeDown`].
        TakeDown,
        /// See [`Operation::Quarantine`].
        Quarantine,
        /// See [`Operation::ReleaseHold`].
        ReleaseHold,
        /// See [`Operation::Discard`].
        Discard,
        /// See [`Operation::SharePreview`].
        SharePreview,
        /// See [`Operation::RecordException`].
        RecordException,
        /// See [`Operation::ReadAudit`].
        ReadAudit,
        /// See [`Operation::ReadReport`].
        ReadReport,
        /// See [`Operation::ImportContent`].
        ImportContent,
        /// See [`Operation::ManageRegistry`].
        ManageRegistry,
        /// See [`Operation::ImportProcedures`].
        ImportProcedures,
        /// See [`Operation::ManageAccess`].
        ManageAccess,
        /// See [`Operation::ManageSeries`].
        ManageSeries,
        /// See [`Operation::RecordDecision`].
        RecordDecision,
        /// See [`Operation::RecordRoyalties`].
        RecordRoyalties,
        /// See [`Operation::SetRoyaltyRates`].
        SetRoyaltyRates,
        /// See [`Operation::ReadRoyalties`].
        ReadRoyalties,
        /// See [`Operation::OwnAccount`].
        OwnAccount,
        /// See [`Operation::ManagePeople`].
        ManagePeople,
        /// See [`Operation::ManageKeys`].
        ManageKeys,
    }
}

mod sealed {
    pub trait Sealed {}
}

/// An action that a permit can be for. Closed: only the types of [`act`].
pub trait Action: sealed::Sealed {
    /// The cell of the role table.
    const OPERATION: Operation;
}

/// Proof that an actor may do `A` within a scope. Nothing outside this module can make one:
///
/// ```compile_fail
/// use lienthong_domain::access::{Permit, act};
/// fn forge(permit: Permit<act::Create>) -> Permit<act::Publish> {
///     permit
/// }
/// ```
///
/// ```compile_fail
/// use lienthong_domain::access::{Permit, SiteScope, act};
/// let forged: Permit<act::Publish> = Permit { scope: SiteScope::Everywhere, operator: true };
/// ```
pub struct Permit<A: Action> {
    by: By,
    scope: SiteScope,
    operator: bool,
    action: PhantomData<fn() -> A>,
}

impl<A: Action> Permit<A> {
    /// Who was permitted.
    pub const fn actor(&self) -> ActorId {
        self.by.actor
    }

    /// Who was permitted, and where the request comes from.
    pub const fn by(&self) -> By {
        self.by
    }

    /// Where.
    pub const fn scope(&self) -> &SiteScope {
        &self.scope
    }

    /// Whether it is the operator's at the command line, to whom the rule of four eyes does not apply.
    pub const fn is_operator(&self) -> bool {
        self.operator
    }
}

/// Proof that an actor may do `A` within a scope, or, where it may only create, to what it has written itself.
#[derive(Debug, Clone)]
pub struct OwnOr<A: Action> {
    by: By,
    any: Option<Permit<A>>,
    own: Option<Permit<act::Create>>,
}

impl<A: Action> OwnOr<A> {
    /// Who was permitted.
    pub const fn actor(&self) -> ActorId {
        self.by.actor
    }

    /// Who was permitted, and where the request comes from.
    pub const fn by(&self) -> By {
        self.by
    }

    /// Every site in which something may be permitted. [`OwnOr::reaches`] tells of an entry there.
    pub fn scope(&self) -> SiteScope {
        let scopes = [self.any.as_ref().map(Permit::scope), self.own.as_ref().map(Permit::scope)];
        scopes.into_iter().flatten().fold(SiteScope::of([]), SiteScope::union)
    }

    /// Where it holds for everybody's.
    pub fn any(&self) -> SiteScope {
        self.any.as_ref().map_or_else(|| SiteScope::of([]), |permit| permit.scope().clone())
    }

    /// Where it holds for one's own.
    pub fn own(&self) -> SiteScope {
        self.own.as_ref().map_or_else(|| SiteScope::of([]), |permit| permit.scope().clone())
    }

    /// Whether it holds for something on `site` whose writers include the actor or not.
    pub fn reaches(&self, site: SiteId, is_own: bool) -> bool {
        let within = |scope: &SiteScope| scope.contains(site);
        self.any.as_ref().is_some_and(|permit| within(permit.scope()))
            || (is_own && self.own.as_ref().is_some_and(|permit| within(permit.scope())))
    }
}

impl<A: Action> Clone for Permit<A> {
    fn clone(&self) -> Self {
        Self { by: self.by, scope: self.scope.clone(), operator: self.operator, action: PhantomData }
    }
}

impl<A: Action> fmt::Debug for Permit<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permit({}, {}, {:?})", A::OPERATION, self.by.actor, self.scope)
    }
}

impl Actor {
    /// An actor with the roles the database holds for it now.
    pub const fn with_grants(id: ActorId, grants: Vec<Grant>) -> Self {
        Self { by: By { actor: id, from: None }, access: Access::Grants(grants), limits: None }
    }

    /// The operator at the command line: every permission, under a name that the audit shows.
    pub const fn operator(id: ActorId) -> Self {
        Self { by: By { actor: id, from: None }, access: Access::Operator, limits: None }
    }

    /// The same actor, asking from this address.
    #[must_use]
    pub fn asking_from(mut self, address: IpAddr) -> Self {
        self.by.from = Some(address);
        self
    }

    /// The same actor within limits: at each moment what it may itself, and no more than these.
    #[must_use]
    pub fn limited(self, limits: Limits) -> Self {
        Self { limits: Some(limits), ..self }
    }

    /// Whether it holds a role of which an operator can demand a second factor.
    pub fn is_sensitive(&self) -> bool {
        matches!(&self.access, Access::Grants(grants) if grants.iter().any(|grant| grant.role.is_sensitive()))
    }

    /// The actor's id.
    pub const fn id(&self) -> ActorId {
        self.by.actor
    }

    /// Where the permissions come from.
    pub const fn access(&self) -> &Access {
        &self.access
    }

    /// A permit for `A`, for all sites where one of the actor's roles allows it.
    ///
    /// # Errors
    /// [`Denied`] when that is nowhere. One's own account is on no site and needs no role.
    pub fn permit<A: Action>(&self) -> Result<Permit<A>, Denied> {
        let denied = || Denied { operation: A::OPERATION };
        if self.limits.as_ref().is_some_and(|limits| !limits.operations.contains(&A::OPERATION)) {
            return Err(denied());
        }
        if A::OPERATION == Operation::OwnAccount {
            return Ok(Permit { by: self.by, scope: SiteScope::of([]), operator: false, action: PhantomData });
        }
        let scope = match &self.access {
            Access::Operator => SiteScope::Everywhere,
            Access::Grants(grants) => grants
                .iter()
                .filter(|grant| grant.role.allows(A::OPERATION))
                .fold(SiteScope::of([]), |scope, grant| scope.union(&grant.scope)),
        };
        let scope = match &self.limits {
            Some(limits) => scope.intersection(&limits.scope),
            None => scope,
        };
        if scope.is_empty() {
            return Err(denied());
        }
        let operator = matches!(self.access, Access::Operator);
        Ok(Permit { by: self.by, scope, operator, action: PhantomData })
    }

    /// A permit for `A` where one of the actor's roles allows it, and for what it has written itself where it may create.
    ///
    /// # Errors
    /// [`Denied`] when that is nowhere.
    pub fn permit_or_own<A: Action>(&self) -> Result<OwnOr<A>, Denied> {
        let (any, own) = (self.permit::<A>().ok(), self.permit::<act::Create>().ok());
        if any.is_none() && own.is_none() {
            return Err(Denied { operation: A::OPERATION });
        }
        Ok(OwnOr { by: self.by, any, own })
    }
}

/// From where content is looked at: as everybody, or as somebody who may see drafts.
#[derive(Debug, Clone)]
pub enum Perspective {
    /// Only what is live.
    Public,
    /// Drafts too, within the permit's sites.
    Draft(Permit<act::ReadDraft>),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    fn actor(grants: Vec<Grant>) -> Actor {
        Actor::with_grants(ActorId::new(Timestamp::default()), grants)
    }

    #[test]
    fn a_permit_reaches_all_sites_of_the_roles_that_allow_it_and_no_others() {
        let [own, other, edited] = [1, 2, 3].map(|n| SiteId::new(Timestamp::from_micros(n)));
        let actor = actor(vec![
            Grant { role: Role::ChiefEditor, scope: SiteScope::of([own]) },
            Grant { role: Role::DeputyEditor, scope: SiteScope::of([other]) },
            Grant { role: Role::Editor, scope: SiteScope::of([edited]) },
        ]);
        let publish = actor.permit::<act::Publish>().unwrap();
        assert_eq!(publish.scope(), &SiteScope::of([own, other]));
        let edit = actor.permit::<act::Edit>().unwrap();
        assert_eq!(edit.scope(), &SiteScope::of([own, other, edited]));
    }

    #[test]
    fn without_a_role_or_with_an_empty_reach_everything_is_denied() {
        assert!(actor(vec![]).permit::<act::Create>().is_err());
        let nowhere = Grant { role: Role::ChiefEditor, scope: SiteScope::of([]) };
        let denied = actor(vec![nowhere]).permit::<act::Publish>().unwrap_err();
        assert_eq!(denied.to_string(), "this account may not publish");
    }

    #[test]
    fn limits_take_away_and_never_add() {
        let [own, other] = [1, 2].map(|n| SiteId::new(Timestamp::from_micros(n)));
        let chief = Grant { role: Role::ChiefEditor, scope: SiteScope::of([own]) };
        let limited = |operations: &[Operation], scope: SiteScope| {
            actor(vec![chief.clone()]).limited(Limits { operations: operations.iter().copied().collect(), scope })
        };
        let token = limited(&[Operation::Publish, Operation::ManageRegistry], SiteScope::Everywhere);
        assert_eq!(token.permit::<act::Publish>().unwrap().scope(), &SiteScope::of([own]));
        assert!(token.permit::<act::Edit>().is_err() && token.permit::<act::ManageRegistry>().is_err());
        assert!(token.permit::<act::OwnAccount>().is_err());
        let token = limited(&[Operation::Publish], SiteScope::of([other]));
        assert!(token.permit::<act::Publish>().is_err());
        let token = limited(&[Operation::Publish], SiteScope::of([own, other]));
        assert_eq!(token.permit::<act::Publish>().unwrap().scope(), &SiteScope::of([own]));
    }

    #[test]
    fn everywhere_absorbs_single_sites() {
        let site = SiteId::new(Timestamp::default());
        let actor = actor(vec![
            Grant { role: Role::ChiefEditor, scope: SiteScope::of([site]) },
            Grant { role: Role::ChiefEditor, scope: SiteScope::Everywhere },
        ]);
        assert_eq!(actor.permit::<act::Publish>().unwrap().scope(), &SiteScope::Everywhere);
    }
}
