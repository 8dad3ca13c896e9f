//! Writes what is read of a published entry, in the transaction of the publication: `live_*` for the public,
//! `internal_entry` for the people with a role on the site. An entry stands before one audience at a time.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use lienthong_domain::entry::Gone;
use lienthong_domain::ids::{EntryId, SiteId};
use lienthong_domain::internal::{InternalEntry, Projection};
use lienthong_domain::live::LiveEntry;
use lienthong_domain::scope::{ScopeKey, ScopeSet};
use lienthong_domain::time::Timestamp;

use crate::batch::insert_all;
use crate::entity::{internal_entry, live_body, live_entry, live_gone, live_listing, live_listing_updated};
use crate::error::Error;
use crate::relistings;
use crate::site_hosts;
use crate::store::Tx;

/// What a write did before one audience: the scopes of the old and of the new state, `None` for one in which that audience
/// sees nothing of the entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turn {
    /// Until now.
    pub before: Option<ScopeSet>,
    /// From now on.
    pub after: Option<ScopeSet>,
}

/// What a write did before each audience.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turns {
    /// Before everybody.
    pub public: Turn,
    /// Before the people with a role on the site.
    pub internal: Turn,
}

/// Shows `projection` in place of whatever was shown of the entry before. What leaves the public leaves a mark there.
///
/// # Errors
/// When the database refuses.
pub async fn show(tx: &Tx, projection: &Projection, now: Timestamp) -> Result<Turns, Error> {
    let after = Some(projection.scopes());
    Ok(match projection {
        Projection::Public(live) => Turns {
            internal: Turn { before: hide_internal(tx, (live.entry, live.site)).await?, after: None },
            public: Turn { before: show_public(tx, live).await?, after },
        },
        Projection::Internal(internal) => Turns {
            public: Turn { before: hide_public(tx, internal.entry, (Gone::Withdrawn, None), now).await?, after: None },
            internal: Turn { before: show_internal(tx, internal).await?, after },
        },
    })
}

/// Takes an entry of `site` back from whoever sees it. In the public a mark says why, and where its address leads now.
///
/// # Errors
/// When the database refuses.
pub async fn hide(
    tx: &Tx,
    (entry, site): (EntryId, SiteId),
    why: (Gone, Option<&str>),
    now: Timestamp,
) -> Result<Turns, Error> {
    Ok(Turns {
        public: Turn { before: hide_public(tx, entry, why, now).await?, after: None },
        internal: Turn { before: hide_internal(tx, (entry, site)).await?, after: None },
    })
}

/// Returns the scopes in which the public saw the entry before.
async fn show_public(tx: &Tx, live: &LiveEntry) -> Result<Option<ScopeSet>, Error> {
    let old = unlist(tx, live.entry).await?;
    live_entry::Entity::insert(header_row(live)?)
        .on_conflict(replace_header())
        .exec_without_returning(tx.conn())
        .await?;
    live_body::Entity::insert(body_row(live)).on_conflict(replace_body()).exec_without_returning(tx.conn()).await?;
    list(tx, &[live]).await?;
    note_hosts(tx, &[live]).await?;
    live_gone::Entity::delete_by_id(live.entry.as_uuid()).exec(tx.conn()).await?;
    Ok(old)
}

/// Shows entries that have never been shown before.
///
/// # Errors
/// When the database refuses.
pub async fn show_new(tx: &Tx, new: &[Projection]) -> Result<(), Error> {
    let lives: Vec<&LiveEntry> = new.iter().filter_map(Projection::public).collect();
    let headers = lives.iter().map(|live| header_row(live)).collect::<Result<Vec<_>, _>>()?;
    insert_all(tx, headers, None).await?;
    insert_all(tx, lives.iter().map(|live| body_row(live)), None).await?;
    list(tx, &lives).await?;
    note_hosts(tx, &lives).await?;
    insert_all(tx, new.iter().filter_map(Projection::internal).map(internal_row), None).await
}

/// Notes where what becomes public leads to.
async fn note_hosts(tx: &Tx, lives: &[&LiveEntry]) -> Result<(), Error> {
    for sql in site_hosts::insert(lives) {
        tx.execute(sql).await?;
    }
    Ok(())
}

/// Returns the scopes in which the public saw the entry; leaves no mark when it never did.
async fn hide_public(
    tx: &Tx,
    entry: EntryId,
    (why, location): (Gone, Option<&str>),
    now: Timestamp,
) -> Result<Option<ScopeSet>, Error> {
    let id = entry.as_uuid();
    let Some(row) = live_entry::Entity::find_by_id(id).one(tx.conn()).await? else {
        explain(tx, entry, (why, location)).await?;
        return Ok(None);
    };
    relistings::share(tx, row.site_id).await?;
    let old = unlist(tx, entry).await?;
    live_entry::Entity::delete_by_id(id).exec(tx.conn()).await?;
    live_body::Entity::delete_by_id(id).exec(tx.conn()).await?;
    let gone = live_gone::ActiveModel {
        entry_id: Set(id),
        site_id: Set(row.site_id),
        kind: Set(row.kind),
        slug: Set(row.slug),
        reason: Set(why.as_str().to_owned()),
        tag_uri: Set(row.tag_uri),
        location: Set(location.map(str::to_owned)),
        gone_at: Set(now.as_micros()),
    };
    live_gone::Entity::insert(gone).exec_without_returning(tx.conn()).await?;
    Ok(old)
}

/// What is gone already, as under quarantine, is gone for another reason from now on.
async fn explain(tx: &Tx, entry: EntryId, (why, location): (Gone, Option<&str>)) -> Result<(), Error> {
    let mark = live_gone::ActiveModel {
        reason: Set(why.as_str().to_owned()),
        location: Set(location.map(str::to_owned)),
        ..Default::default()
    };
    let of_entry = live_gone::Column::EntryId.eq(entry.as_uuid());
    live_gone::Entity::update_many().set(mark).filter(of_entry).exec(tx.conn()).await?;
    Ok(())
}

/// Returns the scopes in which the entry was internal before.
async fn show_internal(tx: &Tx, internal: &InternalEntry) -> Result<Option<ScopeSet>, Error> {
    let old = hide_internal(tx, (internal.entry, internal.site)).await?;
    internal_entry::Entity::insert(internal_row(internal)).exec_without_returning(tx.conn()).await?;
    Ok(old)
}

/// Returns the scopes in which the entry was internal.
async fn hide_internal(tx: &Tx, (entry, site): (EntryId, SiteId)) -> Result<Option<ScopeSet>, Error> {
    let deleted = internal_entry::Entity::delete_by_id(entry.as_uuid()).exec(tx.conn()).await?;
    Ok((deleted.rows_affected > 0).then(|| InternalEntry::scopes(site)))
}

/// Removes the entry's rows from all lists, by the scopes its header remembers; `None` when there is no header.
async fn unlist(tx: &Tx, entry: EntryId) -> Result<Option<ScopeSet>, Error> {
    let Some(row) = live_entry::Entity::find_by_id(entry.as_uuid()).one(tx.conn()).await? else { return Ok(None) };
    let scopes = ScopeSet::from_bytes(&row.scopes).map_err(|error| Error::corrupt("live_entry", error))?;
    let keys: Vec<Uuid> = scopes.iter().map(key_column).collect();
    live_listing::Entity::delete_many()
        .filter(live_listing::Column::Scope.is_in(keys.iter().copied()))
        .filter(live_listing::Column::PublishedAt.eq(row.published_at))
        .filter(live_listing::Column::EntryId.eq(row.entry_id))
        .exec(tx.conn())
        .await?;
    live_listing_updated::Entity::delete_many()
        .filter(live_listing_updated::Column::Scope.is_in(keys))
        .filter(live_listing_updated::Column::UpdatedAt.eq(row.updated_at))
        .filter(live_listing_updated::Column::EntryId.eq(row.entry_id))
        .exec(tx.conn())
        .await?;
    Ok(Some(scopes))
}

async fn list(tx: &Tx, lives: &[&LiveEntry]) -> Result<(), Error> {
    insert_all(tx, by_publication(lives), None).await?;
    insert_all(tx, by_update(lives), None).await
}

/// The rows of the lists by publication.
pub(crate) fn by_publication(lives: &[&LiveEntry]) -> Vec<live_listing::ActiveModel> {
    let rows = keys_of(lives, |live| live.published_at).into_iter();
    let rows = rows.map(|(scope, at, entry)| live_listing::ActiveModel {
        scope: Set(scope),
        published_at: Set(at.as_micros()),
        entry_id: Set(entry.as_uuid()),
    });
    rows.collect()
}

/// The rows of the lists by update.
pub(crate) fn by_update(lives: &[&LiveEntry]) -> Vec<live_listing_updated::ActiveModel> {
    let rows = keys_of(lives, |live| live.updated_at).into_iter();
    let rows = rows.map(|(scope, at, entry)| live_listing_updated::ActiveModel {
        scope: Set(scope),
        updated_at: Set(at.as_micros()),
        entry_id: Set(entry.as_uuid()),
    });
    rows.collect()
}

/// Scope, time and entry of each row, in the order of the table, so that a batch touches every page once.
pub(crate) fn keys_of(lives: &[&LiveEntry], time: impl Fn(&LiveEntry) -> Timestamp) -> Vec<(Uuid, Timestamp, EntryId)> {
    let of = |live: &LiveEntry| {
        let (at, entry) = (time(live), live.entry);
        live.shown.scopes.iter().map(move |scope| (key_column(scope), at, entry)).collect::<Vec<_>>()
    };
    let mut rows: Vec<_> = lives.iter().flat_map(|live| of(live)).collect();
    rows.sort_unstable();
    rows
}

pub(crate) fn key_column(key: ScopeKey) -> Uuid {
    Uuid::from_bytes(*key.as_bytes())
}

pub(crate) fn header_row(live: &LiveEntry) -> Result<live_entry::ActiveModel, Error> {
    let json = |result: Result<String, serde_json::Error>| result.map_err(|e| Error::corrupt("live_entry", e));
    let tags = (!live.shown.tags.is_empty()).then(|| json(serde_json::to_string(&live.shown.tags))).transpose()?;
    let source = live.shown.source.as_ref().map(|source| json(serde_json::to_string(source))).transpose()?;
    let cover = live.shown.cover.as_ref().map(|cover| json(serde_json::to_string(cover))).transpose()?;
    let attachments =
        (!live.shown.attachments.is_empty()).then(|| json(serde_json::to_string(&live.shown.attachments)));
    Ok(live_entry::ActiveModel {
        entry_id: Set(live.entry.as_uuid()),
        site_id: Set(live.site.as_uuid()),
        kind: Set(live.kind.as_str().to_owned()),
        edition_id: Set(live.edition.as_uuid()),
        edition_number: Set(live.edition_number.cast_signed()),
        slug: Set(live.slug.clone()),
        title: Set(live.shown.title.clone()),
        summary: Set(live.shown.summary.clone()),
        article_kind: Set(live.shown.article_kind.map(|kind| kind.as_str().to_owned())),
        category_id: Set(live.shown.category.map(lienthong_domain::ids::CategoryId::as_uuid)),
        topic_id: Set(live.topic.map(lienthong_domain::ids::TopicId::as_uuid)),
        series_id: Set(live.shown.series.map(lienthong_domain::ids::SeriesId::as_uuid)),
        language: Set(live.shown.language.clone()),
        tags: Set(tags),
        author: Set(live.shown.author.clone()),
        source: Set(source),
        cover: Set(cover),
        attachments: Set(attachments.transpose()?),
        tag_uri: Set(live.tag_uri.clone()),
        corrects: Set(live.corrects.map(EntryId::as_uuid)),
        first_published_at: Set(live.first_published_at.as_micros()),
        published_at: Set(live.published_at.as_micros()),
        updated_at: Set(live.updated_at.as_micros()),
        modified_at: Set(live.modified_at.as_micros()),
        visible_until: Set(live.visible_until.map(Timestamp::as_micros)),
        signed_by: Set(live.signature.map(|signature| signature.key.as_uuid())),
        signature: Set(live.signature.map(|signature| signature.bytes.to_vec())),
        scopes: Set(live.shown.scopes.to_bytes()),
        // What stands beside it is written by `live_corrections`, once it is known what is public.
        ..Default::default()
    })
}

pub(crate) fn body_row(live: &LiveEntry) -> live_body::ActiveModel {
    live_body::ActiveModel {
        entry_id: Set(live.entry.as_uuid()),
        html: Set(live.shown.html.clone()),
        detail: Set(live.shown.detail.clone()),
    }
}

pub(crate) fn internal_row(of: &InternalEntry) -> internal_entry::ActiveModel {
    let InternalEntry { entry, site, edition, slug, first_published_at, published_at, updated_at, modified_at } = of;
    internal_entry::ActiveModel {
        entry_id: Set(entry.as_uuid()),
        site_id: Set(site.as_uuid()),
        edition_id: Set(edition.as_uuid()),
        slug: Set(slug.clone()),
        first_published_at: Set(first_published_at.as_micros()),
        published_at: Set(published_at.as_micros()),
        updated_at: Set(updated_at.as_micros()),
        modified_at: Set(modified_at.as_micros()),
    }
}

fn replace_header() -> OnConflict {
    use live_entry::Column::{Corrected, CorrectedAt, Corrections, EntryId};
    use sea_orm::Iterable as _;
    let columns =
        live_entry::Column::iter().filter(|column| !matches!(column, EntryId | Corrected | Corrections | CorrectedAt));
    OnConflict::column(live_entry::Column::EntryId).update_columns(columns).to_owned()
}

fn replace_body() -> OnConflict {
    let columns = [live_body::Column::Html, live_body::Column::Detail];
    OnConflict::column(live_body::Column::EntryId).update_columns(columns).to_owned()
}
