//! The log as a tree: proofs from the stored hashes, and the order of concurrent transactions.

use lienthong_app::commands::import_articles::{ArticlesImport, import_articles};
use lienthong_persistence::log;
use lienthong_proof::{merkle, path};
use lienthong_test_support::{TestApp, both_databases};
use serde_json::json;

use crate::{looked_at, now, told};

/// More than one tile of the second level cannot be had in a test; two of the first can.
const ARTICLES: usize = 600;

async fn imported(test: &TestApp) {
    let host = test.world.sites[1].host.to_string();
    let line = |n: usize| {
        json!({ "sourceId": n.to_string(), "site": host, "category": "kinh-te", "title": format!("Bài {}", n / 2),
        "summary": "Tóm tắt", "body": "<p>Bài</p>", "publishedAt": "2024-06-28T07:05:00Z" })
    };
    let file = (0..ARTICLES).map(|n| line(n).to_string()).collect::<Vec<_>>().join("\n");
    let import = ArticlesImport {
        source: std::io::Cursor::new(file.into_bytes()),
        dry_run: false,
        batch: 250,
        progress: &|_| {},
    };
    let report = import_articles(test, &test.permit(), import, std::sync::Arc::new(now)).await.unwrap();
    assert_eq!(report.created, ARTICLES as u64);
}

both_databases! {
    async fn what_an_import_writes_is_signed_and_in_the_log(db: TestDb) {
        let test = TestApp::start(db).await;
        imported(&test).await;
        let report = looked_at(&test).await;
        assert_eq!(told(&report), [""; 0]);
        assert_eq!((report.signatures, report.entries), (ARTICLES as u64, ARTICLES as u64));
    }

    async fn every_leaf_is_proved_from_the_stored_hashes(db: TestDb) {
        let test = TestApp::start(db).await;
        imported(&test).await;
        let head = log::head(test.store()).await.unwrap();
        for leaf in [0, 1, 255, 256, 300, 511, 512, head.size - 1] {
            let act = log::act(test.store(), leaf).await.unwrap().unwrap();
            let proof = log::hashes(test.store(), path::inclusion(leaf, head.size).unwrap()).await.unwrap();
            let hash = merkle::leaf(act.content().as_bytes());
            assert_eq!(path::check_inclusion(hash, (leaf, head.size), &proof, &head.root), Ok(()), "{leaf}");
        }
        for old in [1, 255, 256, 257, 511, head.size] {
            let root = log::root_at(test.store(), old).await.unwrap();
            let proof = log::hashes(test.store(), path::consistency(old, head.size).unwrap()).await.unwrap();
            assert_eq!(path::check_consistency((old, &root), (head.size, &head.root), &proof), Ok(()), "{old}");
        }
    }

    async fn a_tile_that_was_changed_is_named(db: TestDb) {
        let test = TestApp::start(db).await;
        imported(&test).await;
        test.db.unlock("audit_tile").await;
        let zeros = if test.db.is_postgres() { "decode(repeat('00', 32), 'hex')" } else { "zeroblob(32)" };
        test.db.meddle(&format!("UPDATE audit_tile SET hash = {zeros} WHERE number = 1")).await;
        let report = looked_at(&test).await;
        assert_eq!(told(&report), ["audit_tile 8/1: leaves 256 to 511 are not those it was made of"]);
        assert_eq!(report.first_bad_leaf, Some(256));
    }

    async fn acts_of_concurrent_transactions_stand_in_one_order_without_gaps(db: TestDb) {
        let test = std::sync::Arc::new(TestApp::start(db).await);
        let begun = looked_at(&test).await.acts;
        let mut writers = tokio::task::JoinSet::new();
        for n in 0..16_usize {
            let test = std::sync::Arc::clone(&test);
            writers.spawn(async move { test.published(1 + n % 2, &format!("Bài số {n}"), now()).await });
        }
        assert_eq!(writers.join_all().await.len(), 16);
        let report = looked_at(&test).await;
        assert_eq!(told(&report), [""; 0]);
        // Made, published, and the keys of two sites.
        assert_eq!(report.acts - begun, 34);
    }
}
