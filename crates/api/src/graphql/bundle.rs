//! Release bundles: articles that become public together.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use uuid::Uuid;

use lienthong_app::Error;
use lienthong_app::commands::desk::bundles as commands;
use lienthong_app::queries::bundles::{self as queries, BundleView, BundledEntry};
use lienthong_domain::access::act;
use lienthong_domain::bundle::{self, Failure, Problem};
use lienthong_domain::entry::Version;
use lienthong_domain::ids::BundleId;

use crate::error::ApiError;
use crate::graphql::entry::EditionState;
use crate::graphql::mutation::{UserError, entry_id, mendable};
use crate::graphql::scalar::DateTime;
use crate::graphql::site::Site;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;

/// Reads about bundles.
pub(crate) struct BundleQuery;

/// Writes about bundles.
pub(crate) struct BundleMutation;

/// Approved articles of a site that become public in one transaction, or not at all (gói phát hành).
pub(crate) struct Bundle(BundleView);

/// Where a bundle stands.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
pub(crate) enum BundleState {
    /// Being put together.
    Open,
    /// Published by itself at a time that is set.
    Scheduled,
    /// Published; nothing changes in it any more.
    Published,
}

/// An article of a bundle.
#[derive(SimpleObject)]
pub(crate) struct BundledArticle {
    /// Id of the article.
    id: ID,
    /// Address on the site.
    slug: String,
    /// Title.
    title: String,
    /// Its version when it was put in.
    put_in: u32,
    /// Its version now. What has changed since it was put in cannot be published with the bundle.
    version: u32,
    /// Where its open edition stands; none once it is published.
    state: Option<EditionState>,
}

/// Why an article of a bundle cannot be published.
#[derive(SimpleObject)]
pub(crate) struct BundleProblem {
    /// Id of the article.
    id: ID,
    /// Its address on the site.
    slug: String,
    /// Stable code of the rule.
    code: String,
    /// The rule, one English sentence.
    reason: String,
}

/// A publication that did not happen at the time that was set.
#[derive(SimpleObject)]
pub(crate) struct BundleFailure {
    /// When.
    at: DateTime,
    /// What was in its way.
    problems: Vec<BundleProblem>,
}

/// The outcome of a write.
#[derive(SimpleObject)]
pub(crate) struct BundlePayload {
    /// The bundle after the write; none when there are errors.
    bundle: Option<Bundle>,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
    /// With `BUNDLE_REFUSED`: each article that cannot be published, and why.
    problems: Vec<BundleProblem>,
}

/// The outcome of deleting a bundle.
#[derive(SimpleObject)]
pub(crate) struct BundleDeletedPayload {
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

#[Object]
impl Bundle {
    /// Id of the bundle.
    async fn id(&self) -> ID {
        ID(self.0.bundle.id.to_string())
    }

    /// Counts the writes. Every write names the version it was made against.
    async fn version(&self) -> u32 {
        self.0.bundle.version.get()
    }

    /// Its site.
    async fn site(&self, ctx: &Context<'_>) -> Option<Site> {
        Reading::of(ctx).reference.sites.get(self.0.bundle.site).cloned().map(Site)
    }

    /// What the board calls it.
    async fn name(&self) -> &str {
        &self.0.bundle.name
    }

    /// Where it stands.
    async fn state(&self) -> BundleState {
        let bundle::Bundle { publish_at, published_at, .. } = &self.0.bundle;
        match (published_at, publish_at) {
            (Some(_), _) => BundleState::Published,
            (None, Some(_)) => BundleState::Scheduled,
            (None, None) => BundleState::Open,
        }
    }

    /// The articles in it, at most 100.
    async fn articles(&self) -> Vec<BundledArticle> {
        self.0.entries.iter().cloned().map(Into::into).collect()
    }

    /// The time that is set for its publication.
    async fn publish_at(&self) -> Option<DateTime> {
        self.0.bundle.publish_at.map(DateTime)
    }

    /// When it was published.
    async fn published_at(&self) -> Option<DateTime> {
        self.0.bundle.published_at.map(DateTime)
    }

    /// Why it was not published at the time that was set, until it is tried again.
    async fn failure(&self) -> Option<BundleFailure> {
        let Failure { at, problems } = self.0.bundle.failure.clone()?;
        Some(BundleFailure { at: DateTime(at), problems: problems.into_iter().map(Into::into).collect() })
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.bundle.created_at)
    }
}

#[Object]
impl BundleQuery {
    /// A release bundle. Needs the right to read drafts on its site.
    async fn bundle(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the bundle.")] id: ID,
    ) -> Result<Bundle, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ReadDraft>()?;
        Ok(Bundle(queries::find(&reading.app, &permit, bundle_id(&id)?).await?))
    }

    /// The release bundles of a site, latest first. Needs the right to read drafts there.
    async fn bundles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of the site.")] site: String,
        #[graphql(default = 20, desc = "How many, 1 to 100.", validator(minimum = 1, maximum = 100))] first: u32,
        #[graphql(desc = "Only those made before the bundle with this id.")] before: Option<ID>,
    ) -> Result<Vec<Bundle>, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ReadDraft>()?;
        let site = reading.named().site(&site).ok_or(Error::NotFound("site"))?.id;
        let before = before.map(|id| bundle_id(&id)).transpose()?;
        let bundles = queries::of_site(&reading.app, &permit, site, (before, first)).await?;
        Ok(bundles.into_iter().map(Bundle).collect())
    }
}

#[Object]
impl BundleMutation {
    /// Makes an empty release bundle. Needs the right to publish on the site, as everything about bundles does.
    async fn create_bundle(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of the site.")] site: String,
        #[graphql(desc = "What the board calls it: plain text, one line, at most 300 characters.")] name: String,
    ) -> Result<BundlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::Publish>()?;
        let create = async {
            let site = reading.named().site(&site).ok_or(Error::NotFound("site"))?.id;
            commands::create(&reading.app, &permit, (site, &name), reading.now).await
        };
        BundlePayload::of(reading, create.await).await
    }

    /// Puts an approved article of the same site in, as it is now. What is done with the article afterwards keeps the bundle
    /// from being published, until it is put in again. An article waits in one bundle at most.
    async fn add_to_bundle(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the bundle.")] id: ID,
        #[graphql(desc = "The version of the bundle that was read.")] version: u32,
        #[graphql(desc = "Id of the article.")] article: ID,
        #[graphql(desc = "The version of the article that was read.")] article_version: u32,
    ) -> Result<BundlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::Publish>()?;
        let put = async {
            let what = (seen(&id, version)?, (entry_id(&article)?, Version::new(article_version)));
            commands::put(&reading.app, &permit, what, reading.now).await
        };
        BundlePayload::of(reading, put.await).await
    }

    /// Takes an article out of a bundle. It stays as it is.
    async fn remove_from_bundle(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the bundle.")] id: ID,
        #[graphql(desc = "The version of the bundle that was read.")] version: u32,
        #[graphql(desc = "Id of the article.")] article: ID,
    ) -> Result<BundlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::Publish>()?;
        let take_out = async {
            let what = (seen(&id, version)?, entry_id(&article)?);
            commands::take_out(&reading.app, &permit, what, reading.now).await
        };
        BundlePayload::of(reading, take_out.await).await
    }

    /// Publishes all articles of a bundle in one transaction. When one of them cannot be published, none is, and `problems`
    /// names each.
    async fn publish_bundle(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the bundle.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
    ) -> Result<BundlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::Publish>()?;
        let publish = async { commands::publish(&reading.app, &permit, seen(&id, version)?, reading.now).await };
        BundlePayload::of(reading, publish.await).await
    }

    /// Sets the time at which a bundle is published by itself. When one of its articles cannot be published then, none is, and
    /// the bundle says why.
    async fn schedule_bundle(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the bundle.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
        #[graphql(desc = "When; not past.")] at: DateTime,
    ) -> Result<BundlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::Publish>()?;
        let schedule =
            async { commands::schedule(&reading.app, &permit, (seen(&id, version)?, at.0), reading.now).await };
        BundlePayload::of(reading, schedule.await).await
    }

    /// Takes the time of a bundle back.
    async fn unschedule_bundle(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the bundle.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
    ) -> Result<BundlePayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::Publish>()?;
        let unschedule = async { commands::unschedule(&reading.app, &permit, seen(&id, version)?, reading.now).await };
        BundlePayload::of(reading, unschedule.await).await
    }

    /// Deletes a bundle that is neither published nor scheduled. Its articles stay as they are.
    async fn delete_bundle(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the bundle.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
    ) -> Result<BundleDeletedPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::Publish>()?;
        let delete = async { commands::delete(&reading.app, &permit, seen(&id, version)?, reading.now).await };
        Ok(BundleDeletedPayload { errors: delete.await.err().map(mendable).transpose()?.unwrap_or_default() })
    }
}

impl BundlePayload {
    async fn of(reading: &Reading, outcome: Result<bundle::Bundle, Error>) -> Result<Self, ApiError> {
        let error = match outcome {
            Ok(bundle) => {
                let bundle = Some(Bundle(queries::with_entries(&reading.app, bundle).await?));
                return Ok(Self { bundle, errors: Vec::new(), problems: Vec::new() });
            }
            Err(error) => error,
        };
        let problems = match &error {
            Error::BundleRefused(problems) => problems.iter().cloned().map(Into::into).collect(),
            _ => Vec::new(),
        };
        Ok(Self { bundle: None, errors: mendable(error)?, problems })
    }
}

impl From<BundledEntry> for BundledArticle {
    fn from(entry: BundledEntry) -> Self {
        let BundledEntry { bundle: _, entry, slug, title, put_in, current, state } = entry;
        let id = ID(GlobalId::new(NodeType::Article, entry.as_uuid()).to_string());
        Self { id, slug, title, put_in: put_in.get(), version: current.get(), state: state.map(Into::into) }
    }
}

impl From<Problem> for BundleProblem {
    fn from(problem: Problem) -> Self {
        let Problem { entry, slug, code, reason } = problem;
        Self { id: ID(GlobalId::new(NodeType::Article, entry.as_uuid()).to_string()), slug, code, reason }
    }
}

fn bundle_id(id: &ID) -> Result<BundleId, Error> {
    Uuid::try_parse(id).map(BundleId::from_uuid).map_err(|_| Error::NotFound("bundle"))
}

fn seen(id: &ID, version: u32) -> Result<commands::SeenBundle, Error> {
    Ok((bundle_id(id)?, Version::new(version)))
}
