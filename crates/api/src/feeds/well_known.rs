//! The small files at fixed addresses.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use chrono::{DateTime, Utc};

use lienthong_domain::scope::ReferenceSet;
use lienthong_domain::time::start_of_day;

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
