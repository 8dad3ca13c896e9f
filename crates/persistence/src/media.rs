//! The libraries of sites.

use std::collections::BTreeSet;

use sea_orm::{DbBackend, EntityTrait as _, Set};
use uuid::Uuid;

use lienthong_domain::access::{Action, OwnOr, SiteScope};
use lienthong_domain::entry::Version;
use lienthong_domain::ids::{ActorId, EntryId, MediaId, SiteId};
use lienthong_domain::media::{Description, Digest, FileName, Media, MediaKind, MediaType};
use lienthong_domain::time::Timestamp;

use crate::entity::media;
use crate::error::Error;
use crate::live_entries::Key;
use crate::row::{Columns, FromRow};
use crate::sql::Sql;
use crate::store::{Store, Tx};

/// A file, and who may see it besides those who may see drafts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The file.
    pub media: Media,
    /// Whether something public uses it.
    pub is_public: bool,
    /// Whether something internal does.
    pub is_internal: bool,
}

const COLUMNS: &str = "m.id, m.site_id, m.media_type, m.file_name, m.digest, m.size, m.stored, m.width, m.height, \
     m.alt, m.caption, m.credit, m.uploader_id, m.created_at, m.version";

/// Saves a new file.
///
/// # Errors
/// [`Error::Duplicate`] when the site has it already.
pub async fn insert(tx: &Tx, media: &Media) -> Result<(), Error> {
    media::Entity::insert(row(media)).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// Saves what is said of a file.
///
/// # Errors
/// When the database refuses.
pub async fn save(tx: &Tx, media: &Media) -> Result<(), Error> {
    media::Entity::update(row(media)).exec(tx.conn()).await?;
    Ok(())
}

/// Takes a file out of its library. What was stored of it is removed by the clean-up, when nothing else has the same bytes.
///
/// # Errors
/// When the database refuses, as it does while an edition uses the file.
pub async fn delete(tx: &Tx, media: MediaId) -> Result<(), Error> {
    media::Entity::delete_by_id(media.as_uuid()).exec(tx.conn()).await?;
    Ok(())
}

/// Reads a file within `scope` for a change: nobody else changes it until the transaction ends.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn lock(tx: &Tx, scope: &SiteScope, id: MediaId) -> Result<Option<Media>, Error> {
    let mut sql = select().push(" WHERE m.id = ").bind(id.as_uuid());
    if tx.backend() == DbBackend::Postgres {
        sql = sql.push(" FOR UPDATE");
    }
    let found: Vec<Media> = tx.all(sql).await?;
    Ok(found.into_iter().find(|media| scope.contains(media.site)))
}

/// Those of the files `ids` that are in the library of `site`.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn of_site(tx: &Tx, site: SiteId, ids: &BTreeSet<MediaId>) -> Result<Vec<Media>, Error> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = select().push(" WHERE m.site_id = ").bind(site.as_uuid());
    tx.all(sql.push(" AND m.id IN ").bind_list(ids.iter().map(|id| id.as_uuid()))).await
}

/// The file that a site has of just these bytes.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn by_digest(store: &Store, site: SiteId, digest: &Digest) -> Result<Option<Media>, Error> {
    let sql = select().push(" WHERE m.site_id = ").bind(site.as_uuid());
    store.reader.first(sql.push(" AND m.digest = ").bind(digest.to_vec())).await
}

/// A file, and who may see it at `now`: one statement.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn shown(store: &Store, id: MediaId, now: Timestamp) -> Result<Option<Shown>, Error> {
    let public = "EXISTS (SELECT 1 FROM media_use u JOIN live_entry e ON e.entry_id = u.entry_id \
         AND e.edition_id = u.edition_id WHERE u.media_id = m.id";
    let internal = "EXISTS (SELECT 1 FROM media_use u JOIN internal_entry i ON i.entry_id = u.entry_id \
         AND i.edition_id = u.edition_id WHERE u.media_id = m.id)";
    let sql = Sql::new(format!("SELECT {COLUMNS}, CASE WHEN {public}"));
    let sql = crate::live_entries::visible(sql, now).push(") THEN 1 ELSE 0 END, ");
    let sql = sql.push(&format!("CASE WHEN {internal} THEN 1 ELSE 0 END FROM media m WHERE m.id = "));
    store.reader.first(sql.bind(id.as_uuid())).await
}

/// Up to `limit` files of the libraries of `sites`, the latest first, after `key`, as far as the permit reaches: everybody's,
/// or one's own. One statement.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn list<A: Action>(
    store: &Store,
    (permit, site): (&OwnOr<A>, SiteId),
    kind: Option<MediaKind>,
    (key, limit): (Option<Key>, u32),
) -> Result<Vec<Media>, Error> {
    let mut sql = select().push(" WHERE m.site_id = ").bind(site.as_uuid());
    if !permit.any().contains(site) {
        sql = sql.push(" AND m.uploader_id = ").bind(permit.actor().as_uuid());
    }
    if let Some(kind) = kind {
        sql = sql.push(" AND m.kind = ").bind(kind.as_str());
    }
    if let Some(key) = key {
        sql = sql.push(" AND (m.created_at, m.id) < (").bind(key.at.as_micros());
        sql = sql.push(", ").bind(key.entry.as_uuid()).push(")");
    }
    store.reader.all(sql.push(" ORDER BY m.created_at DESC, m.id DESC LIMIT ").bind(i64::from(limit))).await
}

/// Where a file stands in the list of its library.
pub const fn key(media: &Media) -> Key {
    Key { at: media.created_at, entry: EntryId::from_uuid(media.id.as_uuid()) }
}

/// Whether any edition, past ones included, uses a file.
///
/// # Errors
/// When the database does not answer.
pub async fn is_used(tx: &Tx, media: MediaId) -> Result<bool, Error> {
    let sql = Sql::new("SELECT COUNT(*) FROM (SELECT 1 AS one FROM media_use WHERE media_id = $1 LIMIT 1) used");
    let counted: Vec<i64> = tx.all(sql.value(media.as_uuid())).await?;
    Ok(counted.first().is_some_and(|count| *count > 0))
}

/// Those of the digests that some library stores something under. At most a few thousand.
///
/// # Errors
/// When the database does not answer.
pub async fn stored(store: &Store, digests: &BTreeSet<Digest>) -> Result<BTreeSet<Digest>, Error> {
    if digests.is_empty() {
        return Ok(BTreeSet::new());
    }
    let sql = Sql::new("SELECT DISTINCT m.stored FROM media m WHERE m.stored IN ");
    let rows: Vec<DigestRow> = store.reader.all(sql.bind_list(digests.iter().map(|it| it.to_vec()))).await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

fn select() -> Sql {
    Sql::new(format!("SELECT {COLUMNS} FROM media m"))
}

fn row(of: &Media) -> media::ActiveModel {
    let Media {
        id,
        site,
        media_type,
        file_name,
        digest,
        size,
        stored,
        dimensions,
        description: Description { alt, caption, credit },
        uploader,
        created_at,
        version,
    } = of;
    media::ActiveModel {
        id: Set(id.as_uuid()),
        site_id: Set(site.as_uuid()),
        kind: Set(media_type.kind().as_str().to_owned()),
        media_type: Set(media_type.as_str().to_owned()),
        file_name: Set(file_name.as_str().to_owned()),
        digest: Set(digest.to_vec()),
        size: Set(size.cast_signed()),
        stored: Set(stored.to_vec()),
        width: Set(dimensions.map(|(width, _)| width.cast_signed())),
        height: Set(dimensions.map(|(_, height)| height.cast_signed())),
        alt: Set(alt.clone()),
        caption: Set(caption.clone()),
        credit: Set(credit.clone()),
        uploader_id: Set(uploader.as_uuid()),
        created_at: Set(created_at.as_micros()),
        version: Set(version.get().cast_signed()),
    }
}

fn digest(columns: &mut Columns<'_>) -> Result<Digest, Error> {
    let bytes: Vec<u8> = columns.take()?;
    bytes.try_into().map_err(|_| Error::corrupt("media", "a digest that has not 32 bytes"))
}

struct DigestRow(Digest);

impl FromRow for DigestRow {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        digest(columns).map(Self)
    }
}

impl FromRow for Media {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let (id, site) = (MediaId::from_uuid(columns.take()?), SiteId::from_uuid(columns.take()?));
        let media_type: String = columns.take()?;
        let media_type =
            MediaType::parse(&media_type).ok_or_else(|| Error::corrupt("media", format!("type {media_type}")))?;
        let file_name = FileName::from_stored(columns.take()?);
        let (sha, bytes, kept) = (digest(columns)?, columns.take::<i64>()?.cast_unsigned(), digest(columns)?);
        let (width, height) = (columns.take::<Option<i32>>()?, columns.take::<Option<i32>>()?);
        let dimensions = width.zip(height).map(|(width, height)| (width.cast_unsigned(), height.cast_unsigned()));
        Ok(Self {
            id,
            site,
            media_type,
            file_name,
            digest: sha,
            size: bytes,
            stored: kept,
            dimensions,
            description: Description { alt: columns.take()?, caption: columns.take()?, credit: columns.take()? },
            uploader: ActorId::from_uuid(columns.take::<Uuid>()?),
            created_at: Timestamp::from_micros(columns.take()?),
            version: Version::new(columns.take::<i32>()?.cast_unsigned()),
        })
    }
}

impl FromRow for Shown {
    fn from_row(columns: &mut Columns<'_>) -> Result<Self, Error> {
        let media = Media::from_row(columns)?;
        Ok(Self { media, is_public: columns.take::<i32>()? != 0, is_internal: columns.take::<i32>()? != 0 })
    }
}
