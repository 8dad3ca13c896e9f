//! The providers at which people of this instance can sign in.

use lienthong_outbound::Client;

use super::provider::{Provider, ProviderSettings};

/// All that are configured. Empty when there are none.
#[derive(Default)]
pub struct Providers(Vec<Provider>);

/// A provider as a sign-in page offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// Its key in addresses.
    pub key: String,
    /// How people call it.
    pub display_name: String,
}

/// Settings of a provider that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("provider {key:?}: {reason}")]
pub struct UnusableProvider {
    /// Its key.
    pub key: String,
    /// What is wrong.
    pub reason: String,
}

impl Providers {
    /// Providers that send browsers back to `public_url`, our own address. Nothing is asked of them before somebody signs in:
    /// a provider that is down does not keep us from starting.
    ///
    /// # Errors
    /// For settings that can never work.
    pub fn new(settings: Vec<ProviderSettings>, public_url: &str, http: &Client) -> Result<Self, UnusableProvider> {
        let mut providers: Vec<Provider> = Vec::new();
        for settings in settings {
            let (key, issuer) = (settings.key.clone(), settings.issuer.clone());
            let refused = |reason: String| UnusableProvider { key: key.clone(), reason };
            if providers.iter().any(|it| it.settings.key == key || it.settings.issuer == issuer) {
                return Err(refused("another provider has this key or this issuer".to_owned()));
            }
            providers.push(Provider::new(settings, public_url, http.clone()).map_err(refused)?);
        }
        Ok(Self(providers))
    }

    /// The provider with this key.
    pub(crate) fn get(&self, key: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.settings.key == key)
    }

    /// What there is to choose from, in the order of the configuration.
    pub fn offered(&self) -> Vec<Offered> {
        let offered = |it: &Provider| {
            let ProviderSettings { key, display_name, .. } = &it.settings;
            Offered { key: key.clone(), display_name: display_name.clone() }
        };
        self.0.iter().map(offered).collect()
    }
}
