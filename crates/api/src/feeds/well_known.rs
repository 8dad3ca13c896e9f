//! The small files at fixed addresses.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use lienthong_app::proof::keys;
use lienthong_domain::scope::ReferenceSet;
use lienthong_domain::time::start_of_day;
use serde_json::{Value, json};

use super::address::Ours;
use super::not_found;
use super::place::is_public;
use crate::console::{SecurityContact, robots_txt, security_txt};
use crate::front::ApiConfig;
use crate::problem::Problem;
use crate::reading::Reading;

/// Whom to tell about a hole, and when that was last confirmed.
pub(super) struct Security {
    contact: Option<SecurityContact>,
    reviewed: DateTime<Utc>,
}

impl Security {
    pub(super) fn of(config: &ApiConfig) -> Self {
        let reviewed = config.security_reviewed.map_or_else(Utc::now, |day| start_of_day(day).to_utc());
        Self { contact: config.security_contact.clone(), reviewed }
    }
}

/// `GET /.well-known/security.txt`; 404 while no contact is configured.
pub(super) async fn security(State(security): State<Arc<Security>>) -> Result<Response, Problem> {
    let contact = security.contact.as_ref().ok_or_else(|| not_found("contact"))?;
    Ok(security_txt(contact, security.reviewed))
}

/// `GET /robots.txt`. It names the sitemaps of the site whose pages lie on our own host, when there is one; for other
/// hosts theirs must do it, see the module above.
pub(super) async fn robots(reading: Reading) -> Response {
    reading.depends_on(&[ReferenceSet::Sites]);
    let ours = Ours(&reading.public_url);
    let host = reading.public_url.host_str().unwrap_or_default();
    let site = reading.reference.sites.by_host(host).filter(|site| is_public(site));
    let sitemaps = site.map(|site| ["index", "news"].map(|name| ours.sitemap(site.host.as_str(), name)));
    robots_txt(&sitemaps.into_iter().flatten().collect::<Vec<_>>())
}

/// `GET /.well-known/jwks.json`: the keys of tokens, of what sites publish (`site-…`) and of the log of acts (`log-…`). A minute
/// in caches: a new key is known to verifiers soon after it first signs. Keys of tokens change without a line in the log, so
/// that nothing is kept here.
pub(super) async fn jwks(reading: Reading) -> Result<Response, Problem> {
    reading.tags.lies_beside_the_log();
    let mut set = reading.accounts.as_ref().map_or_else(|| json!({ "keys": [] }), |accounts| accounts.jwks());
    let signing = keys::jwks(reading.app.store()).await?;
    if let Some(listed) = set.get_mut("keys").and_then(Value::as_array_mut) {
        listed.extend(signing);
    }
    let headers = [(CONTENT_TYPE, "application/jwk-set+json"), (CACHE_CONTROL, "public, max-age=60")];
    Ok((headers, set.to_string()).into_response())
}
