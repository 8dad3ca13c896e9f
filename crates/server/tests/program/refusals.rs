use std::net::TcpListener;

use rustix::process::Signal;

use crate::harness::{Finished, Folder};

#[test]
fn a_second_server_on_a_data_folder_is_refused_and_a_killed_one_leaves_it_free() {
    let folder = Folder::new();
    let mut first = folder.serve(&[]);
    let second = folder.run(&["serve", "--listen", "127.0.0.1:0"]);
    let refusal = second.refusal();
    assert!(refusal.contains("is in use by another lienthong"), "{refusal}");
    assert!(refusal.contains(&first.pid().to_string()), "{refusal}");
    first.signal(Signal::KILL);
    first.ended();
    assert_eq!(folder.serve(&[]).stop().code(), Some(0));
}

#[test]
fn a_port_in_use_is_told_with_the_address() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let refused = folder.run(&["serve", "--listen", &address]);
    assert_eq!(
        refused.refusal(),
        format!("cannot listen on {address}: the port is in use by another program; choose one with --listen")
    );
}

#[test]
fn a_data_folder_that_cannot_be_written_is_told_by_name() {
    let folder = Folder::new();
    std::fs::write(folder.path().join("file"), "").unwrap();
    for (data, expected) in [("file", "cannot use the data folder file"), ("/proc/self/task", "/proc/self/task")] {
        let refused = folder.run(&["serve", "--listen", "127.0.0.1:0", "--data", data]);
        assert!(refused.refusal().contains(expected), "{}", refused.stderr);
    }
}

#[test]
fn a_mistake_in_the_configuration_is_told_with_its_place() {
    let folder = Folder::new();
    std::fs::write(folder.path().join("a.toml"), "[server]\nlisten_on = 1\n").unwrap();
    for command in ["serve", "check-config", "migrate"] {
        let refused = folder.run(&[command, "--config", "a.toml"]);
        assert!(refused.refusal().starts_with("a.toml, line 2: unknown field `listen_on`"), "{}", refused.stderr);
    }
    let missing = folder.run(&["check-config", "--config", "none.toml"]);
    assert!(missing.refusal().starts_with("none.toml: No such file"), "{}", missing.stderr);
    let mut command = folder.command(&["serve"]);
    command.env("LIENTHONG_SERVER__LISTEM", "x");
    assert!(Finished::of(&mut command).refusal().contains("LIENTHONG_SERVER__LISTEM is no setting"));
}

#[test]
fn a_wrong_database_url_is_told_at_once_and_without_its_password() {
    let folder = Folder::new();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let dead = format!("postgres://me:hunter2@{free}/lienthong");
    let cases = [
        (dead.as_str(), format!("cannot reach PostgreSQL at {free}: ")),
        ("mysql://me:hunter2@db/x", "the database URL is not of the form postgres://".to_owned()),
        ("hunter2", "the database URL is not of the form postgres://".to_owned()),
    ];
    for (url, expected) in cases {
        let refused = folder.run(&["serve", "--listen", "127.0.0.1:0", "--database", url]);
        assert!(refused.refusal().starts_with(&expected), "{}", refused.stderr);
        assert!(!refused.stderr.contains("hunter2") && !refused.stdout.contains("hunter2"), "{}", refused.stderr);
    }
}

#[test]
fn a_command_that_needs_an_instance_makes_none_where_there_is_none() {
    let folder = Folder::new();
    let commands: [&[&str]; 14] = [
        &["report", "articles", "--unit", "42", "--from", "2024-01-01", "--to", "2024-01-31"],
        &["report", "unmapped-categories", "--unit", "42"],
        &["export", "articles"],
        &["provision", "--unit", "42", "--template", "none.toml", "--dry-run"],
        &["verify"],
        &["backup", "saved.db"],
        &["media", "clean", "--dry-run"],
        &["key", "list"],
        &["quarantine", "list"],
        &["token", "list"],
        &["token", "sign", "--actor", "lan"],
        &["token", "revoke", "--actor", "lan", "--role", "editor"],
        &["user", "list"],
        &["user", "disable", "--name", "lan", "--reason", "Nghỉ"],
    ];
    for arguments in commands {
        let refused = folder.run(&[arguments, &["--data", "mistyped"]].concat());
        let expected = "there is no database at mistyped/lienthong.db: name the folder of the instance with --data";
        assert_eq!(refused.refusal(), expected, "{arguments:?}");
    }
    assert!(!folder.path().join("mistyped").exists(), "nothing was made");
}

#[test]
fn a_demo_is_not_loaded_over_the_content_of_others() {
    let folder = Folder::new();
    let units =
        "code,kind,name,full_name,name_en,province_code,predecessors\n42,tỉnh,Hà Tĩnh,Tỉnh Hà Tĩnh,,,giữ nguyên\n";
    std::fs::write(folder.path().join("units.csv"), units).unwrap();
    folder.output(&["import", "units", "units.csv", "--data", "real"]);
    folder.output(&["token", "grant", "--actor", "lan", "--role", "editor", "--data", "accounts"]);
    for (data, held) in [("real", "units (1)"), ("accounts", "accounts (1)")] {
        let refused = folder.run(&["serve", "--demo", "--listen", "127.0.0.1:0", "--data", data]);
        let expected = format!(
            "--demo fills an empty instance only, and {data}/lienthong.db holds {held}: start it on another one, with --data \
             or --database"
        );
        assert_eq!(refused.refusal(), expected);
    }
    assert_eq!(folder.json(&["token", "list", "--json", "--data", "real"]), serde_json::json!([]), "nobody got a role");
}

#[test]
fn a_seal_key_that_everybody_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    folder.serve(&[]).stop();
    let key = folder.data().join("seal.key");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let refused = folder.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(refused.refusal().contains("chmod 600"), "{}", refused.stderr);
}

#[test]
fn what_is_in_effect_is_shown_without_secrets() {
    let folder = Folder::new();
    let mut command = folder.command(&["check-config", "--json"]);
    command.env("LIENTHONG_DATABASE__URL", "postgres://me:hunter2@db/x").env("LIENTHONG_SERVER__MAX_CONNECTIONS", "7");
    let shown = Finished::of(&mut command);
    let config: serde_json::Value = serde_json::from_str(&shown.stdout).unwrap();
    assert_eq!(config["database"]["url"], "set");
    assert_eq!(config["server"]["max_connections"], 7);
    assert_eq!(config["server"]["drain_timeout"], "20s");
    assert!(!shown.stdout.contains("hunter2"));
}

#[test]
fn a_demo_is_not_served_to_other_machines_by_accident() {
    let folder = Folder::new();
    let refused = folder.run(&["serve", "--demo", "--listen", "0.0.0.0:0"]);
    assert!(refused.refusal().contains("add --public-demo"), "{}", refused.stderr);
}

#[test]
fn wrong_usage_ends_with_two() {
    let folder = Folder::new();
    for arguments in [&["serve", "--listen", "8080"][..], &["no-such-command"], &["token", "sign"], &[]] {
        assert_eq!(folder.run(arguments).code, Some(2), "{arguments:?}");
    }
}
