//! The change log: every change once, in commit order, never early. Many who publish at once, and whoever follows them, are
//! in the acceptance tests (`publishers`).
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::time::Duration;

use lienthong_domain::change::{Change, ChangeKind};
use lienthong_domain::scope::{ReferenceSet, ScopeKey};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, Store, changes};
use lienthong_test_support::{TestDb, both_databases};

fn marked(mark: i64) -> Record {
    let scopes = std::iter::once(ScopeKey::reference(ReferenceSet::Units)).collect();
    let change = Change { kind: ChangeKind::Reference, subject: None, scopes, at: Timestamp::from_micros(mark) };
    Record { changes: vec![change], audits: Vec::new() }
}

async fn write(store: Store, writer: i64, count: i64) {
    for number in 0..count {
        let tx = store.begin().await.unwrap();
        tokio::task::yield_now().await;
        tx.commit(marked(writer * 1_000_000 + number)).await.unwrap();
    }
}

both_databases! {
    async fn a_transaction_that_is_dropped_takes_no_number(db: TestDb) {
        let store = db.open().await;
        drop(store.begin().await.unwrap());
        let position = store.begin().await.unwrap().commit(marked(1)).await.unwrap().unwrap();
        assert_eq!(position.seq, 1);
        assert_eq!(changes::after(&store, 0, 10).await.unwrap().len(), 1);
    }

    async fn a_commit_wakes_those_who_wait_for_it(db: TestDb) {
        let store = db.open().await;
        let mut commits = store.commits();
        let mut listener = db.open().await.listen().await.unwrap();
        store.begin().await.unwrap().commit(marked(1)).await.unwrap();
        tokio::time::timeout(Duration::from_secs(10), commits.changed()).await.unwrap().unwrap();
        assert_eq!(*commits.borrow(), 1);
        assert_eq!(listener.is_some(), db.is_postgres());
        if let Some(listener) = &mut listener {
            tokio::time::timeout(Duration::from_secs(10), listener.wait()).await.unwrap().unwrap();
        }
    }
}

/// On PostgreSQL several transactions are open at once: one that has written its changes but has not committed holds
/// back those behind it, so that no reader passes over its numbers.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_between_write_and_commit_is_never_passed_over() {
    let db = TestDb::postgres().await;
    let store = db.open().await;
    let held = store.begin().await.unwrap();
    let held = held.append_without_commit(&marked(1).changes).await.unwrap();
    let behind = tokio::spawn(write(db.open().await, 0, 20));
    let reader = db.open().await;
    for _ in 0..50 {
        assert_eq!(changes::after(&reader, 0, 10).await.unwrap(), vec![]);
        tokio::task::yield_now().await;
    }
    assert!(!behind.is_finished());
    held.commit(Record::default()).await.unwrap();
    behind.await.unwrap();
    let numbers: Vec<i64> = changes::after(&reader, 0, 100).await.unwrap().iter().map(|row| row.seq).collect();
    assert_eq!(numbers, (1..=21).collect::<Vec<_>>());
}
