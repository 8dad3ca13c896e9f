//! What handlers and resolvers find in the request: the node, one moment of reference data, and who asks.

use std::net::IpAddr;
use std::sync::Arc;

use async_graphql::Context;
use axum::extract::FromRequestParts;
use http::request::Parts;
use url::Url;

use lienthong_app::accounts::Accounts;
use lienthong_app::library::Library;
use lienthong_app::queries::{LiveHeader, Tags};
use lienthong_app::{App, ErrorCode, Snapshot};
use lienthong_domain::access::{Action, Actor, Operation, OwnOr, Permit};
use lienthong_domain::scope::{ReferenceSet, ScopeKey};
use lienthong_domain::time::Timestamp;

use crate::error::ApiError;
use crate::problem::Problem;
use crate::view::{ArticleView, MediaBase, Named};

/// One request.
#[derive(Clone)]
pub(crate) struct Reading {
    pub(crate) app: Arc<App>,
    /// Read once, so that an answer never mixes two states of the reference data.
    pub(crate) reference: Arc<Snapshot>,
    pub(crate) tags: Arc<Tags>,
    pub(crate) actor: Option<Actor>,
    /// Our own address as the public sees it.
    pub(crate) public_url: Arc<Url>,
    /// Where media are found.
    pub(crate) media: MediaBase,
    /// What takes and gives files, on a node that does.
    pub(crate) library: Option<Arc<Library>>,
    /// Whom limits count, as an address or network.
    pub(crate) client: IpAddr,
    /// What signs people in, on a node that does.
    pub(crate) accounts: Option<Arc<Accounts>>,
    /// Whether the actor has to enrol a second factor before anything else.
    pub(crate) must_enrol: bool,
    pub(crate) now: Timestamp,
}

impl Reading {
    /// The reading of a GraphQL request.
    pub(crate) fn of<'a>(ctx: &Context<'a>) -> &'a Self {
        ctx.data_unchecked::<Self>()
    }

    pub(crate) fn named(&self) -> Named<'_> {
        Named::new(&self.reference, self.now.local_day())
    }

    /// The answer shows names from these sets, or was found by them: it is another one when they change.
    pub(crate) fn depends_on(&self, sets: &[ReferenceSet]) {
        for set in sets {
            self.tags.add(ScopeKey::reference(*set));
        }
    }

    pub(crate) fn article(&self, header: impl Into<Arc<LiveHeader>>) -> ArticleView {
        ArticleView::new(header, self)
    }

    /// What signs people in; a node without it knows no accounts.
    pub(crate) fn accounts(&self) -> Result<&Accounts, ApiError> {
        Ok(self.accounts.as_deref().ok_or(lienthong_app::Error::NotFound("account"))?)
    }

    /// What takes and gives files; a node without it has none.
    pub(crate) fn library(&self) -> Result<&Arc<Library>, ApiError> {
        Ok(self.library.as_ref().ok_or(lienthong_app::Error::NotFound("media"))?)
    }

    /// A permit for `A`: an answer to somebody unknown asks for a token first.
    pub(crate) fn permit<A: Action>(&self) -> Result<Permit<A>, ApiError> {
        let actor = self.actor.as_ref().ok_or(ApiError::Unauthenticated)?;
        if self.must_enrol && A::OPERATION != Operation::OwnAccount {
            return Err(lienthong_app::Error::SecondFactorMissing.into());
        }
        Ok(actor.permit::<A>().map_err(lienthong_app::Error::from)?)
    }

    /// The same, or else for what the actor has written itself.
    pub(crate) fn permit_or_own<A: Action>(&self) -> Result<OwnOr<A>, ApiError> {
        let actor = self.actor.as_ref().ok_or(ApiError::Unauthenticated)?;
        Ok(actor.permit_or_own::<A>().map_err(lienthong_app::Error::from)?)
    }
}

/// Handlers take the reading as an argument; the front door has put it into the request.
impl<S: Sync> FromRequestParts<S> for Reading {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::of(ErrorCode::Internal))
    }
}
