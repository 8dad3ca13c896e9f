//! Signing in at an identity provider (`OpenID` Connect): the two addresses that a browser passes, and the one at which a
//! program changes a ticket into the tokens of a sign-in.

use axum::Json;
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, COOKIE, LOCATION, REFERRER_POLICY, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use lienthong_app::commands::accounts::{self, Arrival, Departure, Vouched};
use lienthong_app::identity::Offered;
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;
use crate::reading::Reading;
use crate::rest::auth::{Session, no_store, typed};
use crate::rest::path::PathOf;
use crate::rest::problem_responses::{AnyProblem, VisitProblem, VouchedProblem};
use crate::rest::query::Parameters;

/// An identity provider at which people of this instance can sign in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Provider {
    /// Its key in addresses.
    #[schema(example = "ha-tinh")]
    key: String,
    /// How people call it.
    #[schema(example = "Đăng nhập một lần tỉnh Hà Tĩnh")]
    display_name: String,
    /// Where a browser begins; `challenge` is to be added.
    #[schema(example = "https://api.hatinh.gov.vn/v1/auth/oidc/ha-tinh/start")]
    start_url: String,
}

/// What the program behind a sign-in page commits itself to.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StartParameters {
    /// SHA-256, in base64url, of a new secret of 43 to 128 characters that stays with the program (RFC 7636, S256).
    #[param(example = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")]
    challenge: String,
}

/// What a provider sends back. Others than these are none of ours and are not looked at.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct CallbackParameters {
    /// As it was sent.
    state: Option<String>,
    /// The code that we change into an identity token.
    code: Option<String>,
    /// Why there is no code.
    error: Option<String>,
    /// The issuer that answers (RFC 9207).
    iss: Option<String>,
}

/// What the program behind a sign-in page shows.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TicketInput {
    /// The `ticket` with which the browser came back.
    ticket: String,
    /// The secret whose SHA-256 was the `challenge`.
    verifier: String,
    /// A code of the authenticator, or a recovery code, when the account has a second factor.
    #[schema(example = "287082")]
    code: Option<String>,
    /// The secret of an invitation (`ltl_…`), to link its account to this identity first.
    invitation: Option<String>,
}

/// The identity providers at which one can sign in (đăng nhập qua hệ thống xác thực tập trung).
#[utoipa::path(
    get,
    path = "/v1/auth/oidc",
    operation_id = "listIdentityProviders",
    tag = "accounts",
    responses((status = 200, description = "The providers, in the operator's order.", body = Vec<Provider>), AnyProblem),
)]
pub(super) async fn list(reading: Reading) -> Json<Vec<Provider>> {
    let offered = reading.accounts.as_ref().map(|accounts| accounts.providers().offered()).unwrap_or_default();
    let base = reading.public_url.as_str().trim_end_matches('/').to_owned();
    let provider = |Offered { key, display_name }| {
        let start_url = format!("{base}/v1/auth/oidc/{key}/start");
        Provider { key, display_name, start_url }
    };
    Json(offered.into_iter().map(provider).collect())
}

/// Sends a browser to an identity provider.
///
/// The browser comes back, with a `ticket` or an `error` in the address, to the page that the operator has set for the
/// provider. A cookie ties the way there and back to this browser.
#[utoipa::path(
    get,
    path = "/v1/auth/oidc/{provider}/start",
    operation_id = "startIdentityProvider",
    tag = "accounts",
    params(("provider" = String, Path, description = "Key of the provider.", example = "ha-tinh"), StartParameters),
    responses((status = 303, description = "To the provider."), VisitProblem),
)]
pub(super) async fn start(
    reading: Reading,
    PathOf(provider): PathOf<String>,
    Parameters(StartParameters { challenge }): Parameters<StartParameters>,
) -> Result<Response, Problem> {
    reading.tags.forbid_keeping();
    let wanted = (provider.as_str(), challenge.as_str());
    let departure = accounts::depart(reading.app.store(), reading.accounts()?, wanted, reading.now).await?;
    let Departure { to, secret, seconds } = departure;
    Ok(redirect(&to, &cookie(&reading.public_url, &secret.cookie(), seconds)))
}

/// Takes a browser back from an identity provider.
///
/// The provider sends it here; nobody else has a reason to come. Every answer of a provider is looked at once.
#[utoipa::path(
    get,
    path = "/v1/auth/oidc/{provider}/callback",
    operation_id = "finishIdentityProvider",
    tag = "accounts",
    params(("provider" = String, Path, description = "Key of the provider.", example = "ha-tinh"), CallbackParameters),
    responses((status = 303, description = "To the operator's page, with `ticket` or `error`."), VisitProblem),
)]
pub(super) async fn callback(
    reading: Reading,
    PathOf(provider): PathOf<String>,
    Parameters(parameters): Parameters<CallbackParameters>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    reading.tags.forbid_keeping();
    let CallbackParameters { state, code, error, iss } = &parameters;
    let arrival = Arrival {
        provider: &provider,
        cookie: sent(&headers, name(&reading.public_url)),
        state: state.as_deref(),
        code: code.as_deref(),
        error: error.as_deref(),
        iss: iss.as_deref(),
    };
    let to = accounts::arrive(reading.app.store(), reading.accounts()?, &arrival, reading.now).await?;
    Ok(redirect(&to, &cookie(&reading.public_url, "", 0)))
}

/// Signs in whom an identity provider vouches for.
///
/// The ticket works once, within five minutes, and only with the secret behind the `challenge`. An identity that no account
/// is linked to is refused, whatever its name or e-mail address; with the secret of an invitation it is linked first.
#[utoipa::path(
    post,
    path = "/v1/auth/oidc/session",
    operation_id = "openVouchedSession",
    tag = "accounts",
    request_body = TicketInput,
    responses((status = 200, description = "The tokens.", body = Session), VouchedProblem),
)]
pub(super) async fn session(reading: Reading, request: Request) -> Result<Response, Problem> {
    let TicketInput { ticket, verifier, code, invitation } = typed(request).await?;
    let shown = Vouched {
        ticket: &ticket,
        verifier: &verifier,
        code: code.as_deref(),
        link: invitation.as_deref(),
        address: reading.client,
    };
    let signed_in = accounts::enter(reading.app.store(), reading.accounts()?, &shown, reading.now).await?;
    Ok(no_store(Json(Session::from(signed_in))))
}

/// The name of the cookie. With its prefix a browser takes it over TLS only, and from this very host: the page of a commune
/// under the same domain cannot put one in its place (RFC 6265bis section 4.1.3.2).
fn name(public_url: &Url) -> &'static str {
    if public_url.scheme() == "https" { "__Host-lienthong-visit" } else { "lienthong-visit" }
}

/// Sent along when a provider sends the browser here, which `Lax` allows, and never with what a foreign page loads.
fn cookie(public_url: &Url, value: &str, seconds: i64) -> String {
    let secure = if public_url.scheme() == "https" { "; Secure" } else { "" };
    format!("{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", name(public_url))
}

/// The cookie that came with the request. Two of one name are none: one of them is somebody else's.
fn sent<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let texts = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(key, _)| *key == name).map(|(_, value)| value);
    values.next().filter(|_| values.next().is_none())
}

fn redirect(to: &Url, cookie: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    for (name, value) in [(LOCATION, to.as_str()), (SET_COOKIE, cookie)] {
        // Neither holds anything but visible ASCII.
        headers.insert(name, HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static("")));
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_tls_the_cookie_belongs_to_this_host_alone() {
        let secure = cookie(&Url::parse("https://api.hatinh.gov.vn/").unwrap(), "x", 600);
        assert_eq!(secure, "__Host-lienthong-visit=x; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure");
        let plain = cookie(&Url::parse("http://127.0.0.1:8080/").unwrap(), "", 0);
        assert_eq!(plain, "lienthong-visit=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    }

    #[test]
    fn the_cookie_is_found_among_others_and_two_of_the_name_are_none() {
        let of = |values: &[&'static str]| {
            let values = values.iter().map(|value| (COOKIE, HeaderValue::from_static(value)));
            sent(&values.collect(), "lienthong-visit").map(str::to_owned)
        };
        assert_eq!(of(&["a=b; lienthong-visit=c; d=e"]), Some("c".to_owned()));
        assert_eq!(of(&["a=b", "lienthong-visit=c"]), Some("c".to_owned()));
        assert_eq!(of(&["lienthong-visit=c; lienthong-visit=d"]), None);
        assert_eq!(of(&["xlienthong-visit=c"]), None);
        assert_eq!(of(&[]), None);
    }
}
