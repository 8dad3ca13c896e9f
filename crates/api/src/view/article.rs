//! An article with the reference data it names.

use std::sync::Arc;

use lienthong_app::Snapshot;
use lienthong_app::queries::LiveHeader;
use lienthong_domain::article::{Cover, Source};
use lienthong_domain::media::Attachment;
use lienthong_domain::registry::{Category, Site, Topic};
use lienthong_domain::series::Series;

use super::MediaBase;

/// A live article as the public sees it.
#[derive(Debug, Clone)]
pub(crate) struct ArticleView {
    header: Arc<LiveHeader>,
    reference: Arc<Snapshot>,
    media: MediaBase,
}

impl ArticleView {
    pub(crate) const fn new(header: Arc<LiveHeader>, reference: Arc<Snapshot>, media: MediaBase) -> Self {
        Self { header, reference, media }
    }

    pub(crate) fn header(&self) -> &LiveHeader {
        &self.header
    }

    pub(crate) fn site(&self) -> Option<&Site> {
        self.reference.sites.get(self.header.site)
    }

    pub(crate) fn category(&self) -> Option<&Category> {
        self.reference.categories.get(self.header.category?)
    }

    pub(crate) fn topic(&self) -> Option<&Topic> {
        self.reference.topics.get(self.header.topic?)
    }

    pub(crate) fn series(&self) -> Option<&Series> {
        self.reference.series.get(self.header.series?)
    }

    /// The public address of the article's page.
    pub(crate) fn url(&self) -> String {
        self.site().map_or_else(String::new, |site| site.article_url(&self.header.slug))
    }

    pub(crate) fn tags(&self) -> Vec<String> {
        read_json(self.header.tags.as_deref()).unwrap_or_default()
    }

    pub(crate) fn source(&self) -> Option<Source> {
        read_json(self.header.source.as_deref())
    }

    pub(crate) fn cover(&self) -> Option<Cover> {
        read_json(self.header.cover.as_deref()).map(|cover| self.media.shown(cover))
    }

    pub(crate) fn attachments(&self) -> Vec<Attachment> {
        read_json(self.header.attachments.as_deref()).unwrap_or_default()
    }

    pub(crate) const fn media(&self) -> &MediaBase {
        &self.media
    }

    /// Key id and detached JWS; read with the body.
    pub(crate) fn signature(&self) -> Option<(String, String)> {
        let (key, bytes) = self.header.body.as_ref()?.signature?;
        Some(lienthong_app::proof::detached(self.header.site, key, &bytes))
    }

    pub(crate) fn body_html(&self) -> Option<&str> {
        self.header.body.as_ref().map(|body| body.html.as_str())
    }
}

/// Reads what this program itself stored as JSON.
fn read_json<T: serde::de::DeserializeOwned>(stored: Option<&str>) -> Option<T> {
    let stored = stored?;
    serde_json::from_str(stored).inspect_err(|error| tracing::error!(%error, "a stored value cannot be read")).ok()
}
