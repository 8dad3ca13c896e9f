//! The disclosure catalogue.

use axum::Json;
use serde::Deserialize;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::model::{Topic, TopicList};
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::{AnyProblem, DetailProblem};
use crate::rest::query::Parameters;

/// No parameters at all.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoParameters {}

/// The whole disclosure catalogue (danh mục thông tin công khai), in the order of codes.
#[utoipa::path(
    get,
    path = "/v1/topics",
    operation_id = "listTopics",
    tag = "topics",
    responses((status = 200, description = "All topics.", body = TopicList), AnyProblem),
)]
pub(super) async fn list(reading: Reading, _: Parameters<NoParameters>) -> Json<TopicList> {
    Json(TopicList { data: reading.reference.topics.all().iter().map(Topic::from).collect() })
}

/// One topic (một mục thông tin công khai).
#[utoipa::path(
    get,
    path = "/v1/topics/{code}",
    operation_id = "getTopic",
    tag = "topics",
    params(("code" = String, Path, description = "Code or id of the topic.", example = "tt.tin")),
    responses((status = 200, description = "The topic.", body = Topic), DetailProblem),
)]
pub(super) async fn detail(reading: Reading, PathOf(code): PathOf<String>) -> Result<Json<Topic>, Problem> {
    let topic = reading.named().topic(&code).ok_or_else(|| not_found("topic"))?;
    Ok(Json(topic.into()))
}
