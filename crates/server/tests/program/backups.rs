use std::fs;

use crate::harness::{Folder, get};

#[test]
fn a_backup_taken_while_serving_is_put_back_on_a_new_history() {
    let folder = Folder::new();
    let server = folder.serve(&[]);
    folder.output(&["token", "grant", "--actor", "before", "--role", "editor"]);
    let saved = folder.json(&["backup", "--json", "saved.db"]);
    folder.output(&["token", "grant", "--actor", "after", "--role", "editor"]);
    let refused = folder.run(&["restore", "saved.db"]);
    assert!(refused.refusal().contains("is in use by another lienthong"), "{}", refused.stderr);
    server.stop();

    let restored = folder.json(&["restore", "--json", "saved.db"]);
    assert_ne!(restored["epoch"], saved["epoch"]);
    assert_eq!(restored["seq"], saved["seq"]);
    let again = folder.json(&["backup", "--json", "again.db"]);
    assert_eq!(again["epoch"], restored["epoch"]);
    assert_eq!(handles(&folder), ["before"]);

    let server = folder.serve(&[]);
    assert_eq!(get(server.address(), "/readyz").0, 200);
    assert_eq!(server.stop().code(), Some(0));
}

#[test]
fn the_replaced_database_is_kept_whole_and_can_be_put_back_itself() {
    let folder = Folder::new();
    folder.output(&["token", "grant", "--actor", "before", "--role", "editor"]);
    folder.output(&["backup", "saved.db"]);
    folder.output(&["token", "grant", "--actor", "after", "--role", "editor"]);
    let restored = folder.json(&["restore", "--json", "saved.db"]);
    assert_eq!(handles(&folder), ["before"]);
    let replaced = restored["replaced"].as_str().unwrap();
    let copy = folder.path().join("copy.db");
    fs::copy(replaced, &copy).unwrap();
    fs::remove_file(replaced).unwrap();
    folder.output(&["restore", "copy.db"]);
    assert_eq!(handles(&folder), ["after", "before"]);
}

#[test]
fn a_damaged_database_can_be_replaced_and_is_kept() {
    let folder = Folder::new();
    folder.output(&["token", "grant", "--actor", "lan", "--role", "editor"]);
    folder.output(&["backup", "saved.db"]);
    let database = folder.data().join("lienthong.db");
    fs::write(&database, "not a database at all, but long enough to be read as one".repeat(200)).unwrap();
    let restored = folder.json(&["restore", "--json", "saved.db"]);
    assert!(fs::read_to_string(restored["replaced"].as_str().unwrap()).unwrap().starts_with("not a database"));
    assert_eq!(handles(&folder), ["lan"]);
}

#[test]
fn a_backup_overwrites_nothing_and_a_restore_takes_only_a_good_file_of_ours() {
    let folder = Folder::new();
    let nothing = folder.run(&["backup", "saved.db"]);
    assert!(nothing.refusal().contains("there is no database"), "{}", nothing.stderr);
    folder.output(&["migrate"]);
    folder.output(&["backup", "saved.db"]);
    let before = fs::read(folder.path().join("saved.db")).unwrap();
    let refused = folder.run(&["backup", "saved.db"]);
    assert_eq!(refused.refusal(), "saved.db exists already and is not overwritten");
    assert_eq!(fs::read(folder.path().join("saved.db")).unwrap(), before);
    let nowhere = folder.run(&["backup", "no/such/folder/saved.db"]);
    assert!(nowhere.refusal().starts_with("cannot write no/such/folder/saved.db"), "{}", nowhere.stderr);

    fs::write(folder.path().join("text.db"), "hello").unwrap();
    fs::write(folder.path().join("cut.db"), &before[..before.len() / 2]).unwrap();
    let untouched = fs::read(folder.data().join("lienthong.db")).unwrap();
    for file in ["none.db", "text.db", "cut.db"] {
        let refused = folder.run(&["restore", file]);
        assert!(refused.refusal().contains(file), "{}", refused.stderr);
        assert_eq!(fs::read(folder.data().join("lienthong.db")).unwrap(), untouched);
    }
    let left: Vec<_> = fs::read_dir(folder.data()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".tmp")), "{left:?}");
}

#[test]
fn a_database_without_its_seal_key_is_refused_until_it_gets_new_secrets() {
    let folder = Folder::new();
    folder.serve(&[]).stop();
    folder.output(&["backup", "saved.db"]);
    fs::remove_file(folder.data().join("seal.key")).unwrap();
    let refused = folder.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(refused.refusal().contains("seal.key is missing"), "{}", refused.stderr);
    assert!(!folder.data().join("seal.key").exists(), "no key is made that opens nothing");
    let restored = folder.run(&["restore", "saved.db"]);
    assert!(restored.stderr.contains("put the seal.key"), "{}", restored.stderr);
    folder.output(&["restore", "--new-secrets", &folder.path().join("saved.db").display().to_string()]);
    assert_eq!(folder.serve(&[]).stop().code(), Some(0));
}

fn handles(folder: &Folder) -> Vec<String> {
    let listed = folder.json(&["token", "list", "--json"]);
    listed.as_array().unwrap().iter().map(|actor| actor["handle"].as_str().unwrap().to_owned()).collect()
}
