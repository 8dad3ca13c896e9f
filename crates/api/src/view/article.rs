//! An article with the reference data it names.

use std::borrow::Cow;
use std::sync::Arc;

use lienthong_app::Snapshot;
use lienthong_app::queries::LiveHeader;
use lienthong_domain::article::{Cover, Source};
use lienthong_domain::correction::Mention;
use lienthong_domain::ids::EntryId;
use lienthong_domain::media::Attachment;
use lienthong_domain::registry::{Category, Site, Topic};
use lienthong_domain::series::Series;
use lienthong_domain::time::Timestamp;

use super::MediaBase;
use crate::reading::Reading;

/// A live article as the public sees it.
#[derive(Debug, Clone)]
pub(crate) struct ArticleView {
    header: Arc<LiveHeader>,
    reference: Arc<Snapshot>,
    media: MediaBase,
    now: Timestamp,
}

/// What an article corrects.
#[derive(Debug, Clone)]
pub(crate) struct CorrectedView {
    pub(crate) entry: EntryId,
    /// What is shown of it, as long as it is public.
    pub(crate) shown: Option<MentionView>,
}

/// An article that another one names, with its public address.
#[derive(Debug, Clone)]
pub(crate) struct MentionView {
    pub(crate) url: String,
    pub(crate) mention: Mention,
}

impl ArticleView {
    pub(crate) fn new(header: impl Into<Arc<LiveHeader>>, reading: &Reading) -> Self {
        let Reading { reference, media, now, .. } = reading;
        Self { header: header.into(), reference: reference.clone(), media: media.clone(), now: *now }
    }

    pub(crate) fn header(&self) -> &LiveHeader {
        &self.header
    }

    pub(crate) fn site(&self) -> Option<&Arc<Site>> {
        self.reference.sites.get(self.header.site)
    }

    pub(crate) fn category(&self) -> Option<&Arc<Category>> {
        self.reference.categories.get(self.header.category?)
    }

    pub(crate) fn topic(&self) -> Option<&Arc<Topic>> {
        self.reference.topics.get(self.header.topic?)
    }

    pub(crate) fn series(&self) -> Option<&Arc<Series>> {
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

    /// What it corrects; `None` when it corrects nothing.
    pub(crate) fn corrects(&self) -> Option<CorrectedView> {
        let entry = self.header.corrects?;
        let shown: Option<Mention> = read_json(self.header.corrected.as_deref());
        let shown = shown.filter(|mention| mention.is_visible(self.now)).map(|mention| self.mentioned(mention));
        Some(CorrectedView { entry, shown })
    }

    /// Its corrections that are public, newest first.
    pub(crate) fn corrections(&self) -> Vec<MentionView> {
        let shown: Vec<Mention> = read_json(self.header.corrections.as_deref()).unwrap_or_default();
        let visible = shown.into_iter().filter(|mention| mention.is_visible(self.now));
        visible.map(|mention| self.mentioned(mention)).collect()
    }

    /// When what is shown of it changed last: a new edition, or a correction that came or went.
    pub(crate) fn modified_at(&self) -> Timestamp {
        self.header.corrected_at.map_or(self.header.modified_at, |at| at.max(self.header.modified_at))
    }

    /// Articles that correct each other stand on one site.
    fn mentioned(&self, mention: Mention) -> MentionView {
        let url = self.site().map_or_else(String::new, |site| site.article_url(&mention.slug));
        MentionView { url, mention }
    }

    pub(crate) const fn media(&self) -> &MediaBase {
        &self.media
    }

    /// Key id and detached JWS; read with the body.
    pub(crate) fn signature(&self) -> Option<(String, String)> {
        let (key, bytes) = self.header.body.as_ref()?.signature?;
        Some(lienthong_app::proof::detached(self.header.site, key, &bytes))
    }

    pub(crate) fn body_html(&self) -> Option<Cow<'_, str>> {
        self.header.body.as_ref().map(|body| self.media.text(body.html.as_str()))
    }
}

/// Reads what this program itself stored as JSON.
fn read_json<T: serde::de::DeserializeOwned>(stored: Option<&str>) -> Option<T> {
    let stored = stored?;
    serde_json::from_str(stored).inspect_err(|error| tracing::error!(%error, "a stored value cannot be read")).ok()
}
