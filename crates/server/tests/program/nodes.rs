//! Several processes on one database: what one writes, the others answer within a second, and nothing older after it.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{Folder, Server};
use crate::newsroom::{Client, Newsroom};

/// How long another process may go on with the old answer.
const SOON: Duration = Duration::from_secs(1);

/// Asks until the answer is there.
fn soon(what: &str, mut ask: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !ask() {
        assert!(begun.elapsed() < SOON, "not answered within a second: {what}");
    }
}

fn has_site(server: &Server, host: &str) -> bool {
    let data = Client::reader(server)
        .graphql("query($host: String!) { site(host: $host) { name } }", &json!({ "host": host }));
    data.unwrap()["site"].is_object()
}

#[test]
fn what_one_node_publishes_the_other_answers_within_a_second_and_nothing_older_after_it() {
    let room = Newsroom::open(Folder::on_postgres());
    let (first, beside) = (room.serve(), room.folder.of_another_node());
    std::fs::copy(room.folder.path().join("room.toml"), beside.path().join("room.toml")).unwrap();
    let second = beside.serve(&["--config", "room.toml"]);
    let nodes = [&first, &second];
    for round in 0..10 {
        let (here, there) = (nodes[round % 2], nodes[(round + 1) % 2]);
        let (editor, reader) = (room.editor(here), Client::reader(there));
        reader.latest();
        let title = format!("Tin {round}");
        editor.publish(&editor.create(&title).unwrap()).unwrap();
        soon(&title, || reader.latest().as_ref() == Some(&title));
        for _ in 0..20 {
            assert_eq!([reader.latest(), Client::reader(here).latest()], [Some(title.clone()), Some(title.clone())]);
        }
    }
    assert_eq!([first.stop().code(), second.stop().code()], [Some(0), Some(0)]);
}

on_both_databases! {
    fn what_the_command_line_writes_the_running_server_answers_within_a_second(folder: Folder) {
        let room = Newsroom::open(folder);
        let server = room.serve();
        let reader = Client::reader(&server);
        assert_eq!(reader.latest(), None);
        for title in ["Tin nhập một", "Tin nhập hai"] {
            let file = room.articles("tin.jsonl", std::iter::once(title.to_owned()));
            room.folder.output(&["import", "articles", &file]);
            let found = "query($site: String!, $first: Int) { articles(site: $site, first: $first) { nodes { title } } }";
            soon(title, || {
                let data = reader.graphql(found, &json!({ "site": crate::newsroom::HOST, "first": 10 })).unwrap();
                data["articles"]["nodes"].as_array().unwrap().iter().any(|node| node["title"] == title)
            });
        }
        assert!(!has_site(&server, "codam.hatinh.gov.vn"));
        room.provision("18364");
        soon("the new site", || has_site(&server, "codam.hatinh.gov.vn"));
        assert_eq!(server.stop().code(), Some(0));
    }
}
