//! Documents that front ends have agreed on, and the address for those who find a hole: both are set by the operator.

use crate::harness::{Folder, get};

const DOCUMENT: &str = "{ __typename }";
/// SHA-256 of [`DOCUMENT`].
const HASH: &str = "7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b";

fn manifest(folder: &Folder, hash: &str, settings: &str) {
    let manifest = serde_json::json!({ hash: DOCUMENT }).to_string();
    std::fs::write(folder.path().join("trusted.json"), manifest).unwrap();
    let config = format!("[graphql]\ntrusted_documents = \"trusted.json\"\n{settings}\n");
    std::fs::write(folder.path().join("a.toml"), config).unwrap();
}

#[test]
fn a_trusted_document_is_read_by_its_hash_over_get_and_others_only_when_allowed() {
    let folder = Folder::new();
    let other = "/graphql?query=%7Btopics%7Bnodes%7Bcode%7D%7D%7D";
    for (settings, status) in [("", 200), ("trusted_only = true", 403)] {
        manifest(&folder, HASH, settings);
        let server = folder.serve(&["--config", "a.toml"]);
        let (found, answer) = get(server.address(), &format!("/graphql/documents/sha256:{HASH}"));
        assert!(found == 200 && answer.contains("{\"__typename\":\"Query\"}"), "{answer}");
        assert!(answer.contains("cache-control: public"), "{answer}");
        let unknown = HASH.replace(&HASH[..4], "0000");
        let (missing, answer) = get(server.address(), &format!("/graphql/documents/sha256:{unknown}"));
        assert!(missing >= 400 && answer.contains("DOCUMENT_ID_UNKNOWN"), "{answer}");
        let (refused, answer) = get(server.address(), other);
        assert_eq!(refused, status, "{answer}");
        assert_eq!(answer.contains("DOCUMENT_NOT_TRUSTED"), status != 200, "{answer}");
        server.stop();
    }
}

#[test]
fn status_codes_are_those_of_the_draft_when_the_operator_says_so() {
    let folder = Folder::new();
    let refused = "/graphql?query=%7Bnope%7D";
    for (settings, expected) in [("", false), ("[graphql]\ndraft_status_codes = true\n", true)] {
        std::fs::write(folder.path().join("a.toml"), settings).unwrap();
        let server = folder.serve(&["--config", "a.toml"]);
        let (status, answer) = get(server.address(), refused);
        assert_eq!(status == 422, expected, "{answer}");
        server.stop();
    }
}

#[test]
fn a_manifest_that_does_not_hold_is_told_before_the_server_starts() {
    let folder = Folder::new();
    let refused = |expected: &str| {
        for command in ["check-config", "serve"] {
            let refused = folder.run(&[command, "--config", "a.toml", "--data", "data"]);
            assert!(refused.refusal().contains(expected), "{}", refused.stderr);
        }
    };
    manifest(&folder, &HASH.replace(&HASH[..4], "0000"), "");
    refused("trusted.json: the document under 0000");
    std::fs::write(folder.path().join("trusted.json"), "[]").unwrap();
    refused("trusted.json: the manifest is not a JSON object of strings");
    std::fs::remove_file(folder.path().join("trusted.json")).unwrap();
    refused("trusted.json: No such file");
    std::fs::write(folder.path().join("a.toml"), "[graphql]\ntrusted_only = true\n").unwrap();
    refused("graphql.trusted_documents");
    manifest(&folder, HASH, "");
    folder.output(&["check-config", "--config", "a.toml"]);
}

#[test]
fn security_txt_names_the_contact_and_expires_less_than_a_year_after_the_review() {
    let folder = Folder::new();
    let settings = "[server]\nsecurity_contact = \"mailto:attt@hatinh.gov.vn\"\nsecurity_reviewed = \"2026-01-15\"\n";
    std::fs::write(folder.path().join("a.toml"), settings).unwrap();
    let server = folder.serve(&["--config", "a.toml"]);
    let (status, answer) = get(server.address(), "/.well-known/security.txt");
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("Contact: mailto:attt@hatinh.gov.vn\nExpires: 2027-01-13T17:00:00Z\n"), "{answer}");
    server.stop();
    let unset = folder.serve(&[]);
    assert_eq!(get(unset.address(), "/.well-known/security.txt").0, 404);
    unset.stop();
    std::fs::write(folder.path().join("a.toml"), "[server]\nsecurity_contact = \"attt@hatinh.gov.vn\"\n").unwrap();
    let refused = folder.run(&["check-config", "--config", "a.toml"]);
    assert!(refused.refusal().contains("write an e-mail address as `mailto:name@host`"), "{}", refused.stderr);
}
