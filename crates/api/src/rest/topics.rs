//! The disclosure catalogue.

use axum::Json;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::model::{Topic, TopicList};
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::{AnyProblem, DetailProblem};
use crate::rest::query::Parameters;

/// Which topics.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TopicParameters {
    /// Only topics that exist on the sites of this unit: code of today, slug or id.
    #[param(example = "42")]
    unit: Option<String>,
}

/// The disclosure catalogue (danh mục thông tin công khai) in the order of codes: the national topics, and the own topics
/// of provinces.
#[utoipa::path(
    get,
    path = "/v1/topics",
    operation_id = "listTopics",
    tag = "topics",
    params(TopicParameters),
    responses((status = 200, description = "All topics.", body = TopicList), AnyProblem),
)]
pub(super) async fn list(
    reading: Reading,
    Parameters(parameters): Parameters<TopicParameters>,
) -> Result<Json<TopicList>, Problem> {
    let topics = reading.named().topics(parameters.unit.as_deref())?;
    Ok(Json(TopicList { data: topics.into_iter().map(|topic| Topic::new(topic, &reading.reference)).collect() }))
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
    Ok(Json(Topic::new(topic, &reading.reference)))
}
