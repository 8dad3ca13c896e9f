//! Published articles.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::Uri;
use lienthong_app::Error;
use lienthong_app::queries::articles::{self, ArticleKey};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::link;
use crate::rest::list_parameters::ListParameters;
use crate::rest::model::{Article, ArticleList, PageInfo, RelatedArticles, Total};
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::{ArticleProblem, SearchProblem};
use crate::rest::query::Parameters;
use crate::view::article_id;

/// Other articles of the same category.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RelatedParameters {
    /// How many.
    #[serde(default = "five")]
    #[param(required = false, minimum = 1, maximum = 20, default = 5)]
    first: u32,
}

/// A list of articles (danh sách tin, bài), latest first.
///
/// It takes at most one place (`site`, `unit` with all units below, `category` with all categories below, or `series`)
/// and at most one subject (`topic` or `tag`). With `q` it holds only what meets the search, in the same order.
#[utoipa::path(
    get,
    path = "/v1/articles",
    operation_id = "listArticles",
    tag = "articles",
    params(ListParameters),
    responses(
        (status = 200, description = "One page of the list.", body = ArticleList,
            headers(("Link" = String, description = "Next, previous and first page (RFC 8288)."))),
        SearchProblem,
    ),
)]
pub(super) async fn list(
    reading: Reading,
    uri: Uri,
    Parameters(parameters): Parameters<ListParameters>,
) -> Result<Response, Problem> {
    let (filter, request) = (parameters.filter(&reading)?, parameters.page());
    let shown = (parameters.bodies(), &*reading.tags);
    let page =
        articles::page(&reading.app, &filter, &request, shown, reading.now).await.map_err(ListParameters::renamed)?;
    let total = if parameters.counts() {
        Some(articles::count(&reading.app, &filter, &reading.tags, reading.now).await?)
    } else {
        None
    };
    let info = PageInfo::of(&reading.app, &page);
    let links = link::pages(&uri, request.size()?.0, &info);
    let data = page.headers.into_iter().map(|header| reading.article(header).into()).collect();
    Ok((links, Json(ArticleList { data, page: info, total: total.map(Total::from) })).into_response())
}

/// One article (một tin, bài) with its body.
#[utoipa::path(
    get,
    path = "/v1/articles/{id}",
    operation_id = "getArticle",
    tag = "articles",
    params(("id" = String, Path, description = "Id of the article.")),
    responses((status = 200, description = "The article.", body = Article), ArticleProblem),
)]
pub(super) async fn detail(reading: Reading, PathOf(id): PathOf<String>) -> Result<Json<Article>, Problem> {
    let key = article_id(&id).map(ArticleKey::Id).ok_or_else(|| not_found("article"))?;
    found(&reading, &key).await
}

/// One article with its body, by its address (theo địa chỉ).
#[utoipa::path(
    get,
    path = "/v1/sites/{site}/articles/{slug}",
    operation_id = "getArticleByAddress",
    tag = "articles",
    params(
        ("site" = String, Path, description = "Host or id of the site.", example = "xuanhai.nghixuan.hatinh.gov.vn"),
        ("slug" = String, Path, description = "Address on the site.", example = "lich-tiep-cong-dan-thang-7"),
    ),
    responses((status = 200, description = "The article.", body = Article), ArticleProblem),
)]
pub(super) async fn detail_by_address(
    reading: Reading,
    PathOf((site, slug)): PathOf<(String, String)>,
) -> Result<Json<Article>, Problem> {
    let site = reading.named().site(&site).ok_or_else(|| not_found("site"))?.id;
    found(&reading, &ArticleKey::Slug(site, slug)).await
}

/// Other articles of the same category (tin, bài cùng chuyên mục), latest first, without their bodies.
#[utoipa::path(
    get,
    path = "/v1/articles/{id}/related",
    operation_id = "listRelatedArticles",
    tag = "articles",
    params(("id" = String, Path, description = "Id of the article."), RelatedParameters),
    responses((status = 200, description = "The related articles.", body = RelatedArticles), ArticleProblem),
)]
pub(super) async fn related(
    reading: Reading,
    PathOf(id): PathOf<String>,
    Parameters(parameters): Parameters<RelatedParameters>,
) -> Result<Json<RelatedArticles>, Problem> {
    let key = article_id(&id).map(ArticleKey::Id).ok_or_else(|| not_found("article"))?;
    let first = parameters.size()?;
    let of = articles::detail(&reading.app, &key, &reading.tags, reading.now).await?;
    let of = of.ok_or_else(|| not_found("article"))?;
    let related = articles::related(&reading.app, &of, first, &reading.tags, reading.now).await?;
    let data = related.into_iter().map(|header| reading.article(header).into()).collect();
    Ok(Json(RelatedArticles { data }))
}

async fn found(reading: &Reading, key: &ArticleKey) -> Result<Json<Article>, Problem> {
    let header = articles::detail(&reading.app, key, &reading.tags, reading.now).await?;
    let header = header.ok_or_else(|| not_found("article"))?;
    Ok(Json(reading.article(header).into()))
}

const fn five() -> u32 {
    5
}

impl RelatedParameters {
    fn size(&self) -> Result<u32, Error> {
        let first = Some(self.first).filter(|first| (1..=20).contains(first));
        first.ok_or_else(|| Error::bad_request("first", "first must be between 1 and 20"))
    }
}
