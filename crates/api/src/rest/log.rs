//! The log of acts as everybody may see it, signatures of editions, and evidence. What acts say is not public: the proofs
//! hold hashes only.

use axum::Json;
use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use lienthong_app::proof::{checkpoints, evidence};
use lienthong_app::queries::articles::{self, ArticleKey};
use lienthong_app::queries::log;
use lienthong_domain::access::act;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::path::{PathOf, not_found};
use crate::rest::problem_responses::{AnyProblem, ArticleProblem, DetailProblem, EntryProblem};
use crate::rest::query::Parameters;
use crate::view::article_id;

/// Which act, in which state of the log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct InclusionParameters {
    /// Place of the act in the log, from 0.
    #[param(minimum = 0, example = 0)]
    leaf: u64,
    /// Number of acts in the state that the proof leads to, as a checkpoint says it.
    #[param(minimum = 1, example = 1)]
    size: u64,
}

/// Two states of the log.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ConsistencyParameters {
    /// Number of acts in the earlier state.
    #[param(minimum = 1, example = 1)]
    from: u64,
    /// Number of acts in the later state.
    #[param(minimum = 1, example = 1)]
    to: u64,
}

/// A proof of the Merkle tree after RFC 6962.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::rest) struct LogProof {
    /// Number of acts in the state that it leads to.
    size: u64,
    /// Root of that state, in hexadecimal.
    root: String,
    /// The hashes of the proof in the order of RFC 6962, in hexadecimal.
    proof: Vec<String>,
}

/// An edition as its site signed it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct SignedEdition {
    /// What is signed: canonical JSON (RFC 8785), byte for byte.
    payload: String,
    /// Detached JWS (RFC 7515 appendix F, RFC 7797) with `EdDSA`.
    jws: String,
    /// The public key (RFC 8037), as in `/.well-known/jwks.json`.
    #[schema(value_type = Object)]
    jwk: serde_json::Value,
}

/// The state of the log of acts (nhật ký thao tác), signed: a C2SP `tlog-checkpoint`.
///
/// Whoever keeps one can show later whether the log was rewritten before it.
#[utoipa::path(
    get,
    path = "/v1/log/checkpoint",
    operation_id = "getLogCheckpoint",
    tag = "log",
    responses((status = 200, description = "The checkpoint.", content_type = "text/plain", body = String), AnyProblem),
)]
pub(super) async fn checkpoint(reading: Reading) -> Result<Response, Problem> {
    let (_, note) = checkpoints::current(&reading.app, reading.now).await?;
    // Acts that the public sees nothing of change it too, so no kept answer would be told.
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-store")], note).into_response())
}

/// The proof that an act stands in the log (bằng chứng bao hàm), for a state of so many acts.
#[utoipa::path(
    get,
    path = "/v1/log/proof",
    operation_id = "getInclusionProof",
    tag = "log",
    params(InclusionParameters),
    responses((status = 200, description = "The proof.", body = LogProof), DetailProblem),
)]
pub(super) async fn inclusion(
    reading: Reading,
    Parameters(InclusionParameters { leaf, size }): Parameters<InclusionParameters>,
) -> Result<Json<LogProof>, Problem> {
    Ok(Json(log::inclusion(&reading.app, leaf, size).await?.into()))
}

/// The proof that one state of the log begins with another (bằng chứng nhất quán).
#[utoipa::path(
    get,
    path = "/v1/log/consistency",
    operation_id = "getConsistencyProof",
    tag = "log",
    params(ConsistencyParameters),
    responses((status = 200, description = "The proof.", body = LogProof), DetailProblem),
)]
pub(super) async fn consistency(
    reading: Reading,
    Parameters(ConsistencyParameters { from, to }): Parameters<ConsistencyParameters>,
) -> Result<Json<LogProof>, Problem> {
    Ok(Json(log::consistency(&reading.app, from, to).await?.into()))
}

/// What its site signed of an article (chữ ký của trang), with the text that is signed and the key.
#[utoipa::path(
    get,
    path = "/v1/articles/{id}/signature",
    operation_id = "getArticleSignature",
    tag = "articles",
    params(("id" = String, Path, description = "Id of the article.")),
    responses((status = 200, description = "The signature.", body = SignedEdition), ArticleProblem),
)]
pub(super) async fn signature(reading: Reading, PathOf(id): PathOf<String>) -> Result<Json<SignedEdition>, Problem> {
    let id = article_id(&id).ok_or_else(|| not_found("article"))?;
    let shown = articles::detail(&reading.app, &ArticleKey::Id(id), &reading.tags, reading.now).await?;
    shown.ok_or_else(|| not_found("article"))?;
    let evidence::SignedEdition { payload, jws, jwk } = evidence::signed(&reading.app, id).await?;
    Ok(Json(SignedEdition { payload, jws, jwk }))
}

/// Evidence for an article (hồ sơ chứng cứ): what its site signed, and every act on it with its proof.
///
/// It names who did what and from where. `lienthong verify --pack` checks it without this instance. Needs the right to
/// read the audit on the site.
#[utoipa::path(
    get,
    path = "/v1/articles/{id}/evidence",
    operation_id = "getEvidence",
    tag = "reports",
    security(("token" = [])),
    params(("id" = String, Path, description = "Id of the article.")),
    responses(
        (status = 200, description = "The pack; docs/proof.md describes it.", content_type = "application/json", body = Object),
        EntryProblem,
    ),
)]
pub(super) async fn evidence_pack(reading: Reading, PathOf(id): PathOf<String>) -> Result<Response, Problem> {
    let permit = reading.permit::<act::ReadAudit>()?;
    let id = article_id(&id).ok_or_else(|| not_found("article"))?;
    let pack = evidence::pack(&reading.app, &permit, id, reading.now).await?;
    let disposition = format!("attachment; filename=\"evidence-{id}.json\"");
    Ok(([(CONTENT_DISPOSITION, disposition)], Json(pack)).into_response())
}

impl From<log::Proof> for LogProof {
    fn from(proof: log::Proof) -> Self {
        let log::Proof { size, root, proof } = proof;
        Self { size, root, proof }
    }
}
