//! Imports that are broken off, or whose ground moves while they run.

use std::io::{self, BufRead, Cursor, Read};
use std::sync::Arc;

use serde_json::Value;

use lienthong_app::queries::Tags;
use lienthong_app::queries::articles::{ArticleFilter, ArticlePlace, ArticleSubject};
use lienthong_app::{App, Error};
use lienthong_domain::change::{Change, ChangeKind};
use lienthong_domain::registry::Category;
use lienthong_domain::scope::{ReferenceSet, ScopeKey};
use lienthong_persistence::{Record, Store, categories};
use lienthong_test_support::{TestApp, both_databases};

use crate::{counts, file, import, line, log, now};

/// Calls `then` once the first `lines` lines have been read.
struct Interrupted<F> {
    source: Cursor<Vec<u8>>,
    lines: usize,
    then: F,
}

impl<F: FnMut() -> io::Result<()>> Read for Interrupted<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.source.read(buffer)
    }
}

impl<F: FnMut() -> io::Result<()>> BufRead for Interrupted<F> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.lines == 0 {
            (self.then)()?;
            self.lines = usize::MAX;
        }
        let rest = self.source.fill_buf()?;
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |at| at + 1);
        Ok(&rest[..end])
    }

    fn consume(&mut self, amount: usize) {
        self.source.consume(amount);
        self.lines -= 1;
    }
}

fn many(test: &TestApp, count: usize) -> Vec<Value> {
    (0..count).map(|n| line(test, &n.to_string(), &format!("Tin {n}"))).collect()
}

both_databases! {
    async fn a_source_that_fails_leaves_whole_batches_and_the_next_run_goes_on(db: TestDb) {
        let test = TestApp::start(db).await;
        let lines = many(&test, 1_300);
        let fails = || Err(io::Error::other("the disk is gone"));
        let error = import(&test, Interrupted { source: file(&lines), lines: 1_200, then: fails }).await.unwrap_err();
        assert!(matches!(&error, Error::BadRequest { parameter: "file", reason } if reason.contains("disk")), "{error}");
        assert_eq!(log(&test).await.len(), 1_000);
        assert_eq!(counts(&import(&test, file(&lines)).await.unwrap()), [1_300, 300, 0, 1_000, 0]);
        let seqs: Vec<i64> = log(&test).await.iter().map(|row| row.seq).collect();
        assert_eq!(seqs, (1..=1_300).collect::<Vec<_>>());
    }

    async fn articles_stand_where_their_category_stands_when_they_are_written(db: TestDb) {
        let test = TestApp::start(db).await;
        let (store, runtime) = (test.store().clone(), tokio::runtime::Handle::current());
        let moved = Category { topic: Some(test.world.topics[1].id), ..test.world.category(1, "kinh-te").clone() };
        let then = move || {
            runtime.block_on(remap(&store, moved.clone()));
            Ok(())
        };
        // The category moves while the second batch is read, which is placed by what was known before.
        let source = Interrupted { source: file(&many(&test, 2_000)), lines: 1_600, then };
        assert_eq!(import(&test, source).await.unwrap().created, 2_000);
        let (old, new) = (count(&test, 0).await, count(&test, 1).await);
        assert_eq!(old + new, 2_000);
        assert!(new >= 1_000, "{new} under the new topic");
    }
}

/// Maps a category to another topic, as a command on another node would.
async fn remap(store: &Store, category: Category) {
    let tx = store.begin().await.unwrap();
    categories::put(&tx, &[category]).await.unwrap();
    let scopes = std::iter::once(ScopeKey::reference(ReferenceSet::Categories)).collect();
    let change = Change { kind: ChangeKind::Reference, subject: None, scopes, at: now() };
    tx.commit(Record { changes: vec![change], audits: vec![] }).await.unwrap();
}

async fn count(test: &TestApp, topic: usize) -> u32 {
    let app: &Arc<App> = &test.app;
    let filter = ArticleFilter {
        place: Some(ArticlePlace::Site(test.world.sites[1].id)),
        subject: Some(ArticleSubject::Topic(test.world.topics[topic].id)),
        ..Default::default()
    };
    lienthong_app::queries::articles::count(app, &filter, &Tags::default(), now()).await.unwrap().value
}
