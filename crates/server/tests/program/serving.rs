use std::io::{Read as _, Write as _};
use std::net::SocketAddr;

use rustix::process::Signal;

use crate::harness::{Folder, connect, get};

#[test]
fn a_server_answers_is_ready_and_ends_with_zero_on_sigterm_and_on_ctrl_c() {
    let folder = Folder::new();
    for signal in [Signal::TERM, Signal::INT] {
        let mut server = folder.serve(&[]);
        let address = server.address();
        let (status, answer) = get(address, "/livez");
        assert!(status == 200 && answer.contains("x-request-id: "), "{answer}");
        let (status, answer) = get(address, "/readyz");
        assert!(status == 200 && answer.contains("\"ready\":true") && answer.contains("no-store"), "{answer}");
        assert!(answer.contains("x-request-id: "), "{answer}");
        assert_eq!(get(address, "/nowhere").0, 404);
        server.signal(signal);
        assert_eq!(server.ended().code(), Some(0));
    }
}

#[test]
fn the_data_folder_is_closed_to_others_and_holds_what_the_server_needs() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    folder.serve(&[]).stop();
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.data()), 0o700);
    assert_eq!(mode(&folder.data().join("seal.key")), 0o600);
    let mut names: Vec<_> = std::fs::read_dir(folder.data())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.retain(|name| !name.ends_with("-wal") && !name.ends_with("-shm"));
    names.sort();
    assert_eq!(names, ["lienthong.db", "media", "seal.key", "search", "serve.lock", "spool"]);
}

#[test]
fn the_signing_keys_are_published_and_stay_over_a_restart() {
    let folder = Folder::new();
    let keys = || {
        let server = folder.serve(&[]);
        let (status, answer) = get(server.address(), "/.well-known/jwks.json");
        assert!(status == 200 && answer.contains("\"crv\":\"Ed25519\""), "{answer}");
        for header in ["etag: \"", "access-control-allow-origin: *", "ratelimit: ", "cache-control: public, max-age=60"]
        {
            assert!(answer.contains(header), "{header} is not in {answer}");
        }
        server.stop();
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    };
    assert_eq!(keys(), keys());
}

#[test]
fn probes_are_answered_when_everything_else_is_over_the_limit() {
    let folder = Folder::new();
    std::fs::write(folder.path().join("a.toml"), "[limits]\nrequests_per_second = 1\nburst = 1\n").unwrap();
    let server = folder.serve(&["--config", "a.toml"]);
    let limited = (0..10).map(|_| get(server.address(), "/.well-known/jwks.json").0).filter(|status| *status == 429);
    assert!(limited.count() > 0);
    for page in ["/livez", "/readyz"] {
        assert!((0..10).all(|_| get(server.address(), page).0 == 200), "{page}");
    }
    assert_eq!(server.stop().code(), Some(0));
}

#[test]
fn ipv6_alone_and_both_families_on_one_socket_are_served() {
    let folder = Folder::new();
    let server = folder.serve(&["--listen", "[::1]:0", "--listen", "127.0.0.1:0", "--listen", "[::]:0"]);
    let addresses = server.addresses("listening");
    assert_eq!(addresses.len(), 3, "{:?}", server.welcome);
    for address in &addresses {
        assert_eq!(get(*address, "/livez").0, 200, "{address}");
    }
    let over_v4 = SocketAddr::from(([127, 0, 0, 1], addresses[2].port()));
    assert_eq!(get(over_v4, "/livez").0, 200);
    assert_eq!(server.stop().code(), Some(0));
}

#[test]
fn figures_have_their_own_listener_and_are_not_on_the_public_one() {
    let folder = Folder::new();
    std::fs::write(folder.path().join("a.toml"), "[metrics]\nlisten = \"127.0.0.1:0\"\n").unwrap();
    let server = folder.serve(&["--config", "a.toml"]);
    let [figures] = server.addresses("figures").try_into().unwrap();
    let (status, text) = get(figures, "/metrics");
    assert!(status == 200 && text.contains("lienthong_log_lag_seconds"), "{text}");
    assert!(text.contains("lienthong_build_info{version=\"0.1.0\""), "{text}");
    for page in ["/livez", "/readyz"] {
        assert_eq!(get(figures, page).0, 200);
    }
    assert_eq!(get(server.address(), "/metrics").0, 404);
    assert_eq!(server.stop().code(), Some(0));
}

#[test]
fn a_connection_that_is_open_but_idle_does_not_hold_up_the_end() {
    let folder = Folder::new();
    let server = folder.serve(&[]);
    let silent = connect(server.address());
    let mut used = connect(server.address());
    used.write_all(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut first = [0; 12];
    used.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    let begun = std::time::Instant::now();
    assert_eq!(server.stop().code(), Some(0));
    assert!(begun.elapsed().as_secs() < 10, "the drain waited for {:?}", begun.elapsed());
    drop(silent);
}

#[test]
fn healthcheck_tells_a_server_that_answers_from_one_that_does_not() {
    let folder = Folder::new();
    let server = folder.serve(&["--listen", "[::]:0"]);
    let port = server.address().port();
    let address = format!("0.0.0.0:{port}");
    assert_eq!(folder.output(&["healthcheck", "--listen", &address]), "ok\n");
    server.stop();
    let refused = folder.run(&["healthcheck", "--listen", &address]);
    assert!(refused.refusal().contains(&format!("http://127.0.0.1:{port}/livez")), "{}", refused.stderr);
}

#[test]
fn the_version_names_the_commit() {
    let folder = Folder::new();
    let shown = folder.output(&["--version"]);
    assert!(shown.starts_with("lienthong 0.1.0 (") && shown.trim_end().len() > "lienthong 0.1.0 ()".len(), "{shown}");
}
