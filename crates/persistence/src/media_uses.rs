//! Which edition shows or links to which file of its site's library. Written with the edition, so that neither can be
//! without the other; whether a file is public follows from which edition is live.

use lienthong_domain::entry::{Edition, Entry};

use crate::error::Error;
use crate::sql::Sql;
use crate::store::Tx;

/// Notes what an edition uses, unless it is noted already. What belongs to another site, or to none, is no use: only a site's own articles
/// make its files public.
pub(crate) async fn add(tx: &Tx, entry: &Entry, edition: &Edition) -> Result<(), Error> {
    if let Some(sql) = insert(entry, edition) {
        tx.execute(sql).await?;
    }
    Ok(())
}

/// Forgets what an edition used.
pub(crate) async fn clear(tx: &Tx, edition: &Edition) -> Result<(), Error> {
    tx.execute(Sql::new("DELETE FROM media_use WHERE edition_id = $1").value(edition.id.as_uuid())).await?;
    Ok(())
}

/// The statement that notes what an edition uses; `None` for most, which use nothing.
pub(crate) fn insert(entry: &Entry, edition: &Edition) -> Option<Sql> {
    let media = edition.content.article()?.media();
    if media.is_empty() {
        return None;
    }
    // The ids come from rows: PostgreSQL does not tell the type of a bare placeholder in a select list.
    let sql = Sql::new(
        "INSERT INTO media_use (media_id, edition_id, entry_id) SELECT m.id, d.id, d.entry_id FROM media m \
         CROSS JOIN edition d WHERE d.id = $1 AND m.site_id = $2 AND m.id IN ",
    );
    let sql = sql.value(edition.id.as_uuid()).value(entry.site.as_uuid());
    Some(sql.bind_list(media.iter().map(|id| id.as_uuid())).push(" ON CONFLICT DO NOTHING"))
}
