//! The root of all reads.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Interface, Object};
use chrono::NaiveDate;

use lienthong_app::Error;
use lienthong_app::queries::articles::{self, ArticleFilter, ArticleKey};
use lienthong_app::queries::internal;
use lienthong_app::queries::procedures::{self, ProcedureFilter};
use lienthong_app::queries::{self, Bodies, Order, PageRequest};
use lienthong_domain::access::act;
use lienthong_domain::ids::{AgencyId, CategoryId, EntryId, SeriesId, SiteId, TopicId, UnitId};
use lienthong_domain::language::LanguageTag;
use lienthong_domain::procedure::LocalisedCode;
use lienthong_domain::registry;
use lienthong_domain::time::Period;

use crate::error::ApiError;
use crate::graphql::agency::Agency;
use crate::graphql::article::{Article, ArticleKind};
use crate::graphql::category::Category;
use crate::graphql::connection::{
    AgencyConnection, ArticleConnection, ArticlePage, Connection, SiteConnection, TopicConnection, UnitConnection,
};
use crate::graphql::entry::Entry;
use crate::graphql::internal::{InternalArticle, InternalArticleConnection};
use crate::graphql::procedure::{
    AdministrativeProcedure, AdministrativeProcedureConnection, ProcedureLevel, ProcedurePage,
};
use crate::graphql::report::{ArticleReport, FourEyesException, SiteReadinessReport, UnmappedCategories};
use crate::graphql::scalar::{Date, DateTime};
use crate::graphql::series::Series;
use crate::graphql::site::Site;
use crate::graphql::topic::Topic;
use crate::graphql::unit::Unit;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;
use crate::view::ListNames;

/// What is published, and what offices read of it.
pub(crate) struct Query;

/// Anything with a global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Global id."))]
pub(crate) enum Node {
    AdministrativeProcedure(AdministrativeProcedure),
    Agency(Agency),
    Article(Article),
    Category(Category),
    Series(Series),
    Site(Site),
    Topic(Topic),
    Unit(Unit),
}

/// By which time a list is ordered, latest first.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "Order")]
pub(crate) enum ArticleOrder {
    /// Start of the current run in public.
    Published,
    /// Last major change.
    Updated,
}

#[Object(name = "ContentQuery")]
impl Query {
    /// A unit by code, slug or id. A bare code means the unit of `asOf`, by default today's: codes were reused in
    /// 2025.
    async fn unit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Official code (2, 3 or 5 digits), slug or id.")] code: String,
        #[graphql(desc = "The day on which the code is read.")] as_of: Option<Date>,
    ) -> Option<Unit> {
        let reading = Reading::of(ctx);
        let day = as_of.map_or_else(|| reading.now.local_day(), |date| date.0);
        unit(reading, &code, day).map(Unit)
    }

    /// The units without a unit above them, in Vietnamese order: today's provinces, and former units whose parent is not
    /// known.
    #[expect(clippy::unused_async, reason = "the engine gives owned arguments to what it awaits")]
    async fn units(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only units that existed on this day; by default today.")] as_of: Option<Date>,
        #[graphql(desc = "So many from the start, 1 to 100; 20 by default.")] first: Option<u32>,
        #[graphql(desc = "Cursor after which to go on.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<u32>,
        #[graphql(desc = "Cursor before which to stop.")] before: Option<String>,
    ) -> Result<UnitConnection, ApiError> {
        let reading = Reading::of(ctx);
        let request = PageRequest { first, last, after, before };
        Connection::registered(reading, reading.named().roots(as_of.map(|date| date.0)), &request, Unit)
    }

    /// An agency by its identifier in either spelling, or by id.
    async fn agency(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "`H56.1.2`, `000.02.01.H56` or id.")] identifier: String,
    ) -> Option<Agency> {
        Reading::of(ctx).named().agency(&identifier).cloned().map(Agency)
    }

    /// The agencies of a unit and of all units below it, or all of them, in the Vietnamese order of their names.
    #[expect(clippy::unused_async, reason = "the engine gives owned arguments to what it awaits")]
    async fn agencies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A unit by code, slug or id; its whole subtree.")] unit: Option<String>,
        #[graphql(desc = "So many from the start, 1 to 100; 20 by default.")] first: Option<u32>,
        #[graphql(desc = "Cursor after which to go on.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<u32>,
        #[graphql(desc = "Cursor before which to stop.")] before: Option<String>,
    ) -> Result<AgencyConnection, ApiError> {
        let reading = Reading::of(ctx);
        let request = PageRequest { first, last, after, before };
        Connection::registered(reading, reading.named().agencies(unit.as_deref())?, &request, Agency)
    }

    /// A site by id or host.
    async fn site(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host name.")] host: Option<String>,
        #[graphql(desc = "Id.")] id: Option<ID>,
    ) -> Option<async_graphql::Result<Site>> {
        match (host, id.map(|id| id.0)) {
            (Some(name), None) | (None, Some(name)) => Reading::of(ctx).named().site(&name).cloned().map(Site).map(Ok),
            _ => Some(Err(ApiError::from(Error::bad_request("host", "give either host or id")).into())),
        }
    }

    /// The sites below a unit, or all of them, in the Vietnamese order of their names.
    #[expect(clippy::unused_async, reason = "the engine gives owned arguments to what it awaits")]
    async fn sites(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A unit by code, slug or id; its whole subtree.")] unit: Option<String>,
        #[graphql(desc = "So many from the start, 1 to 100; 20 by default.")] first: Option<u32>,
        #[graphql(desc = "Cursor after which to go on.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<u32>,
        #[graphql(desc = "Cursor before which to stop.")] before: Option<String>,
    ) -> Result<SiteConnection, ApiError> {
        let reading = Reading::of(ctx);
        let request = PageRequest { first, last, after, before };
        Connection::registered(reading, reading.named().sites(unit.as_deref())?, &request, Site)
    }

    /// A category by id, or by its site and slug.
    async fn category(&self, ctx: &Context<'_>, #[graphql(desc = "Id, or `host/slug`.")] id: ID) -> Option<Category> {
        Reading::of(ctx).named().category(&id).cloned().map(Category)
    }

    /// A series of a site by its slug.
    async fn series(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of the site.")] site: String,
        #[graphql(desc = "Slug of the series.")] slug: String,
    ) -> Option<Series> {
        let reading = Reading::of(ctx);
        let site = reading.named().site(&site)?.id;
        reading.reference.series.by_slug(site, &slug).cloned().map(Series)
    }

    /// A topic of the disclosure catalogue by code or id.
    async fn topic(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code such as `tt.tin`, or id.")] code: String,
    ) -> Option<Topic> {
        Reading::of(ctx).named().topic(&code).cloned().map(Topic)
    }

    /// The disclosure catalogue in the order of codes: the national topics, and the own topics of provinces.
    #[expect(clippy::unused_async, reason = "the engine gives owned arguments to what it awaits")]
    async fn topics(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only topics that exist on the sites of this unit: code, slug or id.")] unit: Option<String>,
        #[graphql(desc = "So many from the start, 1 to 100; 20 by default.")] first: Option<u32>,
        #[graphql(desc = "Cursor after which to go on.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<u32>,
        #[graphql(desc = "Cursor before which to stop.")] before: Option<String>,
    ) -> Result<TopicConnection, ApiError> {
        let reading = Reading::of(ctx);
        let request = PageRequest { first, last, after, before };
        Connection::registered(reading, reading.named().topics(unit.as_deref())?, &request, Topic)
    }

    /// One article, by id or by site and slug. An article that was withdrawn answers with the error code `GONE`.
    async fn article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id.")] id: Option<ID>,
        #[graphql(desc = "Host or id of the site; goes with `slug`.")] site: Option<String>,
        #[graphql(desc = "Address on the site; goes with `site`.")] slug: Option<String>,
    ) -> Option<async_graphql::Result<Article>> {
        let reading = Reading::of(ctx);
        let key = match (id, site, slug) {
            (Some(id), None, None) => ArticleKey::Id(article_id(&id)?),
            (None, Some(site), Some(slug)) => ArticleKey::Slug(reading.named().site(&site)?.id, slug),
            _ => return Some(Err(ApiError::from(Error::bad_request("id", "give an id, or a site and a slug")).into())),
        };
        article(reading, &key).await.map_err(Into::into).transpose()
    }

    /// A list of articles, latest first. It takes at most one place (`site`, `unit` with all units below, `category` with
    /// all categories below, or `series`) and at most one subject (`topic` or `tag`). With `text` it holds only what
    /// meets the search, in the same order; while the index is being built, it answers with the code `SEARCH_NOT_READY`.
    /// With several conditions at once (a kind and a topic, say) a page looks at 4,000 entries at most: it may then hold fewer
    /// than were asked for, or none, while `pageInfo` says that the list goes on. `text` costs 20 points more, `kind` and
    /// `language` 10 each, `topic` and `tag` 5.
    #[expect(
        clippy::too_many_arguments,
        reason = "they are the arguments of the field, flat so that clients read well"
    )]
    async fn articles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of a site.")] site: Option<String>,
        #[graphql(desc = "Code, slug or id of a unit.")] unit: Option<String>,
        #[graphql(desc = "Id of a category, or `host/slug`.")] category: Option<String>,
        #[graphql(desc = "Id of a series, or `host/slug`.")] series: Option<String>,
        #[graphql(default = false, desc = "The unit or category itself, without what lies below.")] exact: bool,
        #[graphql(desc = "Code or id of a topic.")] topic: Option<String>,
        #[graphql(desc = "A tag; marks and case do not matter.")] tag: Option<String>,
        #[graphql(desc = "Only articles in which all these words occur, at most 16; marks do not matter.")]
        text: Option<String>,
        #[graphql(desc = "Only this form of journalism.")] kind: Option<ArticleKind>,
        #[graphql(desc = "Only this language, a BCP 47 tag.")] language: Option<String>,
        #[graphql(desc = "Not earlier than this, by the time of the order.")] from: Option<DateTime>,
        #[graphql(desc = "Earlier than this.")] to: Option<DateTime>,
        #[graphql(default_with = "ArticleOrder::Published", desc = "The order.")] order_by: ArticleOrder,
        #[graphql(desc = "So many from the start, 1 to 100; 20 by default.")] first: Option<u32>,
        #[graphql(desc = "Cursor after which to go on.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<u32>,
        #[graphql(desc = "Cursor before which to stop.")] before: Option<String>,
    ) -> Result<ArticleConnection, ApiError> {
        let reading = Reading::of(ctx);
        let [site, unit, category, series, topic, tag] =
            [&site, &unit, &category, &series, &topic, &tag].map(Option::as_deref);
        let filter = ArticleFilter {
            exact,
            text,
            kind: kind.map(Into::into),
            language: language.as_deref().map(language_tag).transpose()?,
            from: from.map(|time| time.0),
            to: to.map(|time| time.0),
            order: order_by.into(),
            ..reading.named().list(ListNames { site, unit, category, series, topic, tag })?
        };
        let request = PageRequest { first, last, after, before };
        let read = (bodies_looked_at(ctx), &*reading.tags);
        let page = articles::page(&reading.app, &filter, &request, read, reading.now).await?;
        Ok(Connection(ArticlePage { page, filter }))
    }

    /// One administrative procedure by its national code.
    async fn procedure(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "National code, `d.dddddd`, with or without the suffix of an agency.")] code: String,
    ) -> Option<async_graphql::Result<AdministrativeProcedure>> {
        let reading = Reading::of(ctx);
        let code = code.parse::<LocalisedCode>().ok()?.code;
        let find = async {
            let found = procedures::by_code(&reading.app, &code, &reading.tags, reading.now).await?;
            found.map(|header| AdministrativeProcedure::of(&header, None)).transpose()
        };
        find.await.map_err(Into::into).transpose()
    }

    /// A list of administrative procedures in force. "Offered at" a unit means: the unit exists today, and the national
    /// record names its level, which `offeredBasis` says of each. A unit that has ended offers nothing and is refused, with
    /// the units that took it over in the reason.
    #[expect(
        clippy::too_many_arguments,
        reason = "they are the arguments of the field, flat so that clients read well"
    )]
    async fn procedures(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code, slug or id of a unit of today at which they are offered.")] offered_at: Option<String>,
        #[graphql(desc = "Only this level.")] level: Option<ProcedureLevel>,
        #[graphql(desc = "Only this field (lĩnh vực); marks and case do not matter.")] field: Option<String>,
        #[graphql(desc = "So many from the start, 1 to 100; 20 by default.")] first: Option<u32>,
        #[graphql(desc = "Cursor after which to go on.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<u32>,
        #[graphql(desc = "Cursor before which to stop.")] before: Option<String>,
    ) -> Result<AdministrativeProcedureConnection, ApiError> {
        let reading = Reading::of(ctx);
        let unit = offered_at.map(|name| reading.named().required_unit("offeredAt", &name)).transpose()?;
        let filter = ProcedureFilter { level: level.map(Into::into), field, offered_at: unit.map(|unit| unit.id) };
        let request = PageRequest { first, last, after, before };
        let tags = (Bodies::With, &*reading.tags);
        let page = procedures::page(&reading.app, &filter, &request, tags, reading.now).await?;
        Ok(Connection(ProcedurePage { page, filter }))
    }

    /// Articles by site, as district offices attach the table to letters: public now, own and reposted alike, by first
    /// publication in Vietnamese days, both ends included. Needs the right to read reports on the sites.
    async fn article_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code, slug or id of the unit; the sites of its whole subtree.")] unit: String,
        #[graphql(desc = "First day.")] from: Date,
        #[graphql(desc = "Last day, included.")] to: Date,
    ) -> Result<ArticleReport, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ReadReport>()?;
        let unit = reading.named().required_unit("unit", &unit)?.id;
        let period = Period::new(from.0, to.0).map_err(|error| Error::bad_request("to", error.to_string()))?;
        Ok(ArticleReport(queries::report::articles(&reading.app, &permit, (unit, period), reading.now).await?))
    }

    /// The categories that map to no topic, of the running sites of a unit and of the units below it. Needs the right to
    /// read reports on the sites.
    #[expect(clippy::unused_async, reason = "the engine gives owned arguments to what it awaits")]
    async fn unmapped_categories(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code, slug or id of the unit; the sites of its whole subtree.")] unit: String,
    ) -> Result<UnmappedCategories, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ReadReport>()?;
        let unit = reading.named().required_unit("unit", &unit)?.id;
        let found = queries::report::unmapped_categories(&reading.app, &permit, unit, reading.now)?;
        Ok(UnmappedCategories(found))
    }

    /// What was decided before they go live for the sites of a unit and of the units below it. Needs the right to read
    /// reports on the sites.
    async fn site_readiness(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code, slug or id of the unit; the sites of its whole subtree.")] unit: String,
    ) -> Result<SiteReadinessReport, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ReadReport>()?;
        let unit = reading.named().required_unit("unit", &unit)?.id;
        Ok(SiteReadinessReport(queries::report::readiness(&reading.app, &permit, unit, reading.now).await?))
    }

    /// The sites of a unit and of the units below it where whoever wrote a text may also approve it, the oldest exception
    /// first. Needs the right to read reports on the sites.
    async fn four_eyes_exceptions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Code, slug or id of the unit; the sites of its whole subtree.")] unit: String,
    ) -> Result<Vec<FourEyesException>, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ReadReport>()?;
        let unit = reading.named().required_unit("unit", &unit)?.id;
        let found = queries::report::four_eyes_exceptions(&reading.app, &permit, unit).await?;
        Ok(found.into_iter().map(FourEyesException).collect())
    }

    /// The articles that are published internally, latest first, on the sites where the token may read them: those of one
    /// site, of a unit with all units below, or all. Needs the right to read what is internal.
    #[expect(
        clippy::too_many_arguments,
        reason = "they are the arguments of the field, flat so that clients read well"
    )]
    async fn internal_articles(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of a site.")] site: Option<String>,
        #[graphql(desc = "Code, slug or id of a unit.")] unit: Option<String>,
        #[graphql(desc = "So many from the start, 1 to 100; 20 by default.")] first: Option<u32>,
        #[graphql(desc = "Cursor after which to go on.")] after: Option<String>,
        #[graphql(desc = "So many from the end, 1 to 100.")] last: Option<u32>,
        #[graphql(desc = "Cursor before which to stop.")] before: Option<String>,
    ) -> Result<InternalArticleConnection, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ReadInternal>()?;
        let place = reading.named().internal_place(site.as_deref(), unit.as_deref())?;
        let request = PageRequest { first, last, after, before };
        let page = internal::page(&reading.app, &permit, (place, &request), bodies_looked_at(ctx)).await?;
        Ok(InternalArticleConnection(page))
    }

    /// One article that is published internally. Needs the right to read what is internal on its site.
    async fn internal_article(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
    ) -> Result<InternalArticle, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit::<act::ReadInternal>()?;
        let id = article_id(&id).ok_or(Error::NotFound("article"))?;
        Ok(InternalArticle::new(internal::detail(&reading.app, &permit, id).await?, reading))
    }

    /// Anything by its global id.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global id.")] id: ID,
    ) -> Option<async_graphql::Result<Node>> {
        node(Reading::of(ctx), GlobalId::parse(&id)?).await.map_err(Into::into).transpose()
    }

    /// An entry as its editors see it, drafts included. Needs a token and the right to read drafts on its site, or to create
    /// there for one's own text.
    async fn entry(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the article.")] id: ID,
    ) -> Result<Entry, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit_or_own::<act::ReadDraft>()?;
        let id = article_id(&id).ok_or(Error::NotFound("article"))?;
        Ok(Entry(queries::entries::find(&reading.app, &permit, id).await?))
    }
}

async fn node(reading: &Reading, id: GlobalId) -> Result<Option<Node>, ApiError> {
    let reference = &reading.reference;
    Ok(match id.kind {
        // People are no public nodes, and libraries are for those who write.
        NodeType::Account | NodeType::ApiToken | NodeType::Media => None,
        NodeType::Agency => {
            reference.agencies.get(AgencyId::from_uuid(id.uuid)).cloned().map(|it| Node::Agency(Agency(it)))
        }
        NodeType::Article => {
            let key = ArticleKey::Id(EntryId::from_uuid(id.uuid));
            article(reading, &key).await?.map(Node::Article)
        }
        NodeType::Category => {
            reference.categories.get(CategoryId::from_uuid(id.uuid)).cloned().map(|it| Node::Category(Category(it)))
        }
        NodeType::Series => {
            reference.series.get(SeriesId::from_uuid(id.uuid)).cloned().map(|it| Node::Series(Series(it)))
        }
        NodeType::Site => reference.sites.get(SiteId::from_uuid(id.uuid)).cloned().map(|it| Node::Site(Site(it))),
        NodeType::Topic => reference.topics.get(TopicId::from_uuid(id.uuid)).cloned().map(|it| Node::Topic(Topic(it))),
        NodeType::Unit => reference.units.get(UnitId::from_uuid(id.uuid)).cloned().map(|it| Node::Unit(Unit(it))),
        NodeType::Procedure => {
            let id = EntryId::from_uuid(id.uuid);
            let found = procedures::by_id(&reading.app, id, &reading.tags, reading.now).await?;
            found.map(|it| AdministrativeProcedure::of(&it, None)).transpose()?.map(Node::AdministrativeProcedure)
        }
    })
}

fn unit(reading: &Reading, name: &str, day: NaiveDate) -> Option<Arc<registry::Unit>> {
    crate::view::Named::new(&reading.reference, day).unit(name).cloned()
}

async fn article(reading: &Reading, key: &ArticleKey) -> Result<Option<Article>, ApiError> {
    let found = articles::detail(&reading.app, key, &reading.tags, reading.now).await?;
    Ok(found.map(|header| Article(reading.article(header))))
}

fn article_id(id: &ID) -> Option<EntryId> {
    GlobalId::parse(id).filter(|id| id.kind == NodeType::Article).map(|id| EntryId::from_uuid(id.uuid))
}

fn language_tag(text: &str) -> Result<String, Error> {
    LanguageTag::parse(text).map(String::from).map_err(|error| Error::bad_request("language", error.to_string()))
}

/// Bodies are large: a list reads them only when the query shows them.
fn bodies_looked_at(ctx: &Context<'_>) -> Bodies {
    let looked_at = ctx.look_ahead();
    let read_with_it = ["body", "signature"].into_iter().any(|field| {
        looked_at.field("nodes").field(field).exists() || looked_at.field("edges").field("node").field(field).exists()
    });
    if read_with_it { Bodies::With } else { Bodies::Without }
}
