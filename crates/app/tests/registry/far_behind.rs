use lienthong_app::App;
use lienthong_app::commands::bulk::Run;
use lienthong_app::commands::registry::{TopicsImport, import_topics};
use lienthong_domain::change::{Change, ChangeKind};
use lienthong_domain::scope::ScopeSet;
use lienthong_persistence::{Record, Store};
use lienthong_test_support::both_databases;

use crate::harness::{app, last_change, now, permit};

const TOPIC: &str = "code,name_vi,name_en,levels,legal_basis,after_event,basis_kind,max_stale_days,notes\n\
    tt.tin,Tin tức – sự kiện,News and events,T X H,,none,D,30,\n";

/// Changes that another node makes, as a bulk import would.
async fn change(store: &Store, times: usize) {
    let change = Change { kind: ChangeKind::Reference, subject: None, scopes: ScopeSet::default(), at: now() };
    let tx = store.begin().await.unwrap();
    tx.commit(Record { changes: vec![change; times], audits: vec![] }).await.unwrap();
}

async fn import(app: &App) {
    let import = TopicsImport { source: TOPIC.as_bytes(), unit: None, run: Run::default() };
    assert_eq!(import_topics(app, &permit(), import, now()).await.unwrap().topics.created, 1);
}

both_databases! {
    async fn a_node_far_behind_begins_anew_and_one_a_little_behind_does_not(db: TestDb) {
        let (node, other) = (app(db.open().await).await, app(db.open().await).await);
        let begun = node.freshness().mark();
        change(other.store(), 100).await;
        node.catch_up().await.unwrap();
        assert!(node.freshness().holds(begun, &[]), "answers that nothing touched are kept");

        import(&other).await;
        change(other.store(), 20_000).await;
        node.catch_up().await.unwrap();
        assert_eq!(node.freshness().applied(), last_change(&other).await);
        assert!(node.reference().topics.by_code("tt.tin").is_some());
        assert!(!node.freshness().holds(begun, &[]) && node.freshness().holds(node.freshness().mark(), &[]));
    }
}
