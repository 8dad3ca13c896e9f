//! What binds a sign-in at a provider to the browser that began it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::accounts::random;
use crate::error::Error;

/// 256 random bits in a cookie of the browser. All that the protocol needs is derived from it, so that nothing of it has to
/// be kept here: whoever comes back without the cookie comes back with nothing.
pub struct VisitSecret(Zeroizing<[u8; 32]>);

impl VisitSecret {
    pub(crate) fn generate() -> Result<Self, Error> {
        Ok(Self(random()?))
    }

    /// Reads the cookie; `None` for what cannot be one.
    pub fn from_cookie(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        Some(Self(Zeroizing::new(bytes.as_slice().try_into().ok()?)))
    }

    /// The cookie.
    pub fn cookie(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(*self.0))
    }

    /// Under which the database remembers that this browser is on its way.
    pub(crate) fn digest(&self) -> [u8; 32] {
        self.derive("digest")
    }

    /// `state`, RFC 6749 section 10.12.
    pub(crate) fn state(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.derive("state"))
    }

    /// Whether a provider gave back our own `state`.
    pub(crate) fn is_state(&self, given: &str) -> bool {
        self.state().as_bytes().ct_eq(given.as_bytes()).into()
    }

    /// `nonce`, `OpenID` Connect Core 1.0 section 15.5.2.
    pub(crate) fn nonce(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.derive("nonce"))
    }

    /// `code_verifier`, RFC 7636 section 4.1.
    pub(crate) fn verifier(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.derive("code verifier"))
    }

    fn derive(&self, purpose: &str) -> [u8; 32] {
        blake3::derive_key(&format!("lienthong 2026 visit of a provider: {purpose}"), self.0.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn everything_comes_from_the_cookie_and_none_of_it_tells_another() {
        let secret = VisitSecret::generate().unwrap();
        let again = VisitSecret::from_cookie(&secret.cookie()).unwrap();
        let all = |it: &VisitSecret| [it.cookie().to_string(), it.state(), it.nonce(), it.verifier()];
        assert_eq!(all(&secret), all(&again));
        assert_eq!(all(&secret).into_iter().collect::<BTreeSet<_>>().len(), 4);
        assert!(all(&secret).iter().all(|text| text.len() == 43));
        assert!(again.is_state(&secret.state()) && !again.is_state(&secret.nonce()) && !again.is_state(""));
        assert!(!VisitSecret::generate().unwrap().is_state(&secret.state()));
        for other in ["", "x", &secret.cookie()[1..], &format!("{}A", *secret.cookie())] {
            assert!(VisitSecret::from_cookie(other).is_none(), "{other}");
        }
    }
}
