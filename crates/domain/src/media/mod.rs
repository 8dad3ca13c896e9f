//! Media (hình ảnh, tài liệu đính kèm): what a site keeps of a file that somebody uploaded, and how articles refer to it.

mod address;
mod attachment;
mod body;
mod description;
mod file_name;
mod kind;
mod rule;

use std::fmt::Write as _;

use crate::entry::Version;
use crate::ids::{ActorId, MediaId, SiteId};
use crate::time::Timestamp;

pub use address::{Coding, Rendition, WIDTHS};
pub use attachment::{Attachment, AttachmentInput, MAX_ATTACHMENTS};
pub use body::{BodyImage, drawn_below, images, referred_to, shown_below};
pub use description::{Description, DescriptionInput};
pub use file_name::FileName;
pub use kind::{MediaKind, MediaType};
pub use rule::MediaRule;

/// SHA-256 of some bytes.
pub type Digest = [u8; 32];

/// A digest in hexadecimal digits.
pub fn hex(digest: &Digest) -> String {
    digest.iter().fold(String::with_capacity(2 * digest.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// One file of a site's library. What it shows never changes; what is said of it may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Identity.
    pub id: MediaId,
    /// The site whose it is.
    pub site: SiteId,
    /// What the file was, by its bytes.
    pub media_type: MediaType,
    /// The name it was uploaded under.
    pub file_name: FileName,
    /// Of the file as it was uploaded, which tells whether a site has it already.
    pub digest: Digest,
    /// Bytes of what is kept: of the document, or of the image after it was made anew.
    pub size: u64,
    /// Of what is kept; the name under which it is stored.
    pub stored: Digest,
    /// Width and height of an image, the right way up.
    pub dimensions: Option<(u32, u32)>,
    /// What is said of it.
    pub description: Description,
    /// Who uploaded it.
    pub uploader: ActorId,
    /// When.
    pub created_at: Timestamp,
    /// Counts the changes of what is said of it.
    pub version: Version,
}

impl Media {
    /// Image or document.
    pub const fn kind(&self) -> MediaKind {
        self.media_type.kind()
    }

    /// Says something else of it.
    ///
    /// # Errors
    /// The version now, when that is not the one the writer saw.
    pub fn describe(&mut self, seen: Version, description: Description) -> Result<(), Version> {
        self.check(seen)?;
        self.description = description;
        self.version = self.version.next();
        Ok(())
    }

    /// Whether the writer saw the current version.
    ///
    /// # Errors
    /// The version now, when it did not.
    pub fn check(&self, seen: Version) -> Result<(), Version> {
        if seen == self.version { Ok(()) } else { Err(self.version) }
    }
}
