//! From the configuration to the public interface.

use std::sync::Arc;

use lienthong_api::{ApiConfig, Front, HttpCache, Rate, Verify};
use lienthong_app::App;
use lienthong_app::accounts::{Accounts, Cost, Passwords, Rules};
use lienthong_app::library::Library;
use lienthong_app::secrets::SealKey;
use lienthong_app::tokens::Tokens;

use crate::config::Config;
use crate::documents;
use crate::failure::Failure;
use crate::{http, identity};

/// What signs tokens, and what seals secrets.
pub(super) type Keys = (Arc<Tokens>, Arc<SealKey>);

/// The front door with the limits and times of the configuration.
pub(super) fn open(
    config: &Config,
    base: &str,
    (app, library): (Arc<App>, Arc<Library>),
    (tokens, seal): Keys,
) -> Result<Front, Failure> {
    let rules = Rules { needs_second_factor: config.accounts.require_second_factor, ..Rules::default() };
    let client = identity::client(config)?;
    let providers = identity::providers(config, base, &client)?;
    let issuers = identity::issuers(config, &client)?;
    let accounts = Accounts::new(Arc::clone(&tokens), seal, Passwords::new(Cost::default())?, rules);
    let accounts = accounts.with_providers(providers);
    let verify: Verify = Arc::new(move |token, now| tokens.verify(token, now).ok().map(|verified| verified.bearer()));
    let front = lienthong_api::front(app, api_config(config, base)?, verify, documents::load(&config.graphql)?);
    let front = front.map_err(|error| Failure::new(error.to_string()))?;
    let front = front.with_accounts(Arc::new(accounts)).with_issuers(issuers).with_library(library);
    Ok(front.with_pages(http::demo_pages()))
}

fn api_config(config: &Config, base: &str) -> Result<ApiConfig, Failure> {
    let public_url = base.parse().map_err(|error| Failure::new(format!("{base} is no public address: {error}")))?;
    let media_url = config.media.url.as_ref().map(|url| url.to_string().parse()).transpose();
    let media_url = media_url.map_err(|error| Failure::new(format!("media.url is no address: {error}")))?;
    let (server, limits, cache) = (&config.server, &config.limits, &config.http_cache);
    Ok(ApiConfig {
        media_url,
        security_contact: server.security_contact.as_ref().map(|contact| contact.0.clone()),
        security_reviewed: server.security_reviewed.map(|day| day.0),
        trusted_proxies: server.trusted_proxies.clone(),
        origins: server.origins.clone(),
        http_cache: HttpCache {
            s_maxage: cache.s_maxage.0.as_secs(),
            stale_while_revalidate: cache.stale_while_revalidate.0.as_secs(),
            stale_if_error: cache.stale_if_error.0.as_secs(),
            absent: cache.absent.0.as_secs(),
        },
        response_cache_bytes: cache.response_cache_bytes,
        rate: Rate { per_second: limits.requests_per_second, burst: limits.burst },
        request_timeout: server.request_timeout.0,
        body_bytes: limits.body_bytes as usize,
        body_bytes_with_token: limits.body_bytes_with_token as usize,
        ..ApiConfig::at(public_url)
    })
}
