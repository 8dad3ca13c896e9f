//! Keys and verification from the command line.

use lienthong_domain::change::Audit;
use lienthong_domain::ids::{ActorId, EditionId};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, Store};

use crate::harness::{Folder, block_on};

/// An act on an edition that does not exist, as one is left when somebody deletes the edition.
fn act_on_nothing(folder: &Folder) {
    let now = Timestamp::from_micros(1_800_000_000_000_000);
    let audit = Audit {
        by: ActorId::new(now).into(),
        operation: lienthong_domain::access::Operation::Edit,
        site: None,
        entry: None,
        edition: Some(EditionId::new(now)),
        note: "tin".to_owned(),
        matter: None,
        after: None,
        at: now,
    };
    block_on(async {
        let store = Store::open(folder.location()).await.unwrap();
        store.begin().await.unwrap().commit(Record { changes: vec![], audits: vec![audit] }).await.unwrap();
        store.close().await.unwrap();
    });
}

on_both_databases! {
    fn verify_says_by_its_exit_code_whether_anything_was_changed(folder: Folder) {
        folder.output(&["migrate"]);
        let made = folder.output(&["key", "rotate", "--log"]);
        let clean = folder.json(&["verify", "--json"]);
        assert_eq!((&clean["acts"], &clean["findings"]), (&1.into(), &serde_json::json!([])));
        act_on_nothing(&folder);
        let found = folder.run(&["verify"]);
        assert_eq!(found.code, Some(3), "{}", found.stderr);
        assert!(found.stdout.contains("edition") && found.stdout.contains("act 1 of the log names it"), "{}", found.stdout);
        folder.output(&["key", "revoke", made.trim(), "--reason", "mất máy"]);
        let keys = folder.json(&["key", "list", "--json"]);
        assert_eq!((&keys[0]["key"], &keys[0]["reason"]), (&made.trim().into(), &"mất máy".into()));
        assert!(keys[0]["revokedAt"].is_string() && keys[0]["site"].is_null());
    }
}
