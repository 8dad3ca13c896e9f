//! The libraries of sites, and who may see which file.

use lienthong_domain::access::{Actor, OwnOr, act};
use lienthong_domain::ids::{MediaId, SiteId};
use lienthong_domain::media::{Media, MediaKind};
use lienthong_domain::scope::ScopeKey;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::live_entries::{Listing, Order, Part};
use lienthong_persistence::media::{self, Shown};

use crate::app::App;
use crate::error::Error;
use crate::queries::PageRequest;
use crate::queries::page::cut;

/// One page of a library, the latest first.
#[derive(Debug, Clone)]
pub struct MediaPage {
    /// The files.
    pub media: Vec<Media>,
    /// Whether the list goes on after them.
    pub has_next: bool,
    /// The cursor of the last of them.
    pub end: Option<String>,
}

/// A file of a library.
///
/// # Errors
/// [`Error::NotFound`] outside the permit or for a file of others; [`Error::Store`].
pub async fn find(app: &App, permit: &OwnOr<act::ReadDraft>, id: MediaId, now: Timestamp) -> Result<Shown, Error> {
    let found = media::shown(app.store(), id, now).await?;
    found.filter(|shown| reaches(permit, &shown.media)).ok_or(Error::NotFound("media"))
}

/// The files of a library: everybody's, or one's own where the permit reaches no further. One statement.
///
/// # Errors
/// [`Error::NotFound`] for a site outside the permit; [`Error::BadRequest`], [`Error::InvalidCursor`]; [`Error::Store`].
pub async fn page(
    app: &App,
    permit: &OwnOr<act::ReadDraft>,
    (site, kind): (SiteId, Option<MediaKind>),
    (first, after): (Option<u32>, Option<String>),
) -> Result<MediaPage, Error> {
    if !permit.scope().contains(site) {
        return Err(Error::NotFound("site"));
    }
    let listing = listing(site);
    let request = PageRequest { first, after, ..PageRequest::default() };
    let (count, part) = request.part(&app.cursors(), &listing)?;
    let (Part::First(key) | Part::Last(key)) = part;
    let mut found = media::list(app.store(), (permit, site), kind, (key, count + 1)).await?;
    let (has_next, _) = cut(&mut found, (count, part));
    let end = found.last().map(|last| app.cursors().sign(&listing, media::key(last)));
    Ok(MediaPage { media: found, has_next, end })
}

/// A file as `viewer` may see it: everybody what something public uses, those with a role what something internal uses,
/// those who may see drafts everything. The second value tells whether everybody may.
///
/// # Errors
/// [`Error::NotFound`] for everybody else, as if there were no such file; [`Error::Store`].
pub async fn seen_by(app: &App, viewer: Option<&Actor>, id: MediaId, now: Timestamp) -> Result<(Media, bool), Error> {
    let Shown { media, is_public, is_internal } =
        media::shown(app.store(), id, now).await?.ok_or(Error::NotFound("media"))?;
    let may = |viewer: &Actor| {
        let drafts = viewer.permit_or_own::<act::ReadDraft>().is_ok_and(|permit| reaches(&permit, &media));
        drafts
            || (is_internal
                && viewer.permit::<act::ReadInternal>().is_ok_and(|permit| permit.scope().contains(media.site)))
    };
    if is_public || viewer.is_some_and(may) { Ok((media, is_public)) } else { Err(Error::NotFound("media")) }
}

fn reaches(permit: &OwnOr<act::ReadDraft>, media: &Media) -> bool {
    permit.reaches(media.site, media.uploader == permit.actor())
}

/// What a cursor is bound to.
fn listing(site: SiteId) -> Listing {
    Listing {
        scope: ScopeKey::media(site),
        order: Order::Published,
        from: None,
        to: None,
        language: None,
        article_kind: None,
        categories: Vec::new(),
        topics: Vec::new(),
    }
}
