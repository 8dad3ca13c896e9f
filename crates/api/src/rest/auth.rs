//! Signing in and out, for browsers and programs that have no GraphQL at hand. The tokens travel in bodies, never in
//! cookies or addresses.

use axum::Json;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};
use lienthong_app::ErrorCode;
use lienthong_app::commands::accounts::{self, SignedIn};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::body;
use crate::rest::model::Time;
use crate::rest::problem_responses::{LinkProblem, SignInProblem};

/// What somebody types to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SignInInput {
    /// E-mail address or user name; capitals do not count.
    #[schema(example = "lan")]
    name: String,
    /// Password.
    #[schema(format = Password)]
    password: String,
    /// A code of the authenticator, or a recovery code, when the account has a second factor.
    #[schema(example = "287082")]
    code: Option<String>,
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RefreshInput {
    /// The refresh token of the last answer.
    refresh_token: String,
}

/// A password, chosen by link.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PasswordInput {
    /// The secret of the invitation or of the reset.
    token: String,
    /// The new password: 12 to 128 characters, none of those that are tried first.
    #[schema(format = Password)]
    password: String,
}

/// The tokens of a sign-in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
    /// For `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// From when on the access token is refused.
    expires_at: Time,
    /// Gets the next two tokens; works once. Shown a second time, it ends the sign-in.
    refresh_token: String,
    /// From when on the refresh token is refused.
    refresh_expires_at: Time,
}

/// Signs in (đăng nhập).
///
/// Wrong passwords make the next attempt wait, longer each time.
#[utoipa::path(
    post,
    path = "/v1/auth/sign-in",
    operation_id = "signIn",
    tag = "accounts",
    request_body = SignInInput,
    responses((status = 200, description = "The tokens.", body = Session), SignInProblem),
)]
pub(super) async fn sign_in(reading: Reading, request: Request) -> Result<Response, Problem> {
    let SignInInput { name, password, code } = typed(request).await?;
    let (code, address) = (code.as_deref(), reading.client);
    let typed = accounts::SignIn { name: &name, password: &password, code, address };
    let signed_in = accounts::sign_in(reading.app.store(), reading.accounts()?, &typed, reading.now).await?;
    Ok(no_store(Json(Session::from(signed_in))))
}

/// Gets the next two tokens (gia hạn phiên đăng nhập).
///
/// The refresh token works once. Who shows one a second time ends the sign-in, for whoever holds the other one.
#[utoipa::path(
    post,
    path = "/v1/auth/refresh",
    operation_id = "refreshSession",
    tag = "accounts",
    request_body = RefreshInput,
    responses((status = 200, description = "The next tokens.", body = Session), SignInProblem),
)]
pub(super) async fn refresh(reading: Reading, request: Request) -> Result<Response, Problem> {
    let RefreshInput { refresh_token } = typed(request).await?;
    let signed_in = accounts::refresh(reading.app.store(), reading.accounts()?, &refresh_token, reading.now).await?;
    Ok(no_store(Json(Session::from(signed_in))))
}

/// Signs out (đăng xuất): both tokens of the sign-in are refused from now on.
///
/// An unknown token is answered in the same way.
#[utoipa::path(
    post,
    path = "/v1/auth/sign-out",
    operation_id = "signOut",
    tag = "accounts",
    request_body = RefreshInput,
    responses((status = 204, description = "Signed out."), SignInProblem),
)]
pub(super) async fn sign_out(reading: Reading, request: Request) -> Result<Response, Problem> {
    let RefreshInput { refresh_token } = typed(request).await?;
    accounts::sign_out(reading.app.store(), &refresh_token, reading.now).await?;
    Ok(no_store(StatusCode::NO_CONTENT))
}

/// Chooses a password by invitation or reset (đặt mật khẩu).
///
/// Uses the link up and ends every sign-in of the account.
#[utoipa::path(
    post,
    path = "/v1/auth/password",
    operation_id = "choosePassword",
    tag = "accounts",
    request_body = PasswordInput,
    responses((status = 204, description = "The password is set; sign in with it."), LinkProblem),
)]
pub(super) async fn password(reading: Reading, request: Request) -> Result<Response, Problem> {
    let PasswordInput { token, password } = typed(request).await?;
    let accounts = reading.accounts()?;
    accounts::accept(reading.app.store(), accounts, (&token, &password), reading.now).await?;
    Ok(no_store(StatusCode::NO_CONTENT))
}

/// Reads a body that holds secrets: a refusal must not repeat what was sent.
pub(super) async fn typed<T: DeserializeOwned>(request: Request) -> Result<T, Problem> {
    body::json(request).await.map_err(|problem| match problem.code {
        ErrorCode::InvalidInput => {
            Problem::detailed(problem.code, "the body holds other fields than this operation takes")
        }
        _ => problem,
    })
}

pub(super) fn no_store(answer: impl IntoResponse) -> Response {
    ([(CACHE_CONTROL, HeaderValue::from_static("no-store"))], answer).into_response()
}

impl From<SignedIn> for Session {
    fn from(signed_in: SignedIn) -> Self {
        let SignedIn { actor: _, access, access_expires_at, refresh, refresh_expires_at } = signed_in;
        Self {
            access_token: access,
            token_type: "Bearer",
            expires_at: Time(access_expires_at),
            refresh_token: refresh.to_string(),
            refresh_expires_at: Time(refresh_expires_at),
        }
    }
}
