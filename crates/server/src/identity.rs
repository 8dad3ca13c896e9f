//! Identity providers, as the configuration has them, and the client by which they are asked.

use std::path::Path;

use lienthong_app::identity::{IssuerSettings, Issuers, ProviderSettings, Providers};
use lienthong_outbound::{Allowed, Client};

use crate::config::{Config, Provider, Secret, TrustedIssuer, secret_variable};
use crate::failure::Failure;
use crate::secret_file;

/// What this server asks others with.
pub(crate) fn client(config: &Config) -> Result<Client, Failure> {
    let network = &config.network;
    Ok(Client::new(Allowed::new(network.allowed.clone()), network.certificates.as_deref())?)
}

/// The providers at which people sign in. `base` is our own address.
pub(crate) fn providers(config: &Config, base: &str, http: &Client) -> Result<Providers, Failure> {
    let settings = config.oidc.providers.iter().map(settings).collect::<Result<Vec<_>, _>>()?;
    Ok(Providers::new(settings, base, http)?)
}

/// The issuers whose tokens are taken beside our own.
pub(crate) fn issuers(config: &Config, http: &Client) -> Result<Issuers, Failure> {
    if let Some(own) = config.token.issuers.iter().find(|it| it.issuer == config.token.issuer) {
        return Err(Failure::new(format!("token.issuers lists {}, which is our own name", own.issuer)));
    }
    let settings = |it: &TrustedIssuer| {
        let TrustedIssuer { issuer, audience, jwks_url, algorithms } = it;
        IssuerSettings {
            issuer: issuer.clone(),
            audience: audience.clone(),
            jwks_url: jwks_url.0.clone(),
            algorithms: algorithms.iter().map(|it| it.0).collect(),
        }
    };
    Ok(Issuers::new(config.token.issuers.iter().map(settings).collect(), http)?)
}

/// Whether all of it can be used, without asking anybody.
pub(crate) fn check(config: &Config) -> Result<(), Failure> {
    let base = config.server.public_url.as_ref().map_or_else(|| "http://localhost".to_owned(), ToString::to_string);
    let http = client(config)?;
    providers(config, &base, &http)?;
    issuers(config, &http).map(|_| ())
}

fn settings(provider: &Provider) -> Result<ProviderSettings, Failure> {
    let Provider { key, display_name, issuer, client_id, client_secret_file, scopes, algorithms, return_url } =
        provider;
    let secret = secret(key, client_secret_file.as_deref(), std::env::var(secret_variable(key)).ok())?;
    Ok(ProviderSettings {
        key: key.clone(),
        display_name: display_name.clone(),
        issuer: issuer.clone(),
        client_id: client_id.clone(),
        client_secret: secret.map(|secret| secret.expose().to_owned().into()),
        scopes: scopes.clone(),
        algorithms: algorithms.iter().map(|it| it.0).collect(),
        return_url: return_url.0.clone(),
    })
}

/// The secret from the file or from the variable, and not from both.
fn secret(key: &str, file: Option<&Path>, variable: Option<String>) -> Result<Option<Secret>, Failure> {
    match (file, variable) {
        (Some(_), Some(_)) => {
            Err(Failure::new(format!("provider {key}: set client_secret_file or {}, not both", secret_variable(key))))
        }
        (Some(file), None) => secret_file::read("client_secret_file", file).map(Some),
        (None, variable) => Ok(variable.map(Secret::new)),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_secret_comes_from_one_place_that_is_closed_to_others() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret");
        let of = |variable: Option<&str>| secret("ha-tinh", Some(&file), variable.map(str::to_owned));
        assert!(of(None).is_err());
        std::fs::write(&file, "hunter2\n").unwrap();
        std::fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        assert!(of(None).unwrap_err().to_string().contains("chmod 600"));
        std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
        assert_eq!(of(None).unwrap().unwrap().expose(), "hunter2");
        let both = of(Some("x")).unwrap_err().to_string();
        assert!(both.contains("LIENTHONG_OIDC_SECRET_HA_TINH"), "{both}");
        assert_eq!(secret("a", None, Some("x".to_owned())).unwrap().unwrap().expose(), "x");
        assert!(secret("a", None, None).unwrap().is_none());
    }
}
