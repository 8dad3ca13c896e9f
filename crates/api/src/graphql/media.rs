//! The libraries of sites.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};

use lienthong_app::Error;
use lienthong_app::commands::media as commands;
use lienthong_app::queries::media as queries;
use lienthong_domain::access::act;
use lienthong_domain::entry::Version;
use lienthong_domain::media;

use crate::error::ApiError;
use crate::graphql::article::Rendition;
use crate::graphql::mutation::{UserError, media_id, mendable};
use crate::graphql::scalar::DateTime;
use crate::graphql::site::Site;
use crate::ids::{GlobalId, NodeType};
use crate::reading::Reading;

/// What those who write read of the libraries.
pub(crate) struct MediaQuery;

/// What is changed in libraries. Files come in over REST.
pub(crate) struct MediaMutation;

/// A file of a site's library (ảnh, tài liệu), as those see it who may use it.
pub(crate) struct Media(media::Media);

/// Image or document.
#[derive(Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "media::MediaKind")]
pub(crate) enum MediaKind {
    /// Shown in articles.
    Image,
    /// Attached, for readers to save.
    Document,
}

/// One page of a library, latest first.
#[derive(SimpleObject)]
pub(crate) struct MediaPage {
    /// The files of the page.
    nodes: Vec<Media>,
    /// Whether the list goes on after them.
    has_next_page: bool,
    /// Cursor of the last of them.
    end_cursor: Option<String>,
}

/// What is said of a file. What is left out is blank afterwards.
#[derive(InputObject)]
pub(crate) struct MediaDescriptionInput {
    /// What the image shows, for those who do not see it; at most 300 characters.
    alt: Option<String>,
    /// Caption.
    caption: Option<String>,
    /// Photographer or source.
    credit: Option<String>,
}

/// The outcome of a change in a library.
#[derive(SimpleObject)]
pub(crate) struct MediaPayload {
    /// The file; none when there are errors.
    media: Option<Media>,
    /// What is to be mended; empty after a success.
    errors: Vec<UserError>,
}

#[Object]
impl Media {
    /// Id, for the cover and the attachments of articles.
    async fn id(&self) -> ID {
        ID(GlobalId::new(NodeType::Media, self.0.id.as_uuid()).to_string())
    }

    /// The site whose it is.
    async fn site(&self, ctx: &Context<'_>) -> Option<Site> {
        Reading::of(ctx).reference.sites.get(self.0.site).cloned().map(Site)
    }

    /// Image or document.
    async fn kind(&self) -> MediaKind {
        self.0.kind().into()
    }

    /// The name it was uploaded under, with the ending that its bytes ask for.
    async fn file_name(&self) -> &str {
        self.0.file_name.as_str()
    }

    /// What the file was, by its bytes.
    async fn media_type(&self) -> &str {
        self.0.media_type.as_str()
    }

    /// Bytes of what is kept.
    async fn size(&self) -> u64 {
        self.0.size
    }

    /// SHA-256 of the file as it was uploaded, in hexadecimal digits.
    async fn sha256(&self) -> String {
        media::hex(&self.0.digest)
    }

    /// Width in pixels, of an image.
    async fn width(&self) -> Option<u32> {
        self.0.dimensions.map(|(width, _)| width)
    }

    /// Height in pixels, of an image.
    async fn height(&self) -> Option<u32> {
        self.0.dimensions.map(|(_, height)| height)
    }

    /// What the image shows, for those who do not see it.
    async fn alt(&self) -> Option<&str> {
        self.0.description.alt.as_deref()
    }

    /// Caption.
    async fn caption(&self) -> Option<&str> {
        self.0.description.caption.as_deref()
    }

    /// Photographer or source.
    async fn credit(&self) -> Option<&str> {
        self.0.description.credit.as_deref()
    }

    /// Absolute address of the document, or of the image in a common width. Whoever may not see it finds nothing there.
    async fn url(&self, ctx: &Context<'_>) -> String {
        let base = &Reading::of(ctx).media;
        match self.0.kind() {
            media::MediaKind::Image => base.rendition(self.0.id, media::Rendition::DEFAULT),
            media::MediaKind::Document => base.document(self.0.id, self.0.file_name.as_str()),
        }
    }

    /// The image in all widths and codings, narrowest first.
    async fn renditions(&self, ctx: &Context<'_>) -> Vec<Rendition> {
        let width = self.0.dimensions.map(|(width, _)| width);
        let renditions = width.map(|width| Reading::of(ctx).media.renditions(self.0.id, width));
        renditions.unwrap_or_default().into_iter().map(Into::into).collect()
    }

    /// When it was uploaded.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Counts the changes of what is said of it. Every change names the version it was made against.
    async fn version(&self) -> u32 {
        self.0.version.get()
    }
}

#[Object]
impl MediaQuery {
    /// A file of a library. Needs the right to read drafts on its site, or to create there for one's own file.
    async fn media(&self, ctx: &Context<'_>, #[graphql(desc = "Id of the file.")] id: ID) -> Result<Media, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit_or_own::<act::ReadDraft>()?;
        Ok(Media(queries::find(&reading.app, &permit, media_id(&id)?, reading.now).await?.media))
    }

    /// The library of a site, latest first. Needs the right to read drafts on the site, or to create there for one's own
    /// files.
    async fn media_library(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Host or id of the site.")] site: String,
        #[graphql(desc = "Only images, or only documents.")] kind: Option<MediaKind>,
        #[graphql(desc = "How many, 1 to 100; 20 by default.")] first: Option<u32>,
        #[graphql(desc = "Cursor after which to go on.")] after: Option<String>,
    ) -> Result<MediaPage, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit_or_own::<act::ReadDraft>()?;
        let site = reading.named().site(&site).ok_or(Error::NotFound("site"))?.id;
        let page = queries::page(&reading.app, &permit, (site, kind.map(Into::into)), (first, after)).await?;
        let queries::MediaPage { media, has_next, end } = page;
        Ok(MediaPage { nodes: media.into_iter().map(Media).collect(), has_next_page: has_next, end_cursor: end })
    }
}

#[Object]
impl MediaMutation {
    /// Says what a file shows and whose it is. Articles keep what they took over when they were written. Needs the right to
    /// edit on the site, or to create there for one's own file.
    async fn describe_media(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the file.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
        #[graphql(desc = "What is said of it.")] input: MediaDescriptionInput,
    ) -> Result<MediaPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit_or_own::<act::Edit>()?;
        let MediaDescriptionInput { alt, caption, credit } = input;
        let describe = async {
            let seen = (media_id(&id)?, Version::new(version));
            let description = media::DescriptionInput { alt, caption, credit };
            commands::describe(&reading.app, &permit, (seen, description), reading.now).await
        };
        MediaPayload::of(describe.await)
    }

    /// Takes a file that no edition uses out of its library. Needs the right to edit on the site, or to create there for
    /// one's own file.
    async fn delete_media(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the file.")] id: ID,
        #[graphql(desc = "The version that was read.")] version: u32,
    ) -> Result<MediaPayload, ApiError> {
        let reading = Reading::of(ctx);
        let permit = reading.permit_or_own::<act::Edit>()?;
        let delete = async {
            let seen = (media_id(&id)?, Version::new(version));
            commands::delete(&reading.app, &permit, seen, reading.now).await
        };
        MediaPayload::of(delete.await)
    }
}

impl MediaPayload {
    fn of(outcome: Result<media::Media, Error>) -> Result<Self, ApiError> {
        match outcome {
            Ok(media) => Ok(Self { media: Some(Media(media)), errors: Vec::new() }),
            Err(error) => Ok(Self { media: None, errors: mendable(error)? }),
        }
    }
}
