//! Signatures and checkpoints: what was signed holds, and nothing that was changed does.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lienthong_proof::checkpoint::{Checkpoint, Refused};
use lienthong_proof::jws::{self, Invalid};
use lienthong_proof::{SigningKey, sha256};

fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

#[test]
fn a_signature_holds_for_its_payload_key_and_id_alone() {
    let (key, other) = (key(1), key(2));
    let signature = jws::sign(&key, "k1", b"{}");
    let detached = jws::detached("k1", &signature);
    let public = key.verifying_key();
    assert_eq!(jws::check(&detached, (&public, "k1"), b"{}"), Ok(()));
    assert!(jws::fits(&public, "k1", b"{}", &signature));
    assert_eq!(jws::check(&detached, (&public, "k1"), b"{ }"), Err(Invalid::Signature));
    assert_eq!(jws::check(&detached, (&public, "k2"), b"{}"), Err(Invalid::OtherKey));
    assert_eq!(jws::check(&detached, (&other.verifying_key(), "k1"), b"{}"), Err(Invalid::Signature));
    assert!(!jws::fits(&public, "k2", b"{}", &signature));
    assert_eq!(jws::kid(&detached).unwrap(), "k1");
}

#[test]
fn the_header_is_that_of_rfc_7797_and_no_other_is_read() {
    let signature = jws::sign(&key(1), "k1", b"{}");
    let detached = jws::detached("k1", &signature);
    let header = URL_SAFE_NO_PAD.decode(detached.split('.').next().unwrap()).unwrap();
    assert_eq!(String::from_utf8(header).unwrap(), r#"{"alg":"EdDSA","b64":false,"crit":["b64"],"kid":"k1"}"#);
    let rest = detached.split_once('.').unwrap().1;
    for header in [
        r#"{"alg":"none","b64":false,"crit":["b64"],"kid":"k1"}"#,
        r#"{"alg":"HS256","b64":false,"crit":["b64"],"kid":"k1"}"#,
        r#"{"alg":"EdDSA","b64":true,"crit":["b64"],"kid":"k1"}"#,
        r#"{"alg":"EdDSA","b64":false,"crit":[],"kid":"k1"}"#,
        r#"{"alg":"EdDSA","b64":false,"crit":["b64"],"kid":"k1","jwk":{}}"#,
        r#"{"alg":"EdDSA","kid":"k1"}"#,
    ] {
        let forged = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header));
        assert_eq!(jws::check(&forged, (&key(1).verifying_key(), "k1"), b"{}"), Err(Invalid::Malformed), "{header}");
    }
    for forged in [rest.to_owned(), format!("{detached}."), detached.replacen("..", ".e30.", 1)] {
        assert_eq!(jws::kid(&forged), Err(Invalid::Malformed), "{forged}");
    }
}

fn checkpoint() -> Checkpoint {
    Checkpoint { origin: "example.gov.vn/log".to_owned(), size: 42, root: sha256(b"root") }
}

#[test]
fn a_checkpoint_reads_back_under_its_own_name_and_key() {
    let note = checkpoint().sign(&key(1));
    let keys = [key(2).verifying_key(), key(1).verifying_key()];
    assert_eq!(Checkpoint::open(&note, "example.gov.vn/log", &keys).unwrap(), checkpoint());
    assert_eq!(Checkpoint::read(&note).unwrap(), checkpoint());
    assert_eq!(Checkpoint::open(&note, "other.gov.vn/log", &keys), Err(Refused::OtherLog));
    assert_eq!(Checkpoint::open(&note, "example.gov.vn/log", &keys[..1]), Err(Refused::UnknownKey));
}

#[test]
fn no_character_of_a_checkpoint_can_be_changed() {
    let note = checkpoint().sign(&key(1));
    let keys = [key(1).verifying_key()];
    for (at, character) in note.char_indices() {
        let other = if character == '1' { "2" } else { "1" };
        let forged = [&note[..at], other, &note[at + character.len_utf8()..]].concat();
        assert!(Checkpoint::open(&forged, "example.gov.vn/log", &keys).is_err(), "{forged}");
    }
}

#[test]
fn the_signature_of_a_witness_beside_ours_does_no_harm() {
    let note = checkpoint().sign(&key(1));
    let witness = "\u{2014} witness.example jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
    let signed = note.replace("\n\n", &format!("\n\n{witness}"));
    assert!(Checkpoint::open(&signed, "example.gov.vn/log", &[key(1).verifying_key()]).is_ok());
    let alone = format!("{}\n{witness}", checkpoint().body());
    assert_eq!(Checkpoint::open(&alone, "example.gov.vn/log", &[key(1).verifying_key()]), Err(Refused::UnknownKey));
}
