//! Renditions: made when somebody asks for one, once, and kept.

use std::ops::Range;

use bytes::Bytes;
use futures::StreamExt as _;

use lienthong_domain::media::{Media, MediaKind, Rendition};
use lienthong_media::{Kept, Stored, VaultError, rendition};

use crate::error::Error;
use crate::library::Library;

impl Library {
    /// A picture made of an image.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a document; [`Error::Vault`].
    pub async fn rendition(&self, media: &Media, wanted: Rendition) -> Result<Bytes, Error> {
        let (MediaKind::Image, Some((width, height))) = (media.kind(), media.dimensions) else {
            return Err(Error::NotFound("rendition"));
        };
        let kept = Kept::Rendition(media.stored, wanted);
        if let Some(bytes) = self.kept(&kept).await? {
            return Ok(bytes);
        }
        let [first, ..] = media.stored;
        let _one = match self.making.get(usize::from(first) % self.making.len()) {
            Some(making) => Some(making.lock().await),
            None => None,
        };
        if let Some(bytes) = self.kept(&kept).await? {
            return Ok(bytes);
        }
        let whole = self.vault.read(&Kept::Whole(media.stored)).await?;
        let pixels = u64::from(width) * u64::from(height);
        let made = self.workshop.work(pixels, move || rendition(&whole, wanted)).await;
        let bytes = Bytes::from(made.map_err(|error| Error::Internal(error.to_string()))??);
        self.vault.put(&kept, bytes.clone()).await?;
        Ok(bytes)
    }

    /// A document as it was uploaded, or a part of it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an image, whose file as uploaded is not kept; [`Error::Vault`].
    pub async fn document(&self, media: &Media, range: Option<Range<u64>>) -> Result<Stored, Error> {
        if media.kind() != MediaKind::Document {
            return Err(Error::NotFound("document"));
        }
        Ok(self.vault.get(&Kept::Whole(media.stored), range).await?)
    }

    async fn kept(&self, kept: &Kept) -> Result<Option<Bytes>, Error> {
        match self.vault.read(kept).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(VaultError::Missing) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The bytes of a stored part, one piece after another.
    pub(crate) async fn pieces(
        &self,
        kept: &Kept,
    ) -> Result<impl futures::Stream<Item = Result<Bytes, VaultError>> + Unpin + use<>, Error> {
        Ok(self.vault.get(kept, None).await?.bytes.boxed())
    }
}
