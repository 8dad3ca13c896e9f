use crate::harness::{Folder, eventually, get};

#[test]
fn roles_are_given_listed_and_taken_back() {
    let folder = Folder::new();
    let grant = ["token", "grant", "--actor", "lan", "--name", "Nguyễn Thị Lan", "--role", "editor"];
    assert_eq!(folder.output(&grant), "lan is editor within the whole instance\n");
    folder.output(&grant);
    let listed = folder.json(&["token", "list", "--json"]);
    let expected = serde_json::json!([{
        "handle": "lan",
        "name": "Nguyễn Thị Lan",
        "disabledAt": null,
        "roles": [{ "role": "editor", "site": null, "unit": null }],
    }]);
    assert_eq!(listed, expected, "a role given twice is held once");
    assert_eq!(folder.output(&["token", "list"]), "lan (Nguyễn Thị Lan)\n  editor within the whole instance\n");
    let revoke = ["token", "revoke", "--actor", "lan", "--role", "editor"];
    folder.output(&revoke);
    assert_eq!(folder.json(&["token", "list", "--json"])[0]["roles"], serde_json::json!([]));
    let again = folder.run(&revoke);
    assert_eq!(again.refusal(), "lan is not editor within the whole instance");
}

#[test]
fn a_role_for_nobody_nothing_or_nowhere_is_refused() {
    let folder = Folder::new();
    folder.output(&["migrate"]);
    let rule = "handle must be 3 to 64 small letters";
    let cases: [(&[&str], &str); 7] = [
        (&["token", "grant", "--actor", "", "--role", "editor"], rule),
        (&["token", "grant", "--actor", "a b", "--role", "editor"], rule),
        (&["token", "grant", "--actor", "lan", "--name", " ", "--role", "editor"], "displayName must not be blank"),
        (&["token", "sign", "--actor", "lan"], "there is no account lan"),
        (&["token", "revoke", "--actor", "lan", "--role", "editor"], "there is no account lan"),
        (&["token", "grant", "--actor", "lan", "--role", "editor", "--site", "x.vn"], "there is no site on x.vn"),
        (&["token", "grant", "--actor", "lan", "--role", "editor", "--unit", "18676"], "code or slug 18676"),
    ];
    for (arguments, expected) in cases {
        let refused = folder.run(arguments);
        assert!(refused.refusal().contains(expected), "{}", refused.stderr);
    }
    assert_eq!(folder.run(&["token", "grant", "--actor", "lan", "--role", "king"]).code, Some(2));
    assert_eq!(folder.json(&["token", "list", "--json"]), serde_json::json!([]), "nothing was made on the way");
}

#[test]
fn the_help_of_a_role_lists_every_role() {
    let folder = Folder::new();
    for command in [["token", "grant", "--help"], ["token", "revoke", "--help"], ["user", "invite", "--help"]] {
        let help = folder.output(&command);
        for role in lienthong_domain::access::Role::ALL {
            assert!(help.contains(role.as_str()), "{role} is not in the help of {command:?}");
        }
    }
}

#[test]
fn a_token_is_signed_by_a_key_that_the_server_publishes_also_after_a_rotation() {
    let folder = Folder::new();
    let server = folder.serve(&[]);
    folder.output(&["token", "grant", "--actor", "lan", "--role", "editor"]);
    let sign = |ttl: &str| folder.json(&["token", "sign", "--actor", "lan", "--ttl", ttl, "--json"]);
    let kid = |answer: &serde_json::Value| kid_of(answer["token"].as_str().unwrap());
    let published = || get(server.address(), "/.well-known/jwks.json").1;
    let first = kid(&sign("8h"));
    assert!(published().contains(&first));
    assert_eq!(folder.output(&["token", "sign", "--actor", "lan"]).trim().split('.').count(), 3);
    folder.output(&["token", "rotate"]);
    let second = kid(&sign("1h"));
    assert_ne!(first, second);
    let both =
        eventually("the running server takes the new key", || Some(published()).filter(|set| set.contains(&second)));
    assert!(both.contains(&first), "the key before it still verifies");
    let too_long = folder.run(&["token", "sign", "--actor", "lan", "--ttl", "25h"]);
    assert_eq!(too_long.refusal(), "a token lives between one second and 24 hours");
    server.stop();
}

/// The key id in the head of a token.
fn kid_of(token: &str) -> String {
    use base64::Engine as _;
    let head = token.split('.').next().unwrap();
    let head = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(head).unwrap();
    let head: serde_json::Value = serde_json::from_slice(&head).unwrap();
    head["kid"].as_str().unwrap().to_owned()
}
