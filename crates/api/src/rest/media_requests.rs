//! What editors send of the media that an article uses.

use lienthong_app::Error;
use lienthong_domain::article::{self, FieldError, FieldRule};
use lienthong_domain::media;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::reading::Reading;
use crate::view::media_id;

/// The lead image of an article.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CoverInput {
    /// Id of an image of the site's library; what is left out beside it is taken from there.
    media: Option<String>,
    /// Absolute address of an image that is not of the library.
    #[schema(example = "https://xuanhai.nghixuan.hatinh.gov.vn/anh/tiep-cong-dan.jpg")]
    url: Option<String>,
    /// What the image shows, for those who do not see it. Needed, unless it is of the library.
    #[schema(example = "Phòng tiếp công dân của xã")]
    alt: Option<String>,
    /// Caption.
    caption: Option<String>,
    /// Photographer or source.
    credit: Option<String>,
    /// Width in pixels.
    #[schema(example = 1200)]
    width: Option<u32>,
    /// Height in pixels.
    #[schema(example = 800)]
    height: Option<u32>,
}

/// A document to be attached.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct AttachmentInput {
    /// Id of a document of the site's library.
    media: String,
    /// What readers click on; the file's name when absent.
    #[schema(example = "Kế hoạch chuyển đổi số năm 2026")]
    title: Option<String>,
}

impl CoverInput {
    pub(super) fn parse(self, reading: &Reading) -> Result<article::Cover, Error> {
        let Self { media, url, alt, caption, credit, width, height } = self;
        let media = media.map(|id| media_id(&id).ok_or_else(|| unknown("cover.media"))).transpose()?;
        let (url, alt) = (url.unwrap_or_default(), alt.unwrap_or_default());
        Ok(reading.media.shown(article::Cover { media, url, alt, caption, credit, width, height }))
    }
}

impl AttachmentInput {
    pub(super) fn parse(self) -> Result<media::AttachmentInput, Error> {
        let Self { media, title } = self;
        Ok(media::AttachmentInput { media: media_id(&media).ok_or_else(|| unknown("attachments.media"))?, title })
    }
}

fn unknown(field: &'static str) -> Error {
    Error::Invalid(vec![FieldError { field, rule: FieldRule::Unknown }])
}
