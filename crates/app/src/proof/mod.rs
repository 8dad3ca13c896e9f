//! Proof that nothing was changed in secret: what sites sign when they publish, and the log of acts. How a third party
//! checks it stands in docs/proof.md.

pub mod checkpoints;
pub mod documents;
pub mod evidence;
pub mod keys;
pub(crate) mod signers;
pub mod verify;

pub use lienthong_proof::hex;
