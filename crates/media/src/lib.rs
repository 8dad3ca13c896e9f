//! Files that strangers upload: what they are by their bytes, images made anew, the place they are kept in, and the virus
//! scanner. No database and no rules of who may do what.
#![warn(missing_docs)]

mod bucket;
mod clamd;
mod picture;
mod recognise;
mod refusal;
mod transport;
mod vault;
mod workshop;

pub use bucket::{Bucket, BucketError};
pub use clamd::{Clamd, ClamdAddress, ScanError, Verdict};
pub use picture::{Picture, clean, pixels, rendition};
pub use recognise::recognise;
pub use refusal::Refusal;
pub use vault::{Kept, Stored, Vault, VaultError};
pub use workshop::{PixelLimits, Workshop};
