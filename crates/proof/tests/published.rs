//! Published vectors: RFC 8785 (the test data of its author), RFC 8037 appendix A, and signed notes.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use lienthong_proof::{SigningKey, VerifyingKey, canonical, checkpoint, jws};
use serde_json::json;

/// The files of github.com/cyberphone/json-canonicalization, without those that hold fractions.
const FILES: [(&str, &str); 4] = [
    (include_str!("vectors/input/arrays.json"), include_str!("vectors/output/arrays.json")),
    (include_str!("vectors/input/french.json"), include_str!("vectors/output/french.json")),
    (include_str!("vectors/input/unicode.json"), include_str!("vectors/output/unicode.json")),
    (include_str!("vectors/input/weird.json"), include_str!("vectors/output/weird.json")),
];

#[test]
fn canonical_json_is_that_of_the_rfcs_author() {
    for (input, output) in FILES {
        let value = serde_json::from_str(input).unwrap();
        assert_eq!(canonical::text(&value).unwrap(), output.trim_end());
    }
}

#[test]
fn fractions_and_numbers_beyond_the_exact_ones_are_refused() {
    let most = canonical::LARGEST;
    assert_eq!(canonical::text(&json!([most, -most, 0])).unwrap(), format!("[{most},-{most},0]"));
    for number in [json!(1.5), json!(most + 1), json!(-most - 1), json!(u64::MAX), json!(1.0)] {
        assert!(canonical::text(&json!({ "a": [number] })).is_err(), "{number}");
    }
}

#[test]
fn every_control_character_is_written_as_the_rfc_says() {
    let all: String = (0..0x21_u8).map(char::from).collect();
    let expected = "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f\\r\\u000e\\u000f\
        \\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d\\u001e\\u001f \"";
    assert_eq!(canonical::text(&json!(all)).unwrap(), expected);
}

#[test]
fn an_object_built_up_is_the_canonical_text_of_what_it_says() {
    let inner = canonical::Object::default().whole("width", 1200).maybe("alt", None::<&str>);
    let built = canonical::Object::default()
        .text("title", "Lịch \"tiếp\" công dân\u{1}\u{7f}")
        .flag("minor", true)
        .texts("tags", ["b", "a\\"])
        .texts("none", [""; 0])
        .object("cover", Some(inner))
        .maybe("author", Some("Tổ PV"))
        .object("source", None)
        .finish();
    let value = json!({ "title": "Lịch \"tiếp\" công dân\u{1}\u{7f}", "minor": true, "tags": ["b", "a\\"], "none": [],
        "cover": { "width": 1200 }, "author": "Tổ PV" });
    assert_eq!(built, canonical::text(&value).unwrap());
}

#[test]
fn a_public_key_is_written_as_in_rfc_8037() {
    // Appendix A.1 and A.2.
    let seed = URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
    let key = SigningKey::from_bytes(&seed.try_into().unwrap());
    let jwk = jws::jwk(&key.verifying_key(), "k");
    assert_eq!(jwk["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    assert_eq!((&jwk["kty"], &jwk["crv"]), (&json!("OKP"), &json!("Ed25519")));
    assert_eq!(jws::read_jwk(&jwk).unwrap(), (key.verifying_key(), "k".to_owned()));
}

#[test]
fn a_key_of_signed_notes_is_written_as_its_specification_does() {
    // The example in the documentation of golang.org/x/mod/sumdb/note.
    let typed = STANDARD.decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
    let key = VerifyingKey::from_bytes(typed[1..].try_into().unwrap()).unwrap();
    let expected = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    assert_eq!(checkpoint::verifier_key("PeterNeumann", &key), expected);
}
