//! Entries and their editions: what editors work on. Nothing here is read by public delivery.

use std::collections::{BTreeSet, HashMap, HashSet};

use sea_orm::sea_query::{Expr, ExprTrait as _, OnConflict, Query};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, Select, Set,
};

use lienthong_domain::access::SiteScope;
use lienthong_domain::article::Article;
use lienthong_domain::entry::{
    Content, Edition, EditionState, Entry, EntryKind, Major, Publication, Signature, Version,
};
use lienthong_domain::html::SafeHtml;
use lienthong_domain::ids::{ActorId, EditionId, EntryId, KeyId, SiteId};
use lienthong_domain::slug::Slug;
use lienthong_domain::time::Timestamp;

use crate::batch::insert_all;
use crate::entity::{edition, entry, live_entry};
use crate::error::Error;
use crate::media_uses;
use crate::store::{Store, Tx};

/// Reads an entry within `scope` for a change: nobody else changes it until the transaction ends, nor what it corrects,
/// whose row in public is written with it.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn lock(tx: &Tx, scope: &SiteScope, id: EntryId) -> Result<Option<Entry>, Error> {
    let of_entry = entry::Column::Id.eq(id.as_uuid());
    let corrected =
        Query::select().column(entry::Column::Corrects).from(entry::Entity).and_where(of_entry.clone()).to_owned();
    let corrected = Expr::SubQuery(None, Box::new(corrected.into()));
    let both = Condition::any().add(of_entry).add(Expr::col((entry::Entity, entry::Column::Id)).eq(corrected));
    // In one order for all, so that nobody waits for somebody who waits for them.
    let locked = in_scope(scope).filter(both).order_by_asc(entry::Column::Id).lock_exclusive();
    let found = locked.all(tx.conn()).await?.into_iter().find(|row| row.id == id.as_uuid());
    let Some(row) = found else { return Ok(None) };
    let editions = open_editions(&[id]).all(tx.conn()).await?;
    assemble(row, editions).map(Some)
}

/// Reads these entries within `scope` for a change, in the order of their ids. Those that are not there are left out.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn lock_all(tx: &Tx, scope: &SiteScope, ids: &[EntryId]) -> Result<Vec<Entry>, Error> {
    let named = |ids: &[EntryId]| entry::Column::Id.is_in(ids.iter().map(|id| id.as_uuid()));
    // What an entry corrects never changes, so that it can be read before anything is locked, and all be locked in one order.
    let corrected: Vec<Option<uuid::Uuid>> = in_scope(scope)
        .select_only()
        .column(entry::Column::Corrects)
        .filter(named(ids))
        .filter(entry::Column::Corrects.is_not_null())
        .into_tuple()
        .all(tx.conn())
        .await?;
    let mut both = ids.to_vec();
    both.extend(corrected.into_iter().flatten().map(EntryId::from_uuid));
    let locked = in_scope(scope).filter(named(&both)).order_by_asc(entry::Column::Id).lock_exclusive();
    let mut rows = locked.all(tx.conn()).await?;
    rows.retain(|row| ids.contains(&EntryId::from_uuid(row.id)));
    with_editions(tx, rows).await
}

/// Reads an entry within `scope`.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn find(store: &Store, scope: &SiteScope, id: EntryId) -> Result<Option<Entry>, Error> {
    let Some(row) = in_scope(scope).filter(entry::Column::Id.eq(id.as_uuid())).one(&store.pool).await? else {
        return Ok(None);
    };
    let editions = open_editions(&[id]).all(&store.pool).await?;
    assemble(row, editions).map(Some)
}

/// The entry of `site` that was imported under `source_id`, locked.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn lock_by_source(tx: &Tx, site: SiteId, kind: EntryKind, source_id: &str) -> Result<Option<Entry>, Error> {
    let found = in_scope(&SiteScope::of([site]))
        .filter(entry::Column::Kind.eq(kind.as_str()))
        .filter(entry::Column::SourceId.eq(source_id))
        .lock_exclusive()
        .one(tx.conn())
        .await?;
    let Some(row) = found else { return Ok(None) };
    let editions = open_editions(&[EntryId::from_uuid(row.id)]).all(tx.conn()).await?;
    assemble(row, editions).map(Some)
}

/// The entries of `site` that were imported under these source ids, locked, in no order. At most a few thousand ids.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn lock_by_sources(
    tx: &Tx,
    (site, kind): (SiteId, EntryKind),
    source_ids: &[&str],
) -> Result<Vec<Entry>, Error> {
    let rows = in_scope(&SiteScope::of([site]))
        .filter(entry::Column::Kind.eq(kind.as_str()))
        .filter(entry::Column::SourceId.is_in(source_ids.iter().copied()))
        .lock_exclusive()
        .all(tx.conn())
        .await?;
    with_editions(tx, rows).await
}

async fn with_editions(tx: &Tx, rows: Vec<entry::Model>) -> Result<Vec<Entry>, Error> {
    let ids: Vec<EntryId> = rows.iter().map(|row| EntryId::from_uuid(row.id)).collect();
    let mut editions: HashMap<uuid::Uuid, Vec<edition::Model>> = HashMap::new();
    for edition in open_editions(&ids).all(tx.conn()).await? {
        editions.entry(edition.entry_id).or_default().push(edition);
    }
    let mut assembled = Vec::with_capacity(rows.len());
    for row in rows {
        let mine = editions.remove(&row.id).unwrap_or_default();
        assembled.push(assemble(row, mine)?);
    }
    Ok(assembled)
}

/// The edition of an entry that was begun last, whatever has become of it.
///
/// # Errors
/// When the database does not answer or holds a row that cannot be read.
pub async fn last_edition(tx: &Tx, entry: &Entry) -> Result<Option<Edition>, Error> {
    let of_entry = edition::Entity::find().filter(edition::Column::EntryId.eq(entry.id.as_uuid()));
    let found = of_entry.order_by_desc(edition::Column::Number).one(tx.conn()).await?;
    found.map(|row| edition_of(entry.kind, row)).transpose()
}

/// The source ids of the entries of `site` that are live, in order.
///
/// # Errors
/// When the database does not answer.
pub async fn live_source_ids(tx: &Tx, site: SiteId, kind: EntryKind) -> Result<Vec<String>, Error> {
    let live = Query::select().column(live_entry::Column::EntryId).from(live_entry::Entity).to_owned();
    let rows: Vec<Option<String>> = in_scope(&SiteScope::of([site]))
        .select_only()
        .column(entry::Column::SourceId)
        .filter(entry::Column::Kind.eq(kind.as_str()))
        .filter(entry::Column::SourceId.is_not_null())
        .filter(entry::Column::Id.in_subquery(live))
        .order_by_asc(entry::Column::SourceId)
        .into_tuple()
        .all(tx.conn())
        .await?;
    Ok(rows.into_iter().flatten().collect())
}

/// The slugs of a site that are `base` or begin with `base-`.
///
/// # Errors
/// When the database does not answer.
pub async fn slugs_like(tx: &Tx, site: SiteId, base: &Slug) -> Result<HashSet<String>, Error> {
    // Between `base-` and `base.` (the next character) lies all that begins with `base-`, and an index can tell.
    let (from, to) = (format!("{base}-"), format!("{base}."));
    let column = entry::Column::Slug;
    let numbered = Condition::all().add(column.gte(from)).add(column.lt(to));
    let rows = in_scope(&SiteScope::of([site]))
        .filter(Condition::any().add(column.eq(base.as_str())).add(numbered))
        .all(tx.conn())
        .await?;
    Ok(rows.into_iter().map(|row| row.slug).collect())
}

/// Saves a new entry with its editions.
///
/// # Errors
/// [`Error::Duplicate`] when slug or source id is taken on the site.
pub async fn insert(tx: &Tx, entries: &[Entry]) -> Result<(), Error> {
    insert_all(tx, entries.iter().map(entry_row), None).await?;
    let editions = entries.iter().flat_map(|entry| open(entry).map(|edition| edition_row(entry, edition)));
    insert_all(tx, editions.collect::<Result<Vec<_>, _>>()?, None).await?;
    for entry in entries {
        for edition in open(entry) {
            Box::pin(media_uses::add(tx, entry, edition)).await?;
        }
    }
    Ok(())
}

/// Saves a changed entry: the entry itself, the edition that stopped being live, then those that are open. In that
/// order, because the schema allows one live and one draft edition at any moment.
///
/// # Errors
/// When the database refuses.
pub async fn save(tx: &Tx, entry: &Entry, ended: Option<&Edition>) -> Result<(), Error> {
    entry::Entity::update(entry_row(entry)).exec(tx.conn()).await?;
    for edition in ended.into_iter().chain(open(entry)) {
        let row = edition_row(entry, edition)?;
        let rule = replace_edition();
        edition::Entity::insert(row).on_conflict(rule).exec_without_returning(tx.conn()).await?;
        // Only a draft can use other files than before; an import publishes an edition the moment it is made.
        if edition.state == EditionState::Draft {
            Box::pin(media_uses::clear(tx, edition)).await?;
        }
        Box::pin(media_uses::add(tx, entry, edition)).await?;
    }
    Ok(())
}

/// The one place where tenants are kept apart: everything else starts from here.
pub(crate) fn in_scope(scope: &SiteScope) -> Select<entry::Entity> {
    match scope {
        SiteScope::Everywhere => entry::Entity::find(),
        SiteScope::Sites(sites) => {
            entry::Entity::find().filter(entry::Column::SiteId.is_in(sites.iter().map(|site| site.as_uuid())))
        }
    }
}

fn open_editions(entries: &[EntryId]) -> Select<edition::Entity> {
    let states = EditionState::ALL.into_iter().filter(|state| state.is_open() || *state == EditionState::Live);
    let states = states.map(EditionState::as_str);
    edition::Entity::find()
        .filter(edition::Column::EntryId.is_in(entries.iter().map(|entry| entry.as_uuid())))
        .filter(edition::Column::State.is_in(states))
        .order_by_asc(edition::Column::Number)
}

pub(crate) fn open(entry: &Entry) -> impl Iterator<Item = &Edition> {
    entry.live.iter().chain(entry.draft.iter())
}

fn replace_edition() -> OnConflict {
    use edition::Column as C;
    let columns = [
        C::State,
        C::SignedBy,
        C::Signature,
        C::RunAt,
        C::MajorAt,
        C::Title,
        C::Content,
        C::Body,
        C::AuthorId,
        C::Writers,
        C::NeedsScreening,
        C::IsHeld,
        C::Minor,
        C::ChangeNote,
        C::PublishAt,
        C::VisibleUntil,
        C::PublishedAt,
    ];
    OnConflict::column(C::Id).update_columns(columns).to_owned()
}

pub(crate) fn entry_row(of: &Entry) -> entry::ActiveModel {
    #[rustfmt::skip] // One name a line would make a long function of a short one.
    let Entry {
        id, site, kind, slug, source_id, tag_uri, corrects, version, created_at, first_published_at, published_at,
        updated_at, editions, trashed_at, archived_at, quarantined_at, draft: _, live: _,
    } = of;
    entry::ActiveModel {
        id: Set(id.as_uuid()),
        site_id: Set(site.as_uuid()),
        kind: Set(kind.as_str().to_owned()),
        slug: Set(slug.to_string()),
        source_id: Set(source_id.clone()),
        // Only imports know it: see `bulk`.
        source_digest: NotSet,
        tag_uri: Set(tag_uri.clone()),
        corrects: Set(corrects.map(EntryId::as_uuid)),
        version: Set(version.get().cast_signed()),
        created_at: Set(created_at.as_micros()),
        first_published_at: Set(first_published_at.map(Timestamp::as_micros)),
        published_at: Set(published_at.map(Timestamp::as_micros)),
        updated_at: Set(updated_at.map(Timestamp::as_micros)),
        editions: Set(editions.cast_signed()),
        trashed_at: Set(trashed_at.map(Timestamp::as_micros)),
        archived_at: Set(archived_at.map(Timestamp::as_micros)),
        quarantined_at: Set(quarantined_at.map(Timestamp::as_micros)),
    }
}

pub(crate) fn edition_row(entry: &Entry, of: &Edition) -> Result<edition::ActiveModel, Error> {
    #[rustfmt::skip] // One name a line would make a long function of a short one.
    let Edition {
        id, number, state, content, author, writers, needs_screening, is_held, publication, created_at, published_at,
        signature,
    } = of;
    let Publication { weight, note, at, until } = publication;
    let (json, body) = content_columns(content)?;
    Ok(edition::ActiveModel {
        id: Set(id.as_uuid()),
        entry_id: Set(entry.id.as_uuid()),
        site_id: Set(entry.site.as_uuid()),
        number: Set(number.cast_signed()),
        state: Set(state.as_str().to_owned()),
        signed_by: Set(signature.map(|signature| signature.key.as_uuid())),
        signature: Set(signature.map(|signature| signature.bytes.to_vec())),
        run_at: Set(signature.map(|signature| signature.published_at.as_micros())),
        major_at: Set(signature.map(|signature| signature.updated_at.as_micros())),
        title: Set(content.title().to_owned()),
        content: Set(json),
        body: Set(body),
        author_id: Set(author.as_uuid()),
        writers: Set(writers_column(*author, writers)),
        needs_screening: Set(*needs_screening),
        is_held: Set(*is_held),
        minor: Set(*weight == Major::Minor),
        change_note: Set(note.clone()),
        publish_at: Set(at.map(Timestamp::as_micros)),
        visible_until: Set(until.map(Timestamp::as_micros)),
        created_at: Set(created_at.as_micros()),
        published_at: Set(published_at.map(Timestamp::as_micros)),
    })
}

/// Nothing for what one person has written alone, as most have.
fn writers_column(author: ActorId, writers: &BTreeSet<ActorId>) -> Option<String> {
    let others: Vec<String> = writers.iter().filter(|id| **id != author).map(ToString::to_string).collect();
    (!others.is_empty()).then(|| others.join(" "))
}

fn writers_of(author: ActorId, column: Option<&str>) -> Result<BTreeSet<ActorId>, Error> {
    let others = column.unwrap_or_default().split_whitespace().map(|id| {
        let id = uuid::Uuid::try_parse(id).map_err(|error| Error::corrupt("edition", error))?;
        Ok(ActorId::from_uuid(id))
    });
    std::iter::once(Ok(author)).chain(others).collect()
}

fn content_columns(content: &Content) -> Result<(String, String), Error> {
    let json = |result: Result<String, serde_json::Error>| result.map_err(|error| Error::corrupt("edition", error));
    match content {
        Content::Article(article) => Ok((json(serde_json::to_string(article))?, article.body.as_str().to_owned())),
        Content::Procedure(procedure) => Ok((json(serde_json::to_string(procedure))?, String::new())),
    }
}

pub(crate) fn assemble(row: entry::Model, editions: Vec<edition::Model>) -> Result<Entry, Error> {
    let corrupt = |what: String| Error::corrupt("entry", what);
    let kind = EntryKind::parse(&row.kind).ok_or_else(|| corrupt(format!("kind {}", row.kind)))?;
    let mut entry = Entry {
        id: EntryId::from_uuid(row.id),
        site: SiteId::from_uuid(row.site_id),
        kind,
        slug: row.slug.parse::<Slug>().map_err(|error| corrupt(error.to_string()))?,
        source_id: row.source_id,
        tag_uri: row.tag_uri,
        corrects: row.corrects.map(EntryId::from_uuid),
        version: Version::new(row.version.cast_unsigned()),
        created_at: Timestamp::from_micros(row.created_at),
        first_published_at: row.first_published_at.map(Timestamp::from_micros),
        published_at: row.published_at.map(Timestamp::from_micros),
        updated_at: row.updated_at.map(Timestamp::from_micros),
        editions: row.editions.cast_unsigned(),
        trashed_at: row.trashed_at.map(Timestamp::from_micros),
        archived_at: row.archived_at.map(Timestamp::from_micros),
        quarantined_at: row.quarantined_at.map(Timestamp::from_micros),
        draft: None,
        live: None,
    };
    for row in editions {
        let edition = edition_of(kind, row)?;
        if edition.state == EditionState::Live {
            entry.live = Some(edition);
        } else if edition.state.is_open() {
            entry.draft = Some(edition);
        }
    }
    Ok(entry)
}

pub(crate) fn edition_of(kind: EntryKind, row: edition::Model) -> Result<Edition, Error> {
    let corrupt = |what: String| Error::corrupt("edition", what);
    let signature = signature_of(&row)?;
    let content = match kind {
        EntryKind::Article => {
            let mut article: Article =
                serde_json::from_str(&row.content).map_err(|error| corrupt(error.to_string()))?;
            article.body = SafeHtml::from_stored(row.body);
            Content::Article(Box::new(article))
        }
        EntryKind::Procedure => {
            Content::Procedure(serde_json::from_str(&row.content).map_err(|error| corrupt(error.to_string()))?)
        }
    };
    let author = ActorId::from_uuid(row.author_id);
    Ok(Edition {
        id: EditionId::from_uuid(row.id),
        number: row.number.cast_unsigned(),
        state: EditionState::parse(&row.state).ok_or_else(|| corrupt(format!("state {}", row.state)))?,
        content,
        author,
        writers: writers_of(author, row.writers.as_deref())?,
        needs_screening: row.needs_screening,
        is_held: row.is_held,
        publication: Publication {
            weight: if row.minor { Major::Minor } else { Major::Major },
            note: row.change_note,
            at: row.publish_at.map(Timestamp::from_micros),
            until: row.visible_until.map(Timestamp::from_micros),
        },
        created_at: Timestamp::from_micros(row.created_at),
        published_at: row.published_at.map(Timestamp::from_micros),
        signature,
    })
}

fn signature_of(row: &edition::Model) -> Result<Option<Signature>, Error> {
    let edition::Model { signed_by, signature, run_at, major_at, .. } = row;
    let (Some(key), Some(bytes), Some(run_at), Some(major_at)) = (signed_by, signature, run_at, major_at) else {
        return Ok(None);
    };
    let bytes = bytes.as_slice().try_into().map_err(|_| Error::corrupt("edition", "a signature has 64 bytes"))?;
    let [published_at, updated_at] = [*run_at, *major_at].map(Timestamp::from_micros);
    Ok(Some(Signature { key: KeyId::from_uuid(*key), bytes, published_at, updated_at }))
}
