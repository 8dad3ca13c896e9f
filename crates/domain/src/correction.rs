//! Corrections (đính chính): articles that put right what another article has said.
//!
//! Whoever has published wrong information corrects it, and in the same form (Luật Tiếp cận thông tin 104/2016, Đ22). A
//! correction is therefore an article like any other, with its own editions and its own way to the public. What it corrects is
//! fixed when it is made: an article that is older and has been public. So no article can correct itself, nor two each other.

use serde::{Deserialize, Serialize};

use crate::entry::Entry;
use crate::ids::EntryId;
use crate::time::Timestamp;

/// Most corrections that are shown beside an article, the newest ones.
pub const MAX_SHOWN: usize = 50;

/// What is shown of one article beside another: enough to name it and to lead there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mention {
    /// The article.
    pub entry: EntryId,
    /// Address on the site, which both share.
    pub slug: String,
    /// Title.
    pub title: String,
    /// Identity in feeds.
    pub tag_uri: String,
    /// Start of its current run in public.
    pub published_at: Timestamp,
    /// Moment after which it is no longer shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visible_until: Option<Timestamp>,
}

impl Mention {
    /// Whether the public still sees the article at `now`.
    pub fn is_visible(&self, now: Timestamp) -> bool {
        self.visible_until.is_none_or(|until| until > now)
    }
}

impl Entry {
    /// Whether another article of the site can correct it: the public has read it at some time.
    pub const fn can_be_corrected(&self) -> bool {
        self.first_published_at.is_some()
    }
}
