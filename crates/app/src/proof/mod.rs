//! Proof that nothing was changed in secret: what sites sign when they publish, and the log of acts. How a third party
//! checks it stands in docs/proof.md.

pub mod checkpoints;
pub mod evidence;
pub mod keys;
pub(crate) mod signers;
pub mod verify;

use lienthong_domain::ids::{KeyId, SiteId};
pub use lienthong_proof::hex;

/// The name of a site's key, and the detached JWS of a signature by it.
pub fn detached(site: SiteId, key: KeyId, signature: &[u8; 64]) -> (String, String) {
    let kid = keys::kid(Some(site), key);
    let jws = lienthong_proof::jws::detached(&kid, signature);
    (kid, jws)
}
