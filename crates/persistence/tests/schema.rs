//! The schema on both databases.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use lienthong_persistence::{SchemaState, Store};
use lienthong_test_support::{TestDb, both_databases};

both_databases! {
    async fn a_migrated_database_is_current_and_migrating_again_changes_nothing(db: TestDb) {
        let store = db.open().await;
        assert_eq!(store.schema_state().await.unwrap(), SchemaState::Current);
        let head = store.head().await.unwrap();
        store.migrate().await.unwrap();
        assert_eq!(store.head().await.unwrap(), head);
    }

    async fn every_migration_goes_down_and_up_again(db: TestDb) {
        let store = db.open().await;
        store.roll_back().await.unwrap();
        assert_eq!(store.schema_state().await.unwrap(), SchemaState::Older);
        store.migrate().await.unwrap();
        assert_eq!(store.schema_state().await.unwrap(), SchemaState::Current);
        assert_eq!(store.head().await.unwrap().seq, 0);
    }

    async fn every_entity_fits_its_table(db: TestDb) {
        db.open().await.check_entities().await.unwrap();
    }

    async fn two_databases_have_different_histories(db: TestDb) {
        let other = if db.is_postgres() { TestDb::postgres().await } else { TestDb::sqlite().await };
        let (one, two) = (db.open().await, other.open().await);
        // A copied template has one epoch; a migrated database makes its own.
        two.roll_back().await.unwrap();
        two.migrate().await.unwrap();
        assert_ne!(one.head().await.unwrap().epoch, two.head().await.unwrap().epoch);
    }
}

#[tokio::test]
async fn a_location_that_cannot_be_opened_is_named_without_its_password() {
    use lienthong_persistence::Location;
    let url = "postgres://user:geheim@127.0.0.1:1/none".to_owned();
    let error = Store::open(Location::Postgres(url)).await.err().unwrap().to_string();
    assert!(error.contains("PostgreSQL at 127.0.0.1:1"), "{error}");
    assert!(!error.contains("geheim"), "{error}");
    let error = Store::open(Location::File("/nonexistent/dir/x.db".into())).await.err().unwrap().to_string();
    assert!(error.starts_with("cannot open /nonexistent/dir/x.db: "), "{error}");
}
