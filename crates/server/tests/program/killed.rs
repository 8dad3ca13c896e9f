//! SIGKILL in the middle of writes. What was acknowledged is there afterwards, and nothing is there by halves.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

use lienthong_persistence::{Store, changes};

use crate::harness::{Folder, Server, block_on, eventually};
use crate::newsroom::{Acknowledged, Client, HOST, Newsroom};

const WRITERS: usize = 4;

/// What each row must not be without. Every pair is written by one transaction.
const HALVES: [(&str, &str); 12] = [
    ("entry without an edition", "entry e WHERE NOT EXISTS (SELECT 1 FROM edition o WHERE o.entry_id = e.id)"),
    ("entry without an act", "entry e WHERE NOT EXISTS (SELECT 1 FROM audit o WHERE o.entry_id = e.id)"),
    (
        "published edition that no reader sees",
        "edition e WHERE e.state = 'live' AND NOT EXISTS (SELECT 1 FROM live_entry o WHERE o.edition_id = e.id) \
         AND NOT EXISTS (SELECT 1 FROM internal_entry o WHERE o.edition_id = e.id)",
    ),
    (
        "entry before two audiences",
        "live_entry e WHERE EXISTS (SELECT 1 FROM internal_entry o WHERE o.entry_id = e.entry_id)",
    ),
    (
        "internal entry of an edition that is not published",
        "internal_entry e WHERE NOT EXISTS (SELECT 1 FROM edition o WHERE o.id = e.edition_id AND o.state = 'live')",
    ),
    (
        "live entry of an edition that is not published",
        "live_entry e WHERE NOT EXISTS (SELECT 1 FROM edition o WHERE o.id = e.edition_id AND o.state = 'live')",
    ),
    (
        "live entry without a body",
        "live_entry e WHERE NOT EXISTS (SELECT 1 FROM live_body o WHERE o.entry_id = e.entry_id)",
    ),
    ("body of nothing", "live_body e WHERE NOT EXISTS (SELECT 1 FROM live_entry o WHERE o.entry_id = e.entry_id)"),
    (
        "live entry in no list",
        "live_entry e WHERE NOT EXISTS (SELECT 1 FROM live_listing o WHERE o.entry_id = e.entry_id)",
    ),
    (
        "line of a list without a live entry",
        "live_listing e WHERE NOT EXISTS (SELECT 1 FROM live_entry o WHERE o.entry_id = e.entry_id)",
    ),
    (
        "lists that differ",
        "live_listing e WHERE NOT EXISTS (SELECT 1 FROM live_listing_updated o \
         WHERE o.scope = e.scope AND o.entry_id = e.entry_id)",
    ),
    (
        "live entry that the log does not tell of",
        "live_entry e WHERE NOT EXISTS (SELECT 1 FROM change o WHERE o.edition_id = e.edition_id)",
    ),
];

/// Nothing is there by halves, and the log has no gap.
fn assert_whole(folder: &Folder) {
    block_on(async {
        let store = Store::open(folder.location()).await.unwrap();
        for (what, rows) in HALVES {
            assert_eq!(store.count_rows(rows).await.unwrap(), 0, "{what}");
        }
        let last = store.head().await.unwrap().seq;
        let log = changes::after(&store, 0, u32::MAX).await.unwrap();
        assert_eq!(log.iter().map(|logged| logged.seq).collect::<Vec<_>>(), (1..=last).collect::<Vec<_>>());
        store.close().await.unwrap();
    });
}

/// Numbers that look like chance and are the same in each run (xorshift).
fn chance(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// Every acknowledged write by title: the last one of each article.
type Acks = BTreeMap<String, (Acknowledged, bool)>;

/// Writes until the server is gone, and returns what it acknowledged.
fn write(editor: &Client, name: &str, count: &AtomicUsize) -> Acks {
    let mut acks = Acks::new();
    for number in 0.. {
        let title = format!("{name} {number}");
        let Ok(draft) = editor.create(&title) else { break };
        acks.insert(title.clone(), (draft.clone(), false));
        count.fetch_add(1, Ordering::SeqCst);
        let Ok(published) = editor.publish(&draft) else { break };
        acks.insert(title, (published, true));
        count.fetch_add(1, Ordering::SeqCst);
    }
    acks
}

/// Several editors write; the server is killed after `until` acknowledgements, while others are under way.
fn written_until_killed(room: &Newsroom, round: usize, until: usize) -> Acks {
    let mut server = room.serve();
    let count = AtomicUsize::new(0);
    let acks = std::thread::scope(|scope| {
        let writer = |number| {
            let (editor, count) = (room.editor(&server), &count);
            scope.spawn(move || write(&editor, &format!("Tin {round}.{number}"), count))
        };
        let writers: Vec<_> = (0..WRITERS).map(writer).collect();
        eventually("enough is written", || (count.load(Ordering::SeqCst) >= until).then_some(()));
        server.signal(Signal::KILL);
        writers.into_iter().flat_map(|writer| writer.join().unwrap()).collect()
    });
    server.ended();
    acks
}

/// What the server answers for an acknowledged write: the editor's view and the public one.
fn answered(editor: &Client, reader: &Client, ack: &Acknowledged) -> (Value, Value) {
    let entry = "query($id: ID!) { entry(id: $id) { version draft { title } live { title } } }";
    let article = "query($id: ID!) { article(id: $id) { title body } }";
    let id = json!({ "id": ack.id });
    (editor.graphql(entry, &id).unwrap()["entry"].clone(), reader.graphql(article, &id).unwrap()["article"].clone())
}

/// Each acknowledged write is there. A write behind it may have been committed without an answer: then as a whole.
fn assert_acknowledged(room: &Newsroom, server: &Server, acks: &Acks) {
    let (editor, reader) = (room.editor(server), Client::reader(server));
    let mut wrong = Vec::new();
    for (title, (ack, is_published)) in acks {
        let (entry, article) = answered(&editor, &reader, ack);
        let public = json!({ "title": title, "body": format!("<p>{title}</p>") });
        let shown = json!({ "version": ack.version, "draft": null, "live": { "title": title } });
        let draft = json!({ "version": ack.version, "draft": { "title": title }, "live": null });
        let published_unanswered = json!({ "version": ack.version + 1, "draft": null, "live": { "title": title } });
        let is_there = match is_published {
            true => entry == shown && article == public,
            false => (entry == draft && article.is_null()) || (entry == published_unanswered && article == public),
        };
        if !is_there {
            wrong.push(format!("{} ({title}, published: {is_published}): {entry} {article}", ack.id));
        }
    }
    assert!(wrong.is_empty(), "of {} acknowledged writes are not answered:\n{}", acks.len(), wrong.join("\n"));
}

/// Imports so many lines from a pipe that does not end, and kills the import when this many articles are there.
fn import_until_killed(folder: &Folder, (file, lines): (&str, usize), until: i64) {
    let mut import = folder.command(&["import", "articles", "-", "--batch", "500"]);
    let mut import = import.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
    let text: String = text.split_inclusive('\n').take(lines).collect();
    let mut pipe = import.stdin.take().unwrap();
    let feeding = std::thread::spawn(move || {
        // Ends with an error when the import is killed before it has read everything.
        let _ = pipe.write_all(text.as_bytes());
        pipe
    });
    eventually("some are imported", || (count(folder, "entry") >= until).then_some(()));
    kill_process(Pid::from_child(&import), Signal::KILL).unwrap();
    import.wait().unwrap();
    drop(feeding.join().unwrap());
}

fn count(folder: &Folder, rows: &'static str) -> i64 {
    block_on(async {
        let store = Store::open(folder.location()).await.unwrap();
        let count = store.count_rows(rows).await.unwrap();
        store.close().await.unwrap();
        count
    })
}

on_both_databases! {
    fn what_a_killed_server_acknowledged_is_there_and_nothing_is_there_by_halves(folder: Folder) {
        let room = Newsroom::open(folder);
        let (mut acks, mut seed) = (Acks::new(), 0x6c69_656e_7468_6f6e);
        for round in 0..4 {
            let until = 10 + usize::try_from(chance(&mut seed) % 60).unwrap();
            acks.extend(written_until_killed(&room, round, until));
            assert_whole(&room.folder);
            let server = room.serve();
            assert_acknowledged(&room, &server, &acks);
            assert_eq!(server.stop().code(), Some(0));
        }
        let unanswered = i64::try_from(4 * WRITERS).unwrap();
        let (known, there) = (i64::try_from(acks.len()).unwrap(), count(&room.folder, "entry"));
        assert!((known..=known + unanswered).contains(&there), "{there} entries, {known} acknowledged");
    }

    fn an_import_that_was_killed_left_whole_articles_and_goes_on_where_it_was(folder: Folder) {
        const BATCH: i64 = 500;
        const ARTICLES: i64 = 4 * BATCH + 100;
        let room = Newsroom::open(folder);
        let file = room.articles("tin.jsonl", (0..ARTICLES).map(|number| format!("Tin {number}")));
        let mut seed = 0x6e68_6170_7469_6e31;
        let mut before = 0;
        for _ in 0..2 {
            let until = before + 1 + i64::try_from(chance(&mut seed) % 300).unwrap();
            // Two whole batches: the kill may find the import within the second one, and there is always a third left.
            let lines = usize::try_from(before + 2 * BATCH).unwrap();
            import_until_killed(&room.folder, (&file, lines), until);
            assert_whole(&room.folder);
            before = count(&room.folder, "live_entry");
            assert_eq!(before, count(&room.folder, "entry"));
            assert!((until..ARTICLES).contains(&before), "{before} are imported");
        }
        let report = room.folder.json(&["import", "articles", &file, "--json"]);
        assert_eq!((&report["created"], &report["unchanged"]), (&json!(ARTICLES - before), &json!(before)), "{report}");
        assert_eq!(count(&room.folder, "live_entry"), ARTICLES);
        assert_whole(&room.folder);
        let server = room.serve();
        let query = "query($site: String!) { articles(site: $site) { totalCount { value } } }";
        let data = Client::reader(&server).graphql(query, &json!({ "site": HOST })).unwrap();
        assert_eq!(data["articles"]["totalCount"]["value"], ARTICLES, "{data}");
        assert_eq!(server.stop().code(), Some(0));
    }
}
