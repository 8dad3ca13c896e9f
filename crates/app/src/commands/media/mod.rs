//! The libraries of sites: how files come in, what is said of them, how articles use them, and how what nobody needs is
//! taken away.

mod adding;
mod cleaning;
mod describing;
mod uploads;
mod using;

pub use adding::{Added, NewMedia, add};
pub use cleaning::{Cleaned, clean, follow};
pub use describing::{delete, describe};
pub use lienthong_persistence::uploads::Upload;
pub use uploads::{NewUpload, append, begin, end, find, finish};
pub(super) use using::{check_rule, resolve};
