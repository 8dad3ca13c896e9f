//! Errors of REST and feeds: problem details, RFC 9457.

use std::borrow::Cow;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use lienthong_app::{Error, ErrorCode};
use lienthong_domain::entry::Version;
use lienthong_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::asked::request_id;
use crate::error::ApiError;
use crate::front::Told;

/// Seconds after which a text query is worth another try: an index of 100,000 articles is built within some.
const RETRY: i64 = 5;

/// Seconds after which what was answered with this code may go well; `None` when time does not mend it.
pub(crate) fn worth_another_try(code: &str) -> Option<i64> {
    [ErrorCode::SearchNotReady, ErrorCode::ScannerUnavailable].iter().any(|it| it.as_str() == code).then_some(RETRY)
}

/// A problem on its way to a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    /// What kind of problem.
    pub(crate) code: ErrorCode,
    /// What is wrong with this very request.
    pub(crate) detail: Option<String>,
    /// Since when it is no longer public.
    pub(crate) gone_at: Option<Timestamp>,
    /// Where it is found now.
    pub(crate) location: Option<String>,
    /// The version now, when the write was made against another.
    pub(crate) current_version: Option<Version>,
    /// Fields or parameters that break a rule.
    pub(crate) errors: Vec<ProblemField>,
    /// Seconds after which another try is worth it.
    pub(crate) retry_after: Option<i64>,
}

/// One field or parameter that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ProblemField {
    /// Its name, such as `cover.alt` or `first`.
    #[schema(value_type = String, example = "first")]
    pub(crate) name: Cow<'static, str>,
    /// The rule.
    #[schema(example = "first must be between 1 and 100")]
    pub(crate) rule: String,
}

/// A problem, RFC 9457, `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
pub(crate) struct ProblemDocument {
    /// Address of the page that explains the code.
    #[serde(rename = "type")]
    kind: String,
    /// One English sentence for the code.
    title: &'static str,
    /// The same in Vietnamese.
    title_vi: &'static str,
    /// HTTP status.
    status: u16,
    /// Stable code, the same as in GraphQL.
    code: &'static str,
    /// The `X-Request-Id` of the answer, by which the log finds what went wrong. Not in what caches may keep, which is "not
    /// found" and "gone": there it would be the id of another request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "01a235e5bf1572439affafcec4e5a7b6")]
    request_id: Option<String>,
    /// What is wrong with this very request.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    detail: Option<String>,
    /// With `GONE`: since when it is no longer public, RFC 3339 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<String>, format = DateTime, example = "2024-07-07T16:59:59Z")]
    gone_at: Option<Timestamp>,
    /// With `MOVED`: the absolute address where it is found now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    location: Option<String>,
    /// With `PRECONDITION_FAILED`: the version now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    current_version: Option<u32>,
    /// Fields or parameters that break a rule.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<ProblemField>,
}

impl Problem {
    /// The problem for a code alone.
    pub(crate) const fn of(code: ErrorCode) -> Self {
        Self {
            code,
            detail: None,
            gone_at: None,
            location: None,
            current_version: None,
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// The problem with a sentence on this very request.
    pub(crate) fn detailed(code: ErrorCode, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..Self::of(code) }
    }

    /// One field or parameter that breaks a rule.
    pub(crate) fn field(code: ErrorCode, name: impl Into<Cow<'static, str>>, rule: impl Into<String>) -> Self {
        let field = ProblemField { name: name.into(), rule: rule.into() };
        Self { detail: Some(format!("{}: {}", field.name, field.rule)), errors: vec![field], ..Self::of(code) }
    }

    /// A parameter that cannot be used.
    pub(crate) fn parameter(name: &'static str, rule: impl Into<String>) -> Self {
        Error::bad_request(name, rule).into()
    }

    /// Address of the page that explains a code.
    pub(crate) fn page(code: ErrorCode) -> String {
        format!("/problems/{}", code.as_str().to_ascii_lowercase().replace('_', "-"))
    }
}

impl From<Problem> for ProblemDocument {
    fn from(problem: Problem) -> Self {
        let Problem { code, detail, gone_at, location, current_version, errors, retry_after: _ } = problem;
        Self {
            kind: Problem::page(code),
            title: code.message_en(),
            title_vi: code.message_vi(),
            status: code.status(),
            code: code.as_str(),
            request_id: request_id().filter(|_| !matches!(code.status(), 404 | 410)),
            detail,
            gone_at,
            location,
            current_version: current_version.map(Version::get),
            errors,
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        ApiError::App(error).into()
    }
}

impl From<ApiError> for Problem {
    fn from(error: ApiError) -> Self {
        error.log();
        let problem = Self::of(error.code());
        let ApiError::App(error) = error else { return problem };
        let errors = match &error {
            Error::BadRequest { parameter, reason } => {
                vec![ProblemField { name: (*parameter).into(), rule: reason.clone() }]
            }
            Error::Invalid(fields) => {
                fields.iter().map(|it| ProblemField { name: it.field.into(), rule: it.rule.to_string() }).collect()
            }
            _ => Vec::new(),
        };
        let gone_at = if let Error::Gone { since } = error { Some(since) } else { None };
        let retry_after = if let Error::Throttled { seconds } = error { Some(seconds) } else { None };
        let (detail, current_version) = (error.public_detail(), error.current_version());
        let location = if let Error::Moved { location } = error { Some(location) } else { None };
        Self { detail, gone_at, location, current_version, errors, retry_after, ..problem }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (code, retry_after) = (self.code, self.retry_after);
        let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&ProblemDocument::from(self)).unwrap_or_default();
        let media = HeaderValue::from_static("application/problem+json");
        let mut response = (status, [(header::CONTENT_TYPE, media)], body).into_response();
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110 section 15.5.2: a 401 says how to authenticate.
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry_after.or_else(|| worth_another_try(code.as_str())) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(Told { operation: None, code: Some(code.as_str().into()) });
        response
    }
}
