//! Accounts at the command line, and what a server at work tells of people: nothing that lets anybody in, and no address.

use std::io::{Read as _, Write as _};
use std::net::SocketAddr;

use lienthong_persistence::Store;
use serde_json::{Value, json};

use crate::harness::{Folder, block_on, connect, get};

const NAME: &str = "thu.ha.bi.mat@hatinh.gov.vn";
const PASSWORD: &str = "cau-treo-qua-suoi-Rao";
const WRONG: &str = "khong-phai-mat-khau-nay";

/// Status and body of a JSON request.
fn post(address: SocketAddr, (path, token): (&str, Option<&str>), body: &Value) -> (u16, Value) {
    let (body, mut stream) = (body.to_string(), connect(address));
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{token}Content-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), serde_json::from_str(body).unwrap_or_default())
}

fn graphql(address: SocketAddr, token: &str, query: &str) -> Value {
    let (status, answer) = post(address, ("/graphql", Some(token)), &json!({ "query": query }));
    assert!(status == 200 && answer.get("errors").is_none(), "{answer:#}");
    answer["data"].clone()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value:#}")).to_owned()
}

/// Does everything that has to do with a secret; the secrets.
fn live(folder: &Folder, address: SocketAddr) -> Vec<String> {
    let invite = ["user", "invite", "--name", NAME, "--display-name", "Thu Hà", "--role", "provincial-administrator"];
    let link = text(&folder.json(&[&invite[..], &["--json"]].concat())["token"]);
    let chosen = post(address, ("/v1/auth/password", None), &json!({ "token": link, "password": PASSWORD }));
    assert_eq!(chosen.0, 204, "{chosen:?}");
    let sign_in =
        |password: &str| post(address, ("/v1/auth/sign-in", None), &json!({ "name": NAME, "password": password }));
    assert_eq!(sign_in(WRONG).0, 401);
    let first = sign_in(PASSWORD).1;
    let refresh = || post(address, ("/v1/auth/refresh", None), &json!({ "refreshToken": first["refreshToken"] }));
    let next = refresh().1;
    assert_eq!(refresh().0, 401, "a replay ends the sign-in");
    let session = sign_in(PASSWORD).1;
    let token = text(&session["accessToken"]);
    let made = graphql(
        address,
        &token,
        &format!(
            "mutation {{ createApiToken(password: \"{PASSWORD}\", input: {{ name: \"x\", operations: [READ_REPORT],
            expiresAt: \"{}\" }}) {{ token errors {{ code }} }} }}",
            session["refreshExpiresAt"].as_str().unwrap()
        ),
    );
    let api_token = text(&made["createApiToken"]["token"]);
    let unknown = post(address, ("/graphql", Some(&api_token)), &json!({ "query": "{ accounts { handle } }" }));
    assert_eq!(unknown.1["errors"][0]["extensions"]["code"], "FORBIDDEN");
    let enrol = format!("mutation {{ enrolSecondFactor(password: \"{PASSWORD}\") {{ secret errors {{ code }} }} }}");
    let secret = text(&graphql(address, &token, &enrol)["enrolSecondFactor"]["secret"]);
    let tokens =
        [&first, &next, &session].into_iter().flat_map(|it| [text(&it["accessToken"]), text(&it["refreshToken"])]);
    tokens.chain([link, api_token, secret, PASSWORD.to_owned(), WRONG.to_owned(), NAME.to_owned()]).collect()
}

fn audits_with(folder: &Folder, word: &str) -> i64 {
    let rows: &'static str = format!("audit WHERE note LIKE '%{word}%'").leak();
    block_on(async {
        let store = Store::open(folder.location()).await.unwrap();
        let count = store.count_rows(rows).await.unwrap();
        store.close().await.unwrap();
        count
    })
}

on_both_databases! {
    fn no_secret_and_no_address_is_in_the_log_the_audit_or_the_figures(folder: Folder) {
        let log = folder.path().join("server.log");
        let server = folder.serve_logging(&log);
        let secrets = live(&folder, server.address());
        let figures = get(server.addresses("figures")[0], "/metrics").1;
        server.stop();
        let logged = std::fs::read_to_string(&log).unwrap();
        assert!(logged.contains("/v1/auth/sign-in") && logged.contains("WRONG_CREDENTIALS"), "{logged}");
        assert!(figures.contains("lienthong"), "{figures}");
        assert!(audits_with(&folder, "sign in") > 0 && audits_with(&folder, "used twice") == 1);
        for secret in &secrets {
            assert!(!logged.contains(secret.as_str()), "{secret} is in the log");
            assert!(!figures.contains(secret.as_str()), "{secret} is in the figures");
            assert_eq!(audits_with(&folder, secret), 0, "{secret} is in the audit");
        }
        assert_eq!(secrets.len(), 12);
    }

    fn people_are_invited_listed_trained_disabled_and_enabled(folder: Folder) {
        let invite = ["user", "invite", "--name", "Lan", "--display-name", "Nguyễn Thị Lan", "--role", "provincial-administrator"];
        let printed = folder.output(&invite);
        assert!(printed.starts_with("invited as provincial-administrator within the whole instance\nltl_"), "{printed}");
        assert_eq!(folder.run(&invite).refusal(), "the sign-in name is taken");
        let broken = ["user", "invite", "--name", "x", "--display-name", " ", "--role", "editor"];
        let refused = folder.run(&broken);
        assert!(refused.refusal().starts_with("name must be an e-mail address"), "{}", refused.stderr);
        assert!(refused.refusal().ends_with("; displayName must not be blank"), "{}", refused.stderr);
        folder.output(&["user", "trained", "--name", "lan", "--on", "2024-05-01"]);
        let again = folder.json(&["user", "link", "--name", "lan", "--json"]);
        assert!(again["token"].as_str().unwrap().starts_with("ltl_"));
        let listed = folder.json(&["user", "list", "--json"]);
        assert_eq!((&listed[0]["handle"], &listed[0]["trainedOn"]), (&json!("lan"), &json!("2024-05-01")));
        assert_eq!(listed[0]["roles"], json!([{ "role": "provincial-administrator", "site": null, "unit": null }]));
        assert_eq!(folder.json(&["user", "list", "--dormant", "30", "--json"]), json!([]));
        let disable = ["user", "disable", "--name", "lan", "--reason", "Nghỉ hưu"];
        assert_eq!(folder.run(&disable).refusal(), "this is the last provincial administrator");
        folder.output(&["token", "grant", "--actor", "tinh", "--role", "provincial-administrator"]);
        assert_eq!(folder.output(&disable), "lan is disabled\n");
        assert_eq!(folder.json(&["user", "list", "--json"])[0]["disabledReason"], "Nghỉ hưu");
        folder.output(&["user", "enable", "--name", "lan"]);
        assert_eq!(folder.run(&["user", "enable", "--name", "nobody"]).refusal(), "nobody signs in under this name");
    }
}
