//! Relay connections of articles.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};

use lienthong_app::App;
use lienthong_app::queries::articles::{self, ArticleFilter};
use lienthong_app::queries::internal::InternalPage;
use lienthong_app::queries::{self, LiveHeader, Page};

use crate::error::ApiError;
use crate::graphql::article::Article;
use crate::reading::Reading;

/// Where a page lies in its list.
#[derive(SimpleObject)]
pub(crate) struct PageInfo {
    /// Whether the list goes on after this page.
    has_next_page: bool,
    /// Whether the list has entries before this page.
    has_previous_page: bool,
    /// Cursor of the first entry of the page.
    start_cursor: Option<String>,
    /// Cursor behind which the list goes on: that of the last entry, or further down where entries were passed over.
    end_cursor: Option<String>,
}

impl PageInfo {
    pub(crate) fn of(page: &Page, app: &App) -> Self {
        Self {
            has_next_page: page.has_next,
            has_previous_page: page.has_previous,
            start_cursor: page.start_cursor(app),
            end_cursor: page.end_cursor(app),
        }
    }
}

impl PageInfo {
    pub(crate) fn of_internal(page: &InternalPage, app: &App) -> Self {
        Self {
            has_next_page: page.has_next,
            has_previous_page: page.has_previous,
            start_cursor: page.articles.first().map(|article| page.cursor(app, article)),
            end_cursor: page.articles.last().map(|article| page.cursor(app, article)),
        }
    }
}

/// One article of a page and its place in the list.
#[derive(SimpleObject)]
pub(crate) struct ArticleEdge {
    /// Opaque; goes into `after` or `before` of the same list.
    cursor: String,
    /// The article.
    node: Article,
}

/// A total that is counted only so far.
#[derive(SimpleObject)]
pub(crate) struct TotalCount {
    /// The number counted, at most 10,000.
    value: u32,
    /// Whether there are more than that.
    more: bool,
}

impl From<queries::TotalCount> for TotalCount {
    fn from(count: queries::TotalCount) -> Self {
        let queries::TotalCount { value, more } = count;
        Self { value, more }
    }
}

/// One page of a list of articles.
pub(crate) struct ArticleConnection {
    page: Page,
    filter: ArticleFilter,
}

impl ArticleConnection {
    pub(crate) const fn new(page: Page, filter: ArticleFilter) -> Self {
        Self { page, filter }
    }
}

#[Object]
impl ArticleConnection {
    /// The articles of the page with their cursors.
    async fn edges(&self, ctx: &Context<'_>) -> Vec<ArticleEdge> {
        let reading = Reading::of(ctx);
        let edge = |header: &Arc<LiveHeader>| ArticleEdge {
            cursor: self.page.cursor(&reading.app, header),
            node: Article(reading.article(header.clone())),
        };
        self.page.headers.iter().map(edge).collect()
    }

    /// The articles of the page.
    async fn nodes(&self, ctx: &Context<'_>) -> Vec<Article> {
        let reading = Reading::of(ctx);
        self.page.headers.iter().map(|header| Article(reading.article(header.clone()))).collect()
    }

    /// Where the page lies in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> PageInfo {
        PageInfo::of(&self.page, &Reading::of(ctx).app)
    }

    /// How many articles the list has in all. Costs a statement of its own; counted up to 10,000, and with several conditions
    /// among the latest 10,000 entries of the list, so that `more` says only that there may be more.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<TotalCount, ApiError> {
        let reading = Reading::of(ctx);
        Ok(articles::count(&reading.app, &self.filter, &reading.tags, reading.now).await?.into())
    }
}
