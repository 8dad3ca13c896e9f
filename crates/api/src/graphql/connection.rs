//! Relay connections. All lists that go by pages have this one form.

use std::borrow::Cow;
use std::future::{Future, ready};
use std::sync::Arc;

use async_graphql::{Context, Object, OutputType, SimpleObject, TypeName};

use lienthong_app::queries::articles::{self, ArticleFilter};
use lienthong_app::queries::{self, LiveHeader, Page, PageRequest, Paged, Register, RegisterPage};
use lienthong_app::{App, Listed};
use lienthong_domain::{registry, series};

use crate::error::ApiError;
use crate::graphql::agency::Agency;
use crate::graphql::article::Article;
use crate::graphql::series::Series;
use crate::graphql::site::Site;
use crate::graphql::topic::Topic;
use crate::graphql::unit::Unit;
use crate::reading::Reading;

/// A page with what is shown of its items.
pub(crate) trait Shown: Send + Sync {
    type Page: Paged;
    type Node: OutputType;

    fn page(&self) -> &Self::Page;

    fn node(&self, reading: &Reading, item: &<Self::Page as Paged>::Item) -> Result<Self::Node, ApiError>;
}

/// A page of a list that is counted on demand.
pub(crate) trait Counted: Shown {
    fn total(&self, reading: &Reading) -> impl Future<Output = Result<queries::TotalCount, ApiError>> + Send;
}

/// One page of a list that is counted on demand.
pub(crate) struct Connection<S>(pub(crate) S);

/// One entry of a page and its place in the list.
#[derive(SimpleObject)]
#[graphql(name_type)]
pub(crate) struct Edge<N: OutputType> {
    /// Opaque; goes into `after` or `before` of the same list.
    cursor: String,
    /// The entry.
    node: N,
}

/// Where a page lies in its list.
#[derive(SimpleObject)]
pub(crate) struct PageInfo {
    /// Whether the list goes on after this page.
    has_next_page: bool,
    /// Whether the list has entries before this page.
    has_previous_page: bool,
    /// Cursor before which the list goes on: that of the first entry, or further up where entries were passed over.
    start_cursor: Option<String>,
    /// Cursor behind which the list goes on: that of the last entry, or further down where entries were passed over.
    end_cursor: Option<String>,
}

/// A total that is counted only so far.
#[derive(SimpleObject)]
pub(crate) struct TotalCount {
    /// The number counted, at most 10,000.
    value: u32,
    /// Whether there are more than that, or may be: with several conditions only 10,000 entries are looked at.
    more: bool,
}

/// One page of a list of articles.
pub(crate) struct ArticlePage {
    pub(crate) page: Page,
    pub(crate) filter: ArticleFilter,
}

/// One page of a list of reference data, with what makes a node of each item.
pub(crate) struct Registered<T, N> {
    page: RegisterPage<T>,
    node: fn(Arc<T>) -> N,
}

pub(crate) type ArticleConnection = Connection<ArticlePage>;
pub(crate) type AgencyConnection = Connection<Registered<registry::Agency, Agency>>;
pub(crate) type SeriesConnection = Connection<Registered<series::Series, Series>>;
pub(crate) type SiteConnection = Connection<Registered<registry::Site, Site>>;
pub(crate) type TopicConnection = Connection<Registered<registry::Topic, Topic>>;
pub(crate) type UnitConnection = Connection<Registered<registry::Unit, Unit>>;

/// One page of a list.
#[Object(name_type)]
impl<S: Counted> Connection<S> {
    /// The entries of the page with their cursors.
    fn edges(&self, ctx: &Context<'_>) -> Result<Vec<Edge<S::Node>>, ApiError> {
        edges(&self.0, Reading::of(ctx))
    }

    /// The entries of the page.
    fn nodes(&self, ctx: &Context<'_>) -> Result<Vec<S::Node>, ApiError> {
        nodes(&self.0, Reading::of(ctx))
    }

    /// Where the page lies in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        PageInfo::of(self.0.page(), &Reading::of(ctx).app)
    }

    /// How many entries the list has in all, counted up to 10,000. Costs a statement of its own where the list lies in the
    /// database. With several conditions it counts among the latest 10,000 entries of the list; `more` then says that there may
    /// be more.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<TotalCount, ApiError> {
        Ok(self.0.total(Reading::of(ctx)).await?.into())
    }
}

impl<S: Counted> TypeName for Connection<S> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Connection", <S::Node as OutputType>::type_name()).into()
    }
}

impl<N: OutputType> TypeName for Edge<N> {
    fn type_name() -> Cow<'static, str> {
        format!("{}Edge", <N as OutputType>::type_name()).into()
    }
}

/// The items of a page with their cursors.
pub(crate) fn edges<S: Shown>(of: &S, reading: &Reading) -> Result<Vec<Edge<S::Node>>, ApiError> {
    let page = of.page();
    let edge = |item| Ok(Edge { cursor: page.cursor_of(&reading.app, item), node: of.node(reading, item)? });
    page.items().iter().map(edge).collect()
}

/// The items of a page.
pub(crate) fn nodes<S: Shown>(of: &S, reading: &Reading) -> Result<Vec<S::Node>, ApiError> {
    of.page().items().iter().map(|item| of.node(reading, item)).collect()
}

impl PageInfo {
    pub(crate) fn of(page: &impl Paged, app: &App) -> Self {
        let [start_cursor, end_cursor] = page.ends(app);
        Self { has_next_page: page.has_next(), has_previous_page: page.has_previous(), start_cursor, end_cursor }
    }
}

impl From<queries::TotalCount> for TotalCount {
    fn from(count: queries::TotalCount) -> Self {
        let queries::TotalCount { value, more } = count;
        Self { value, more }
    }
}

impl Shown for ArticlePage {
    type Page = Page;
    type Node = Article;

    fn page(&self) -> &Page {
        &self.page
    }

    fn node(&self, reading: &Reading, item: &Arc<LiveHeader>) -> Result<Article, ApiError> {
        Ok(Article(reading.article(Arc::clone(item))))
    }
}

impl Counted for ArticlePage {
    async fn total(&self, reading: &Reading) -> Result<queries::TotalCount, ApiError> {
        Ok(articles::count(&reading.app, &self.filter, &reading.tags, reading.now).await?)
    }
}

impl<T: Listed, N> Connection<Registered<T, N>> {
    /// The page of a list of reference data that is asked for; `node` makes a node of each item.
    pub(crate) fn registered(
        reading: &Reading,
        register: Register<'_, T>,
        request: &PageRequest,
        node: fn(Arc<T>) -> N,
    ) -> Result<Self, ApiError> {
        let page = register.page(&reading.app, &reading.reference, request)?;
        Ok(Self(Registered { page, node }))
    }
}

impl<T: Listed + Send + Sync, N: OutputType> Shown for Registered<T, N> {
    type Page = RegisterPage<T>;
    type Node = N;

    fn page(&self) -> &RegisterPage<T> {
        &self.page
    }

    fn node(&self, _: &Reading, item: &Arc<T>) -> Result<N, ApiError> {
        Ok((self.node)(Arc::clone(item)))
    }
}

impl<T: Listed + Send + Sync, N: OutputType> Counted for Registered<T, N> {
    fn total(&self, _: &Reading) -> impl Future<Output = Result<queries::TotalCount, ApiError>> + Send {
        ready(Ok(self.page.total))
    }
}
