//! How what others sign may be signed.

use std::fmt;
use std::str::FromStr;

use jsonwebtoken::Algorithm as Jws;
use openidconnect::core::CoreJwsSigningAlgorithm as Core;

/// A signature that only the holder of a private key can make. There is no name here for `none` and for those with a shared
/// secret, so that no setting can let them in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// ECDSA on P-256.
    Es256,
    /// ECDSA on P-384.
    Es384,
    /// Ed25519.
    EdDsa,
}

/// A name that is none of these.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not taken; those that are: {names}", names = Algorithm::ALL.map(Algorithm::as_str).join(", "))]
pub struct UnknownAlgorithm(String);

impl Algorithm {
    /// Every one.
    pub const ALL: [Self; 9] = [
        Self::Rs256,
        Self::Rs384,
        Self::Rs512,
        Self::Ps256,
        Self::Ps384,
        Self::Ps512,
        Self::Es256,
        Self::Es384,
        Self::EdDsa,
    ];

    /// The name of RFC 7518 section 3.1.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }

    pub(super) const fn of_token(self) -> Jws {
        match self {
            Self::Rs256 => Jws::RS256,
            Self::Rs384 => Jws::RS384,
            Self::Rs512 => Jws::RS512,
            Self::Ps256 => Jws::PS256,
            Self::Ps384 => Jws::PS384,
            Self::Ps512 => Jws::PS512,
            Self::Es256 => Jws::ES256,
            Self::Es384 => Jws::ES384,
            Self::EdDsa => Jws::EdDSA,
        }
    }

    pub(super) const fn of_provider(self) -> Core {
        match self {
            Self::Rs256 => Core::RsaSsaPkcs1V15Sha256,
            Self::Rs384 => Core::RsaSsaPkcs1V15Sha384,
            Self::Rs512 => Core::RsaSsaPkcs1V15Sha512,
            Self::Ps256 => Core::RsaSsaPssSha256,
            Self::Ps384 => Core::RsaSsaPssSha384,
            Self::Ps512 => Core::RsaSsaPssSha512,
            Self::Es256 => Core::EcdsaP256Sha256,
            Self::Es384 => Core::EcdsaP384Sha384,
            Self::EdDsa => Core::EdDsa,
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    fn from_str(name: &str) -> Result<Self, UnknownAlgorithm> {
        Self::ALL.into_iter().find(|it| it.as_str() == name).ok_or_else(|| UnknownAlgorithm(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_lets_in_what_anybody_can_sign() {
        for name in ["none", "None", "HS256", "HS384", "HS512", "RSA1_5", "rs256", ""] {
            assert!(name.parse::<Algorithm>().is_err(), "{name}");
        }
        for algorithm in Algorithm::ALL {
            assert_eq!(algorithm.as_str().parse(), Ok(algorithm));
            let core = serde_json::to_value(algorithm.of_provider()).unwrap();
            assert_eq!(core, serde_json::json!(algorithm.as_str()));
            assert_eq!(serde_json::to_value(algorithm.of_token()).unwrap(), core);
        }
    }
}
