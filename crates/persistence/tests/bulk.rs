//! The bulk writer leaves what the ordinary publication leaves, on both databases.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on panics")]

use std::collections::BTreeSet;

use lienthong_domain::access::Operation;
use lienthong_domain::article::{Article, ArticleInput, ArticleKind, Cover, Source};
use lienthong_domain::audience::Audience;
use lienthong_domain::change::{Audit, Change, ChangeKind, ChangedEntry};
use lienthong_domain::entry::{Content, Entry, EntryKind, NewEntry, OwnDates};
use lienthong_domain::ids::{ActorId, CategoryId, EntryId};
use lienthong_domain::internal::Projection;
use lienthong_domain::scope::Placement;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::bulk::{self, Known, Publication, Writer};
use lienthong_persistence::{Location, Record, Store, categories, changes, entries, live_projection};
use lienthong_test_support::{TestDb, World, at, both_databases};
use sqlx::{Connection as _, Row as _};

/// Tables and the columns that two ways to the same state must agree in: all but the random id of an act.
const TABLES: [(&str, &str); 9] = [
    ("entry", "*"),
    ("edition", "*"),
    ("live_entry", "*"),
    ("live_body", "*"),
    ("live_listing", "*"),
    ("live_listing_updated", "*"),
    ("internal_entry", "*"),
    ("change", "*"),
    (
        "audit",
        "leaf, actor_id, address, operation, site_id, entry_id, edition_id, note, matter, rows_before, rows_after, \
         digest_before, digest_after, at",
    ),
];

both_databases! {
    async fn bulk_and_ordinary_publication_leave_identical_rows(db: TestDb) {
        let world = World::new();
        let (ordinary, through_orm) = (another(&db).await, another(&db).await);
        let (bulk, ordinary_store, orm) = (db.open().await, ordinary.open().await, through_orm.open().await);
        for store in [&bulk, &ordinary_store, &orm] {
            world.save(store).await;
        }
        let new = publications(&bulk, &world).await;
        publish_in_bulk(&Writer::open(&bulk).unwrap(), &new).await;
        publish_in_bulk(&Writer::through_orm(&orm), &new).await;
        publish_one_by_one(&ordinary_store, &new).await;
        let expected = dump(&ordinary).await;
        assert_eq!(dump(&db).await, expected);
        assert_eq!(dump(&through_orm).await, expected);
        assert!(expected.len() > 12 * new.len(), "{}", expected.len());
    }

    async fn a_bulk_transaction_that_is_dropped_leaves_nothing_and_frees_the_next_writer(db: TestDb) {
        let (store, world) = (db.open().await, World::new());
        world.save(&store).await;
        let before = dump(&db).await;
        let new = publications(&store, &world).await;
        let writer = Writer::open(&store).unwrap();
        let mut tx = writer.begin().await.unwrap();
        tx.add(&new).await.unwrap();
        drop(tx);
        publish_one_by_one(&store, &new[..1]).await;
        let tx = writer.begin().await.unwrap();
        let known = tx.known(EntryKind::Article, &[(new[0].entry.site, "nguon-0"), (new[1].entry.site, "nguon-1")]).await;
        drop(tx);
        assert_eq!(known.unwrap().len(), 1);
        assert!(dump(&db).await.len() > before.len());
    }

    async fn what_was_imported_is_known_by_site_and_source_and_its_address_is_taken(db: TestDb) {
        let (store, world) = (db.open().await, World::new());
        world.save(&store).await;
        let new = publications(&store, &world).await;
        let writer = Writer::open(&store).unwrap();
        publish_in_bulk(&writer, &new).await;
        let tx = writer.begin().await.unwrap();
        let (here, elsewhere) = (new[0].entry.site, new[1].entry.site);
        let known = tx.known(EntryKind::Article, &[(here, "nguon-0"), (elsewhere, "nguon-0")]).await.unwrap();
        assert_eq!(known.len(), 1);
        let one = known[&(here, "nguon-0".to_owned())];
        assert_eq!((one.entry, one.digest), (new[0].entry.id, Some(new[0].digest)));
        let taken = tx.taken(&[(here, "bai-0"), (elsewhere, "bai-0"), (here, "bai")]).await.unwrap();
        assert_eq!(taken.into_iter().collect::<Vec<_>>(), [(here, "bai-0".to_owned())]);
        let like = tx.slugs_like(here, &"bai".parse().unwrap()).await.unwrap();
        assert!(like.contains("bai-0") && !like.contains("bai-1"), "{like:?}");
    }

    async fn what_was_written_here_is_known_by_its_own_id_and_what_was_imported_is_not(db: TestDb) {
        let (store, world) = (db.open().await, World::new());
        world.save(&store).await;
        let mut new = publications(&store, &world).await;
        new[0].entry.source_id = None;
        let writer = Writer::open(&store).unwrap();
        publish_in_bulk(&writer, &new).await;
        let tx = writer.begin().await.unwrap();
        let ids = [new[0].entry.id, new[1].entry.id, EntryId::new(at("2024-01-01T00:00:00Z"))];
        let known = tx.written_here(EntryKind::Article, &ids).await.unwrap();
        let Entry { id, site, .. } = new[0].entry;
        assert_eq!(known.into_iter().collect::<Vec<_>>(), [((site, id.to_string()), Known { entry: id, digest: Some(new[0].digest) })]);
        assert!(tx.written_here(EntryKind::Procedure, &ids).await.unwrap().is_empty());
        assert!(tx.written_here(EntryKind::Article, &[]).await.unwrap().is_empty());
    }

    async fn a_change_of_reference_data_is_seen_after_its_position_only(db: TestDb) {
        let (store, world) = (db.open().await, World::new());
        world.save(&store).await;
        let change = Change { kind: ChangeKind::Reference, subject: None, scopes: std::iter::empty().collect(), at: at("2024-01-01T00:00:00Z") };
        let tx = store.begin().await.unwrap();
        let position = tx.commit(Record { changes: vec![change], audits: vec![] }).await.unwrap().unwrap();
        let writer = Writer::open(&store).unwrap();
        let tx = writer.begin().await.unwrap();
        assert_eq!(tx.reference_changed_after(position.seq - 1).await.unwrap(), (position.seq, true));
        assert_eq!(tx.reference_changed_after(position.seq).await.unwrap(), (position.seq, false));
    }
}

async fn another(db: &TestDb) -> TestDb {
    if db.is_postgres() { TestDb::postgres().await } else { TestDb::sqlite().await }
}

async fn publish_in_bulk(writer: &Writer, new: &[Publication]) {
    let mut tx = writer.begin().await.unwrap();
    tx.add(new).await.unwrap();
    let position = tx.commit(record(new)).await.unwrap().unwrap();
    assert_eq!(position.seq, i64::try_from(new.len()).unwrap());
}

async fn publish_one_by_one(store: &Store, new: &[Publication]) {
    for one in new {
        let tx = store.begin().await.unwrap();
        entries::insert(&tx, std::slice::from_ref(&one.entry)).await.unwrap();
        live_projection::show(&tx, &one.shown, one.change.at).await.unwrap();
        bulk::remember(&tx, one.entry.id, one.digest).await.unwrap();
        tx.commit(record(std::slice::from_ref(one))).await.unwrap();
    }
    let logged = changes::after(store, 0, 100).await.unwrap();
    assert_eq!(logged.len(), new.len());
}

fn record(new: &[Publication]) -> Record {
    let (changes, audits) = new.iter().map(|one| (one.change.clone(), one.audit.clone())).unzip();
    Record { changes, audits }
}

/// Articles on two sites, one plain and one with everything that a row can hold.
async fn publications(store: &Store, world: &World) -> Vec<Publication> {
    let mut new = Vec::new();
    for number in 0..6 {
        let site = number % 2;
        let category = world.category(site, if number < 3 { "kinh-te" } else { "thong-bao" }).id;
        let article = if number < 2 { plain(category) } else { full(category) };
        let audience = if number == 5 { Audience::Internal } else { Audience::Public };
        let article = Article { audience, ..article };
        new.push(publication(store, world, (site, number, article)).await);
    }
    new
}

async fn publication(store: &Store, world: &World, (site, number, article): (usize, usize, Article)) -> Publication {
    let now = at("2026-01-01T00:00:00Z").plus_seconds(i64::try_from(number).unwrap());
    let site = &world.sites[site];
    let tx = store.begin().await.unwrap();
    let placement = categories::placement(&tx, site.id, article.category, article.topic).await.unwrap().unwrap();
    drop(tx);
    let new = NewEntry {
        site: site.id,
        host: site.host.to_string(),
        slug: format!("bai-{number}").parse().unwrap(),
        corrects: None,
        source_id: Some(format!("nguon-{number}")),
        content: Content::Article(Box::new(article)),
        author: ActorId::new(now),
    };
    of_entry(Entry::new(new, now), &placement, number, now)
}

fn of_entry(mut entry: Entry, placement: &Placement, number: usize, now: Timestamp) -> Publication {
    let (published_at, updated_at) = (at("2024-06-28T07:05:00Z"), at("2024-08-02T03:00:00Z"));
    entry.publish_as_of(OwnDates { published_at, updated_at }).unwrap();
    let shown = Projection::of(&entry, placement).unwrap();
    let subject = ChangedEntry { entry: entry.id, kind: entry.kind, site: entry.site, edition: shown.edition() };
    let scopes = shown.scopes();
    let change = Change { kind: ChangeKind::Published, subject: Some(subject), scopes, at: now };
    let audit = Audit {
        by: ActorId::new(now).into(),
        operation: Operation::ImportContent,
        site: Some(entry.site),
        entry: Some(entry.id),
        edition: Some(shown.edition()),
        note: entry.slug.to_string(),
        matter: None,
        after: Some([u8::try_from(number).unwrap(); 32]),
        at: now,
    };
    Publication { entry, shown, digest: [u8::try_from(number).unwrap(); 16], change, audit }
}

fn plain(category: CategoryId) -> Article {
    let input = ArticleInput {
        kind: ArticleKind::News,
        audience: None,
        category,
        topic: None,
        series: None,
        title: "Lịch tiếp công dân".to_owned(),
        summary: String::new(),
        body: String::new(),
        language: None,
        tags: vec![],
        author: None,
        source: None,
        cover: None,
        attachments: vec![],
    };
    Article::check(input).unwrap().0
}

fn full(category: CategoryId) -> Article {
    let source = Source {
        name: "Báo địa phương".to_owned(),
        url: Some("https://bao.example/1".to_owned()),
        author: Some("Tổ phóng viên".to_owned()),
        published_at: Some(at("2024-06-27T00:00:00Z")),
        verbatim: true,
    };
    let cover = Cover {
        media: None,
        url: "https://anh.example/1.jpg".to_owned(),
        alt: "Cánh đồng".to_owned(),
        caption: Some("Ảnh".to_owned()),
        credit: None,
        width: Some(1_200),
        height: Some(675),
    };
    Article {
        kind: ArticleKind::Photo,
        tags: vec!["Chuyển đổi số".to_owned(), "OCOP".to_owned()],
        language: lienthong_domain::language::LanguageTag::parse("en").unwrap(),
        author: Some("Ban biên tập".to_owned()),
        source: Some(source),
        cover: Some(cover),
        original_url: Some("http://cu.example/tin?id=1".to_owned()),
        body: lienthong_domain::html::SafeHtml::sanitise("<p>Nội dung</p>").0,
        ..plain(category)
    }
}

/// Every row of every table, as text.
async fn dump(db: &TestDb) -> BTreeSet<String> {
    let mut rows = BTreeSet::new();
    for (table, columns) in TABLES {
        let found = match db.location() {
            Location::File(file) => sqlite_rows(&file, table, columns),
            Location::Postgres(url) => postgres_rows(&url, table, columns).await,
        };
        rows.extend(found.into_iter().map(|row| format!("{table}: {row}")));
    }
    rows
}

fn sqlite_rows(file: &std::path::Path, table: &str, columns: &str) -> Vec<String> {
    let connection = rusqlite::Connection::open(file).unwrap();
    let mut statement = connection.prepare(&format!("SELECT {columns} FROM {table}")).unwrap();
    let count = statement.column_count();
    let read = |row: &rusqlite::Row<'_>| {
        let values = (0..count).map(|at| row.get::<_, rusqlite::types::Value>(at));
        Ok(format!("{:?}", values.collect::<Result<Vec<_>, _>>()?))
    };
    statement.query_map([], read).unwrap().collect::<Result<_, _>>().unwrap()
}

async fn postgres_rows(url: &str, table: &str, columns: &str) -> Vec<String> {
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    let sql = format!("SELECT t::text FROM (SELECT {columns} FROM {table}) t");
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap();
    rows.iter().map(|row| row.get::<String, _>(0)).collect()
}
