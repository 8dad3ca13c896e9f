//! What has to be said of the images of an article before it is published.

use serde::Deserialize;

use crate::article::{Article, FieldError, FieldRule};
use crate::ids::MediaId;
use crate::media::body;

/// What a site asks for, as its template decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MediaRule {
    /// What the image shows, for those who do not see it.
    pub alt: bool,
    /// Who made it.
    pub credit: bool,
}

impl Default for MediaRule {
    fn default() -> Self {
        Self { alt: true, credit: true }
    }
}

impl MediaRule {
    /// Whether there is something in `article` that the rule is about.
    pub fn concerns(article: &Article) -> bool {
        article.cover.as_ref().is_some_and(|cover| cover.media.is_some()) || article.body.as_str().contains("<img ")
    }

    /// Checks the cover, where it is a file of ours, and the images of the body. `has_credit` tells of a file whether its
    /// library entry names a source; images from elsewhere have none.
    ///
    /// # Errors
    /// Every field that lacks something.
    pub fn check(self, article: &Article, has_credit: impl Fn(MediaId) -> bool) -> Result<(), Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut missing = |field| errors.push(FieldError { field, rule: FieldRule::NeededToPublish });
        if let Some(cover) = article.cover.as_ref().filter(|cover| cover.media.is_some()) {
            if self.alt && cover.alt.is_empty() {
                missing("cover.alt");
            }
            if self.credit && cover.credit.is_none() {
                missing("cover.credit");
            }
        }
        let images = body::images(article.body.as_str());
        if self.alt && images.iter().any(|image| !image.has_alt) {
            missing("body.alt");
        }
        if self.credit && images.iter().filter_map(|image| image.media).any(|media| !has_credit(media)) {
            missing("body.credit");
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}
