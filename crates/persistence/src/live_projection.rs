//! Writes what public delivery reads, in the transaction of the publication.

use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, Set};
use uuid::Uuid;

use lienthong_domain::entry::Gone;
use lienthong_domain::ids::EntryId;
use lienthong_domain::live::LiveEntry;
use lienthong_domain::scope::{ScopeKey, ScopeSet};
use lienthong_domain::time::Timestamp;

use crate::batch::insert_all;
use crate::entity::{live_body, live_entry, live_gone, live_listing, live_listing_updated};
use crate::error::Error;
use crate::relistings;
use crate::store::Tx;

/// Shows `live` to the public in place of whatever was shown of the entry before. Returns the scopes of the old and
/// of the new state.
///
/// # Errors
/// When the database refuses.
pub async fn show(tx: &Tx, live: &LiveEntry) -> Result<ScopeSet, Error> {
    let old = unlist(tx, live.entry).await?;
    live_entry::Entity::insert(header_row(live)?)
        .on_conflict(replace_header())
        .exec_without_returning(tx.conn())
        .await?;
    live_body::Entity::insert(body_row(live)).on_conflict(replace_body()).exec_without_returning(tx.conn()).await?;
    list(tx, std::slice::from_ref(live)).await?;
    live_gone::Entity::delete_by_id(live.entry.as_uuid()).exec(tx.conn()).await?;
    Ok(old.union(&live.shown.scopes))
}

/// Shows entries that have never been shown before.
///
/// # Errors
/// When the database refuses.
pub async fn show_new(tx: &Tx, lives: &[LiveEntry]) -> Result<(), Error> {
    let headers = lives.iter().map(header_row).collect::<Result<Vec<_>, _>>()?;
    insert_all(tx, headers, None).await?;
    insert_all(tx, lives.iter().map(body_row), None).await?;
    list(tx, lives).await
}

/// Takes an entry out of the public and leaves a mark of why, and of where its address leads from now on. Returns the
/// scopes it was listed in.
///
/// # Errors
/// When the database refuses.
pub async fn hide(
    tx: &Tx,
    entry: EntryId,
    (why, location): (Gone, Option<&str>),
    now: Timestamp,
) -> Result<ScopeSet, Error> {
    let id = entry.as_uuid();
    let Some(row) = live_entry::Entity::find_by_id(id).one(tx.conn()).await? else { return Ok(ScopeSet::default()) };
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

/// Removes the entry's rows from all lists, by the scopes its header remembers.
async fn unlist(tx: &Tx, entry: EntryId) -> Result<ScopeSet, Error> {
    let Some(row) = live_entry::Entity::find_by_id(entry.as_uuid()).one(tx.conn()).await? else {
        return Ok(ScopeSet::default());
    };
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
    Ok(scopes)
}

async fn list(tx: &Tx, lives: &[LiveEntry]) -> Result<(), Error> {
    let lives: Vec<&LiveEntry> = lives.iter().collect();
    insert_all(tx, by_publication(&lives), None).await?;
    insert_all(tx, by_update(&lives), None).await
}

/// The rows of the lists by publication.
pub(crate) fn by_publication(lives: &[&LiveEntry]) -> Vec<live_listing::ActiveModel> {
    let rows = in_key_order(lives, |live| live.published_at).into_iter();
    let rows = rows.map(|(scope, at, entry)| live_listing::ActiveModel {
        scope: Set(scope),
        published_at: Set(at.as_micros()),
        entry_id: Set(entry.as_uuid()),
    });
    rows.collect()
}

/// The rows of the lists by update.
pub(crate) fn by_update(lives: &[&LiveEntry]) -> Vec<live_listing_updated::ActiveModel> {
    let rows = in_key_order(lives, |live| live.updated_at).into_iter();
    let rows = rows.map(|(scope, at, entry)| live_listing_updated::ActiveModel {
        scope: Set(scope),
        updated_at: Set(at.as_micros()),
        entry_id: Set(entry.as_uuid()),
    });
    rows.collect()
}

/// Scope, time and entry of each row, in the order of the table, so that a batch touches every page once.
fn in_key_order(lives: &[&LiveEntry], time: impl Fn(&LiveEntry) -> Timestamp) -> Vec<(Uuid, Timestamp, EntryId)> {
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
        language: Set(live.shown.language.clone()),
        tags: Set(tags),
        author: Set(live.shown.author.clone()),
        source: Set(source),
        cover: Set(cover),
        tag_uri: Set(live.tag_uri.clone()),
        first_published_at: Set(live.first_published_at.as_micros()),
        published_at: Set(live.published_at.as_micros()),
        updated_at: Set(live.updated_at.as_micros()),
        modified_at: Set(live.modified_at.as_micros()),
        visible_until: Set(live.visible_until.map(Timestamp::as_micros)),
        scopes: Set(live.shown.scopes.to_bytes()),
    })
}

pub(crate) fn body_row(live: &LiveEntry) -> live_body::ActiveModel {
    live_body::ActiveModel {
        entry_id: Set(live.entry.as_uuid()),
        html: Set(live.shown.html.clone()),
        detail: Set(live.shown.detail.clone()),
    }
}

fn replace_header() -> OnConflict {
    use sea_orm::Iterable as _;
    let columns = live_entry::Column::iter().filter(|column| !matches!(column, live_entry::Column::EntryId));
    OnConflict::column(live_entry::Column::EntryId).update_columns(columns).to_owned()
}

fn replace_body() -> OnConflict {
    let columns = [live_body::Column::Html, live_body::Column::Detail];
    OnConflict::column(live_body::Column::EntryId).update_columns(columns).to_owned()
}
