use lienthong_app::commands::media::Upload as AppUpload;
use lienthong_domain::ids::MediaId;
use lienthong_domain::media::{self, Description};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Rendition, SiteRef, Time, global_id};
use crate::ids::NodeType;
use crate::reading::Reading;

/// A file of a site's library, as those see it who may use it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct Media {
    /// Id, for `cover.media` and `attachments.media`.
    pub(in crate::rest) id: String,
    /// The site whose it is.
    #[schema(required)]
    site: Option<SiteRef>,
    /// Image or document.
    kind: MediaKind,
    /// The name it was uploaded under, with the ending that its bytes ask for.
    #[schema(example = "KH-12-UBND.pdf")]
    file_name: String,
    /// What the file was, by its bytes.
    #[serde(rename = "mediaType")]
    #[schema(value_type = String, example = "application/pdf")]
    content_type: &'static str,
    /// Bytes of what is kept.
    #[schema(example = 482_133)]
    size: u64,
    /// SHA-256 of the file as it was uploaded, in hexadecimal digits.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    sha256: String,
    /// Width in pixels, of an image.
    #[schema(required)]
    width: Option<u32>,
    /// Height in pixels, of an image.
    #[schema(required)]
    height: Option<u32>,
    /// What the image shows, for those who do not see it.
    #[schema(required)]
    alt: Option<String>,
    /// Caption.
    #[schema(required)]
    caption: Option<String>,
    /// Photographer or source.
    #[schema(required)]
    credit: Option<String>,
    /// Absolute address of the document, or of the image in a common width. Whoever may not see it finds nothing there.
    url: String,
    /// The image in all widths and codings, narrowest first.
    renditions: Vec<Rendition>,
    /// When it was uploaded.
    created_at: Time,
    /// Counts the changes of what is said of it.
    #[schema(example = 1)]
    version: u32,
}

/// `image` is shown, `document` is attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(in crate::rest) enum MediaKind {
    /// Shown in articles.
    Image,
    /// Attached, for readers to save.
    Document,
}

/// One page of a library.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct MediaList {
    /// The files, latest first.
    pub(in crate::rest) data: Vec<Media>,
    /// Whether the list goes on after them.
    pub(in crate::rest) has_next_page: bool,
    /// Cursor of the last of them.
    #[schema(required)]
    pub(in crate::rest) end_cursor: Option<String>,
}

/// A file on its way.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::rest) struct Upload {
    /// Bytes in all.
    #[schema(example = 10_485_760)]
    length: u64,
    /// Bytes that have arrived; the next piece begins there.
    #[schema(example = 4_194_304)]
    offset: u64,
    /// From when on it is forgotten, unless it goes on.
    expires_at: Time,
    /// Id of the file in the library, once it is there.
    #[schema(required)]
    media: Option<String>,
}

impl Media {
    pub(in crate::rest) fn new(of: media::Media, reading: &Reading) -> Self {
        let kind = of.kind().into();
        let media::Media {
            id,
            site,
            media_type,
            file_name,
            digest,
            size,
            stored: _,
            dimensions,
            description: Description { alt, caption, credit },
            uploader: _,
            created_at,
            version,
        } = of;
        let (width, height) = dimensions.unzip();
        let renditions = width.map(|width| reading.media.renditions(id, width)).unwrap_or_default();
        Self {
            id: media_id(id),
            site: reading.reference.sites.get(site).map(Into::into),
            kind,
            url: match kind {
                MediaKind::Image => reading.media.rendition(id, media::Rendition::DEFAULT),
                MediaKind::Document => reading.media.document(id, file_name.as_str()),
            },
            file_name: file_name.to_string(),
            content_type: media_type.as_str(),
            size,
            sha256: media::hex(&digest),
            width,
            height,
            alt,
            caption,
            credit,
            renditions: renditions.into_iter().map(Into::into).collect(),
            created_at: Time(created_at),
            version: version.get(),
        }
    }
}

impl From<AppUpload> for Upload {
    fn from(of: AppUpload) -> Self {
        let AppUpload { id: _, site: _, actor: _, file_name: _, length, received, begun_at: _, expires_at, media } = of;
        Self { length, offset: received, expires_at: Time(expires_at), media: media.map(media_id) }
    }
}

pub(in crate::rest) fn media_id(id: MediaId) -> String {
    global_id(NodeType::Media, id.as_uuid())
}

impl From<media::MediaKind> for MediaKind {
    fn from(kind: media::MediaKind) -> Self {
        match kind {
            media::MediaKind::Image => Self::Image,
            media::MediaKind::Document => Self::Document,
        }
    }
}

impl From<MediaKind> for media::MediaKind {
    fn from(kind: MediaKind) -> Self {
        match kind {
            MediaKind::Image => Self::Image,
            MediaKind::Document => Self::Document,
        }
    }
}
