//! Documents attached to an article, in an order.

use serde::{Deserialize, Serialize};

use crate::ids::MediaId;

/// Most documents attached to one article.
pub const MAX_ATTACHMENTS: usize = 20;

/// An attached document as it comes from a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AttachmentInput {
    /// Which.
    pub media: MediaId,
    /// What readers click on; the file's name when absent.
    pub title: Option<String>,
}

/// An attached document. What lists and feeds say of the file stands here, so that they need not look it up; the file of a
/// [`MediaId`] never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// Which.
    pub media: MediaId,
    /// What readers click on.
    pub title: String,
    /// The file's name.
    pub file_name: String,
    /// Its media type.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
}
