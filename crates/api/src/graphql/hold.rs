//! What is kept from the public until a second person has looked.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};

use lienthong_app::Error;
use lienthong_app::commands::accounts::disable;
use lienthong_app::commands::holds as commands;
use lienthong_app::queries::holds::{self as queries, Within};
use lienthong_domain::access::act;
use lienthong_domain::entry::Version;
use lienthong_domain::hold::{self, HoldCause as DomainCause, Target};
use lienthong_domain::ids::{ActorId, HoldId, QuarantineId};
use lienthong_domain::registry;
use uuid::Uuid;

use crate::error::ApiError;
use crate::graphql::mutation::{ArticlePayload, UserError, entry_id, mendable};
use crate::graphql::scalar::DateTime;
use crate::graphql::site::Site;
use crate::graphql::staff::{account_id, manager};
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;

/// Reads about what is held.
pub(crate) struct HoldQuery;

/// Writes about what is held.
pub(crate) struct HoldMutation;

/// Why something does not become public.
pub(crate) struct Hold(pub(crate) hold::Hold);

/// A hold that nobody has ended, with what it holds.
pub(crate) struct OpenHold(queries::OpenHold);

/// One act of taking much out of the public at once.
pub(crate) struct Quarantine(hold::Quarantine);

/// When a site was scanned last for injected advertising.
pub(crate) struct SiteScan((Arc<registry::Site>, Option<queries::SiteScan>));

/// What made a hold.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "DomainCause")]
pub(crate) enum HoldCause {
    /// The scanner has found something, or the text leads to a host that its site has never led to, or its author writes
    /// unusually much.
    Scan,
    /// Somebody was about to publish or to remove unusually much.
    Pace,
    /// Somebody has put the article under quarantine.
    Quarantine,
}

/// Something that the scanner has found in a text.
#[derive(SimpleObject)]
pub(crate) struct Finding {
    /// The field, such as `cover.alt`.
    field: String,
    /// The rule, such as `hidden.link`; stable.
    rule: String,
    /// What the rule looks for, in Vietnamese.
    message_vi: String,
    /// What was found, at most 120 characters.
    found: String,
}

/// The outcome of a quarantine.
#[derive(SimpleObject)]
pub(crate) struct QuarantinePayload {
    /// Id of the quarantine, by which it is released; none when there are errors.
    quarantine: Option<ID>,
    /// How many articles were taken away.
    articles: u64,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

/// The outcome of the release of a quarantine.
#[derive(SimpleObject)]
pub(crate) struct ReleasePayload {
    /// How many articles are shown again.
    articles: u64,
    /// Whether nothing of the quarantine is left: what the token does not reach, and what the releaser has written, stays.
    is_complete: bool,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

impl From<hold::Finding> for Finding {
    fn from(finding: hold::Finding) -> Self {
        let hold::Finding { field, rule, message, found } = finding;
        Self { field, rule, message_vi: message, found }
    }
}

#[Object]
impl Hold {
    /// Opaque; goes into `before` of the same list.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// What made it.
    async fn cause(&self) -> HoldCause {
        self.0.cause.into()
    }

    /// What was found; nothing for a quarantine.
    async fn findings(&self) -> Vec<Finding> {
        self.0.findings.iter().cloned().map(Into::into).collect()
    }

    /// The quarantine it belongs to.
    async fn quarantine(&self) -> Option<ID> {
        self.0.quarantine.map(|id| ID(id.to_string()))
    }

    /// Since when.
    async fn since(&self) -> DateTime {
        DateTime(self.0.raised_at)
    }

    /// When it ended.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.release.as_ref().map(|release| DateTime(release.at))
    }

    /// Why somebody ended it; none while it lasts, and when the text was mended.
    async fn reason(&self) -> Option<&str> {
        self.0.release.as_ref()?.reason.as_ref().map(lienthong_domain::entry::RemarkText::as_str)
    }
}

#[Object]
impl OpenHold {
    /// The hold.
    async fn hold(&self) -> Hold {
        Hold(self.0.hold.clone())
    }

    /// Id of the article.
    async fn article(&self) -> ID {
        ID(GlobalId::new(NodeType::Article, self.0.hold.entry.as_uuid()).to_string())
    }

    /// Its site.
    async fn site(&self, ctx: &Context<'_>) -> Option<Site> {
        Reading::of(ctx).reference.sites.get(self.0.hold.site).cloned().map(Site)
    }

    /// Its address on the site.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Title of the edition that is held.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Whether the public sees the article now.
    async fn is_public(&self) -> bool {
        self.0.is_public
    }
}

#[Object]
impl Quarantine {
    /// Goes into `releaseQuarantine`.
    async fn id(&self) -> ID {
        ID(self.0.id.to_string())
    }

    /// The article, when it is one of an article.
    async fn article(&self) -> Option<ID> {
        let Target::Entry(entry) = self.0.target else { return None };
        Some(ID(GlobalId::new(NodeType::Article, entry.as_uuid()).to_string()))
    }

    /// The site, when it is one of a site.
    async fn site(&self, ctx: &Context<'_>) -> Option<Site> {
        let Target::Site(site) = self.0.target else { return None };
        Reading::of(ctx).reference.sites.get(site).cloned().map(Site)
    }

    /// The account, when it is one of everything that an account has touched.
    async fn account(&self) -> Option<ID> {
        let Target::Account { account, .. } = self.0.target else { return None };
        Some(ID(GlobalId::new(NodeType::Account, account.as_uuid()).to_string()))
    }

    /// Why.
    async fn reason(&self) -> &str {
        self.0.reason.as_str()
    }

    /// Since when.
    async fn since(&self) -> DateTime {
        DateTime(self.0.raised_at)
    }

    /// When it ended.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.release.as_ref().map(|release| DateTime(release.at))
    }
}

#[Object]
impl SiteScan {
    /// The site.
    async fn site(&self) -> Site {
        Site(self.0.0.clone())
    }

    /// When everything that is public there was looked at last; none when it never was.
    async fn finished_at(&self) -> Option<DateTime> {
        self.0.1.as_ref()?.finished_at.map(DateTime)
    }

    /// Version of the rules by which.
    async fn rules(&self) -> Option<u32> {
        self.0.1.as_ref().filter(|scan| scan.finished_at.is_some()).map(|scan| scan.rules)
    }

    /// Articles that were looked at.
    async fn articles(&self) -> u32 {
        self.0.1.as_ref().map_or(0, |scan| scan.entries)
    }

    /// Articles in which something was found that nobody has let pass.
    async fn held(&self) -> u32 {
        self.0.1.as_ref().map_or(0, |scan| scan.held)
    }
}

#[Object]
impl HoldQuery {
    /// What is held now, latest first: on a site, in a unit with all below it, or on all sites of the token. Needs the right
    /// to read the audit there.
    async fn holds(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of a site.")] site: Option<String>,
        #[graphql(desc = "Code (of today), slug or id of a unit.")] unit: Option<String>,
        #[graphql(default = 50, desc = "How many, 1 to 100.", validator(minimum = 1, maximum = 100))] first: u32,
        #[graphql(desc = "Only holds before this one.")] before: Option<ID>,
    ) -> Result<Vec<OpenHold>, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ReadAudit>()?;
        let within = match (site, unit) {
            (Some(name), None) => Within::Site(reading.named().site(&name).ok_or(Error::NotFound("site"))?.id),
            (None, Some(name)) => Within::Unit(reading.named().unit(&name).ok_or(Error::NotFound("unit"))?.id),
            (None, None) => Within::Permit,
            (Some(_), Some(_)) => return Err(Error::bad_request("unit", "site and unit exclude each other").into()),
        };
        let before = before.map(|id| uuid(&id)).transpose()?.map(HoldId::from_uuid);
        let held = queries::open(&reading.app, &permit, within, (before, first)).await?;
        Ok(held.into_iter().map(OpenHold).collect())
    }

    /// The last quarantines of which something lies on a site, or on the sites of the token, latest first. Needs the right
    /// to read the audit there.
    async fn quarantines(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of a site.")] site: Option<String>,
        #[graphql(default = 50, desc = "How many, 1 to 100.", validator(minimum = 1, maximum = 100))] first: u32,
    ) -> Result<Vec<Quarantine>, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ReadAudit>()?;
        let site = site.map(|name| reading.named().site(&name).map(|site| site.id).ok_or(Error::NotFound("site")));
        let found = queries::quarantines(&reading.app, &permit, site.transpose()?, u64::from(first)).await?;
        Ok(found.into_iter().map(Quarantine).collect())
    }

    /// When the sites of a unit and of the units below it were scanned last for injected advertising. Needs the right to
    /// read reports.
    async fn site_scans(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code (of today), slug or id of the unit.")] unit: String,
    ) -> Result<Vec<SiteScan>, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ReadReport>()?;
        let unit = reading.named().unit(&unit).ok_or(Error::NotFound("unit"))?.id;
        let scans = queries::scans(&reading.app, &permit, unit).await?;
        Ok(scans.into_iter().map(SiteScan).collect())
    }
}

#[Object]
impl HoldMutation {
    /// Takes an article, everything that is public on a site, or everything an account has touched, away from everybody.
    /// Their addresses answer 410 until somebody else releases them; on a site under quarantine nothing becomes public.
    /// Needs the right to put under quarantine on the sites; what lies beyond them stays.
    #[expect(clippy::too_many_arguments, reason = "each is an argument of the mutation")]
    async fn quarantine(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of an article.")] article: Option<ID>,
        #[graphql(desc = "Host or id of a site.")] site: Option<String>,
        #[graphql(desc = "Id of an account.")] account: Option<ID>,
        #[graphql(desc = "Only what the account has touched from then on.")] since: Option<DateTime>,
        #[graphql(default = false, desc = "Also disables the account; needs the right to manage it.")]
        disable_account: bool,
        #[graphql(desc = "Why; at most 2,000 characters.")] reason: String,
    ) -> Result<QuarantinePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::Quarantine>()?;
        let manager = disable_account.then(|| manager(reading)).transpose()?;
        let quarantine = async {
            let target = target(reading, (article, site, account), since.map(|since| since.0))?;
            if let (Target::Account { account, .. }, Some(manager)) = (target, manager) {
                // First of all, so that it cannot go on.
                disable(reading.app.store(), &manager, (account, reason.as_str()), reading.now).await?;
            }
            commands::quarantine(&reading.app, &permit, (target, &reason), reading.now).await
        };
        Ok(match quarantine.await {
            Ok(commands::Quarantined { id, articles }) => {
                QuarantinePayload { quarantine: Some(ID(id.to_string())), articles, errors: Vec::new() }
            }
            Err(error) => QuarantinePayload { quarantine: None, articles: 0, errors: mendable(error)? },
        })
    }

    /// Ends a quarantine: its articles are shown again under the dates they had. Never by whoever has raised it. Needs the
    /// right to release on their sites.
    async fn release_quarantine(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the quarantine.")] id: ID,
        #[graphql(desc = "Why; at most 2,000 characters.")] reason: String,
    ) -> Result<ReleasePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ReleaseHold>()?;
        let release = async {
            let id = uuid(&id).map(QuarantineId::from_uuid).map_err(|_| Error::NotFound("quarantine"))?;
            commands::release_quarantine(&reading.app, &permit, (id, &reason), reading.now).await
        };
        Ok(match release.await {
            Ok(commands::Released { articles, is_complete }) => {
                ReleasePayload { articles, is_complete, errors: Vec::new() }
            }
            Err(error) => ReleasePayload { articles: 0, is_complete: false, errors: mendable(error)? },
        })
    }

    /// Lets pass what the scanner has found in an article, and ends a quarantine of it. Never by whoever has written on it
    /// or raised the hold. Needs the right to release on the site.
    async fn release_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
        #[graphql(desc = "Why; at most 2,000 characters.")] reason: String,
    ) -> Result<ArticlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ReleaseHold>()?;
        let release = async {
            let seen = (entry_id(&id)?, Version::new(version));
            commands::release(&reading.app, &permit, (seen, &reason), reading.now).await
        };
        ArticlePayload::of_entry(release.await)
    }
}

/// The one thing that is named.
fn target(
    reading: &Reading,
    named: (Option<ID>, Option<String>, Option<ID>),
    since: Option<lienthong_domain::time::Timestamp>,
) -> Result<Target, Error> {
    match named {
        (Some(article), None, None) => Ok(Target::Entry(entry_id(&article)?)),
        (None, Some(site), None) => Ok(Target::Site(reading.named().site(&site).ok_or(Error::NotFound("site"))?.id)),
        (None, None, Some(account)) => {
            let account: ActorId = account_id(&account)?;
            Ok(Target::Account { account, since })
        }
        _ => Err(Error::bad_request("article", "name one of article, site and account")),
    }
}

fn uuid(id: &ID) -> Result<Uuid, Error> {
    Uuid::try_parse(id).map_err(|_| Error::InvalidCursor)
}
