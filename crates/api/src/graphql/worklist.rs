//! The work list of an editorial desk, and who has done what.

use async_graphql::{Context, ID, Object, SimpleObject};

use lienthong_app::Error;
use lienthong_app::queries::desk::{self, ActsOn};
use lienthong_domain::access::act;
use lienthong_domain::entry::EditionState as DomainState;

use crate::error::ApiError;
use crate::graphql::entry::EditionState;
use crate::graphql::mutation::entry_id;
use crate::graphql::scalar::DateTime;
use crate::graphql::site::Site;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;

/// What those at work on a site read besides the articles themselves.
pub(crate) struct Worklist;

/// An article on its way to the public.
pub(crate) struct DeskEntry(desk::DeskEntry);

/// One page of the work list, the latest begun first.
#[derive(SimpleObject)]
pub(crate) struct DeskPage {
    /// The articles of the page.
    nodes: Vec<DeskEntry>,
    /// Whether the list goes on after them.
    has_next_page: bool,
    /// Cursor of the last of them.
    end_cursor: Option<String>,
}

/// An act, as it was recorded when it was done.
pub(crate) struct Act(desk::NamedAct);

#[Object]
impl DeskEntry {
    /// Id of the article.
    async fn id(&self) -> ID {
        ID(GlobalId::new(NodeType::Article, self.0.entry.as_uuid()).to_string())
    }

    /// Its site.
    async fn site(&self, ctx: &Context<'_>) -> Option<Site> {
        Reading::of(ctx).reference.sites.get(self.0.site).cloned().map(Site)
    }

    /// Address on the site.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Counts the writes. Every write names the version it was made against.
    async fn version(&self) -> u32 {
        self.0.version.get()
    }

    /// Number of the open edition.
    async fn number(&self) -> u32 {
        self.0.number
    }

    /// Where that edition stands.
    async fn state(&self) -> EditionState {
        self.0.state.into()
    }

    /// Its title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Whether an intermediary has to look through it first.
    async fn needs_screening(&self) -> bool {
        self.0.needs_screening
    }

    /// Whether the scanner has found something in it that nobody has let pass yet, or the article is under quarantine.
    async fn is_held(&self) -> bool {
        self.0.is_held
    }

    /// The time that is set for its publication.
    async fn publish_at(&self) -> Option<DateTime> {
        self.0.publish_at.map(DateTime)
    }

    /// When the edition was begun.
    async fn begun_at(&self) -> DateTime {
        DateTime(self.0.begun_at)
    }

    /// Whether an earlier edition is published.
    async fn is_published(&self) -> bool {
        self.0.is_public
    }
}

#[Object]
impl Act {
    /// Opaque; goes into `before` of the same trail.
    async fn id(&self) -> ID {
        ID(self.0.act.leaf.to_string())
    }

    /// Who: the short name of the account, or its id; `schedule` for what happened by itself at a time.
    async fn actor(&self) -> String {
        if self.0.act.actor == lienthong_domain::ids::ActorId::SCHEDULE {
            return "schedule".to_owned();
        }
        self.0.handle.clone().unwrap_or_else(|| self.0.act.actor.to_string())
    }

    /// What: an operation of the role table, such as `approve`.
    async fn operation(&self) -> &str {
        &self.0.act.operation
    }

    /// On which site.
    async fn site(&self, ctx: &Context<'_>) -> Option<Site> {
        Reading::of(ctx).reference.sites.get(self.0.act.site?).cloned().map(Site)
    }

    /// On which article.
    async fn entry(&self) -> Option<ID> {
        self.0.act.entry.map(|id| ID(GlobalId::new(NodeType::Article, id.as_uuid()).to_string()))
    }

    /// What it was about: a slug, a file name, a role.
    async fn note(&self) -> &str {
        &self.0.act.note
    }

    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.act.at)
    }

    /// The address of the request; none at the command line, and for what happens by itself.
    async fn address(&self) -> Option<&str> {
        self.0.act.address.as_deref()
    }

    /// Place in the log of acts, from 0: `/v1/log/proof` proves it.
    async fn leaf(&self) -> String {
        self.0.act.leaf.to_string()
    }

    /// What it was about beside an article: `actor:…`, `site:…`, `bundle:…`, `quarantine:…`, `units` and so on.
    async fn matter(&self) -> Option<&str> {
        self.0.act.matter.as_deref()
    }

    /// SHA-256 of the rows of the article, or of the matter, that the act came upon, in hexadecimal; none where there were
    /// none. docs/proof.md says which rows.
    async fn rows_before(&self) -> Option<String> {
        self.0.act.rows_before.map(|digest| desk::hex(&digest))
    }

    /// SHA-256 of the rows that it left, in hexadecimal.
    async fn rows_after(&self) -> Option<String> {
        self.0.act.rows_after.map(|digest| desk::hex(&digest))
    }

    /// SHA-256 of what the edition said when the act came upon it, in hexadecimal; none of one that it made.
    async fn digest_before(&self) -> Option<String> {
        self.0.act.before.map(|digest| desk::hex(&digest))
    }

    /// SHA-256 of what the edition said afterwards, in hexadecimal.
    async fn digest_after(&self) -> Option<String> {
        self.0.act.after.map(|digest| desk::hex(&digest))
    }
}

#[Object]
impl Worklist {
    /// The articles on their way to the public, the latest begun first: on one site, or on all sites of the token. Needs
    /// the right to read drafts, or to create for one's own texts.
    async fn desk(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of a site.")] site: Option<String>,
        #[graphql(desc = "Only those whose open edition stands here; all open states by default.")] states: Option<
            Vec<EditionState>,
        >,
        #[graphql(desc = "How many, 1 to 100; 20 by default.")] first: Option<u32>,
        #[graphql(desc = "Cursor after which to go on.")] after: Option<String>,
    ) -> Result<DeskPage, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit_or_own::<act::ReadDraft>()?;
        let site = site.map(|name| reading.named().site(&name).map(|site| site.id).ok_or(Error::NotFound("site")));
        let states: Vec<DomainState> = match states {
            Some(states) => states.into_iter().map(Into::into).collect(),
            None => DomainState::ALL.into(),
        };
        let page = desk::page(&reading.app, &permit, (site.transpose()?, &states), (first, after)).await?;
        let desk::DeskPage { entries, has_next, end } = page;
        Ok(DeskPage { nodes: entries.into_iter().map(DeskEntry).collect(), has_next_page: has_next, end_cursor: end })
    }

    /// Who has done what with an article, or on a site and everything on it, latest first. Needs the right to read the audit
    /// there.
    async fn audit_trail(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of a site.")] site: Option<String>,
        #[graphql(desc = "Id of an article.")] article: Option<ID>,
        #[graphql(default = 50, desc = "How many, 1 to 100.", validator(minimum = 1, maximum = 100))] first: u32,
        #[graphql(desc = "Only acts before this one.")] before: Option<ID>,
    ) -> Result<Vec<Act>, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ReadAudit>()?;
        let on = match (site, article) {
            (None, Some(id)) => ActsOn::Entry(entry_id(&id)?),
            (Some(name), None) => ActsOn::Site(reading.named().site(&name).ok_or(Error::NotFound("site"))?.id),
            (None, None) => ActsOn::Everything,
            (Some(_), Some(_)) => {
                return Err(Error::bad_request("article", "site and article exclude each other").into());
            }
        };
        let before = before.map(|id| id.parse::<u64>().map_err(|_| Error::InvalidCursor)).transpose()?;
        let acts = desk::trail(&reading.app, &permit, on, (before, first)).await?;
        Ok(acts.into_iter().map(Act).collect())
    }
}
