//! Identity providers and issuers of tokens in the configuration.

use std::path::PathBuf;

use lienthong_app::identity::Algorithm;
use serde::{Deserialize, Serialize, Serializer};
use url::Url;

/// A table of `[[oidc.providers]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Provider {
    pub(crate) key: String,
    pub(crate) display_name: String,
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) client_secret_file: Option<PathBuf>,
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
    #[serde(default = "common")]
    pub(crate) algorithms: Vec<Signature>,
    pub(crate) return_url: Page,
}

/// A table of `[[token.issuers]]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrustedIssuer {
    pub(crate) issuer: String,
    pub(crate) audience: String,
    pub(crate) jwks_url: Page,
    #[serde(default = "common")]
    pub(crate) algorithms: Vec<Signature>,
}

/// How something may be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Signature(pub(crate) Algorithm);

/// Address of a page.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Page(pub(crate) Url);

/// What providers use.
fn common() -> Vec<Signature> {
    [Algorithm::Rs256, Algorithm::Ps256, Algorithm::Es256, Algorithm::EdDsa].map(Signature).to_vec()
}

/// The variable that may hold the secret of a provider: `LIENTHONG_OIDC_SECRET_HA_TINH` for `ha-tinh`.
pub(crate) fn secret_variable(key: &str) -> String {
    format!("LIENTHONG_OIDC_SECRET_{}", key.to_uppercase().replace('-', "_"))
}

impl TryFrom<String> for Signature {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        name.parse().map(Self).map_err(|error: lienthong_app::identity::UnknownAlgorithm| error.to_string())
    }
}

impl TryFrom<String> for Page {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let url = Url::parse(&text).map_err(|error| format!("{text:?} is no address: {error}"))?;
        let is_page = matches!(url.scheme(), "http" | "https") && url.has_host() && url.fragment().is_none();
        if is_page { Ok(Self(url)) } else { Err(format!("{text:?} is no page: https://host/path is expected")) }
    }
}

impl Serialize for Signature {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl Serialize for Page {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    const TABLE: &str = r#"
        [[oidc.providers]]
        key = "ha-tinh"
        display_name = "Hà Tĩnh"
        issuer = "https://sso.hatinh.gov.vn"
        client_id = "lienthong"
        return_url = "https://desk.hatinh.gov.vn/dang-nhap"
    "#;

    fn refusal(text: &str) -> String {
        toml::from_str::<Config>(text).unwrap_err().to_string()
    }

    #[test]
    fn a_provider_needs_little_and_shows_as_it_reads() {
        let config: Config = toml::from_str(TABLE).unwrap();
        let [provider] = config.oidc.providers.as_slice() else { panic!("{config:?}") };
        assert_eq!(provider.algorithms, common());
        let shown = crate::config::effective(&config).unwrap();
        assert_eq!(toml::from_str::<Config>(&shown).unwrap(), config);
        assert_eq!(secret_variable(&provider.key), "LIENTHONG_OIDC_SECRET_HA_TINH");
    }

    #[test]
    fn what_would_let_anybody_in_is_refused_when_it_is_read() {
        for (line, expected) in [
            ("algorithms = [\"none\"]", "\"none\" is not taken"),
            ("algorithms = [\"RS256\", \"HS256\"]", "\"HS256\" is not taken"),
            ("client_secret = \"x\"", "unknown field `client_secret`"),
            ("verify = false", "unknown field `verify`"),
        ] {
            let shown = refusal(&format!("{TABLE}\n{line}\n"));
            assert!(shown.contains(expected), "{shown}");
        }
        let shown = refusal(&TABLE.replace("https://desk.hatinh.gov.vn/dang-nhap", "javascript:alert(1)"));
        assert!(shown.contains("is no page"), "{shown}");
    }
}
