use std::sync::Arc;

use async_graphql::Variables;
use proptest::prelude::*;

use super::automatic::AutomaticDocuments;
use super::*;
use crate::graphql_http::request::Transport;

const TEXT: &str = "{version}";

fn request(document: Option<DocumentRef>, query: Option<&str>) -> GraphqlRequest {
    GraphqlRequest {
        transport: Transport::Post,
        query: query.map(str::to_owned),
        operation_name: None,
        variables: Variables::default(),
        extensions: std::collections::BTreeMap::new(),
        document,
    }
}

fn automatic(text: &str) -> DocumentRef {
    DocumentRef::Automatic(DocumentHash::of(text))
}

fn trusted(text: &str) -> DocumentRef {
    DocumentRef::Trusted(DocumentHash::of(text))
}

fn manifest(text: &str) -> TrustedDocuments {
    TrustedDocuments::from_manifest(&serde_json::json!({ DocumentHash::of(text).to_string(): text }).to_string())
        .unwrap()
}

fn store(mode: TrustMode) -> DocumentStore {
    DocumentStore::new(manifest(TEXT), mode, Some(StoreLimits::default()))
}

fn client(name: &str) -> ClientKey {
    ClientKey::new(name)
}

#[test]
fn documents_are_resolved_by_this_table() {
    use PersistedError::{HashMismatch, NoDocument, NotFound, NotTrusted, UnknownDocument};
    let other = "{other}";
    // reference, text, answer when off or observing, answer when enforcing
    let table = [
        (Some(trusted(TEXT)), None, Ok(TEXT), Ok(TEXT)),
        (Some(trusted(other)), None, Err(UnknownDocument), Err(UnknownDocument)),
        (Some(automatic(TEXT)), None, Ok(TEXT), Ok(TEXT)),
        (Some(automatic(TEXT)), Some(TEXT), Ok(TEXT), Ok(TEXT)),
        (Some(automatic(other)), None, Err(NotFound), Err(NotTrusted)),
        (Some(automatic(other)), Some(other), Ok(other), Err(NotTrusted)),
        (Some(automatic(other)), Some(TEXT), Err(HashMismatch), Err(HashMismatch)),
        (None, Some(TEXT), Ok(TEXT), Ok(TEXT)),
        (None, Some(other), Ok(other), Err(NotTrusted)),
        (None, None, Err(NoDocument), Err(NoDocument)),
    ];
    for (reference, text, open, enforced) in table {
        for (mode, expected) in [(TrustMode::Off, open), (TrustMode::Observe, open), (TrustMode::Enforce, enforced)] {
            let found = store(mode).resolve(&request(reference, text)).map(|found| found.text);
            assert_eq!(found, expected.map(Arc::from), "{reference:?} {text:?} {mode:?}");
        }
    }
}

#[test]
fn observing_tells_what_enforcing_would_refuse() {
    let origin = |mode, text| store(mode).resolve(&request(None, Some(text))).unwrap().origin;
    assert_eq!(origin(TrustMode::Observe, TEXT), DocumentOrigin::Trusted);
    assert_eq!(origin(TrustMode::Observe, "{other}"), DocumentOrigin::Untrusted);
    assert_eq!(origin(TrustMode::Off, TEXT), DocumentOrigin::Untrusted);
}

#[test]
fn a_document_is_found_only_after_it_was_registered() {
    let store = store(TrustMode::Off);
    let first = store.resolve(&request(Some(automatic("{other}")), Some("{other}"))).unwrap();
    let named = request(Some(automatic("{other}")), None);
    assert_eq!(store.resolve(&named), Err(PersistedError::NotFound), "resolving alone registers nothing");
    assert!(store.register(first.register_after.unwrap(), &first.text, &client("a")));
    assert_eq!(store.resolve(&named).unwrap().text, first.text);
    assert_eq!(store.resolve(&named).unwrap().register_after, None);
}

#[test]
fn without_automatic_documents_the_client_is_told_so() {
    let store = DocumentStore::new(TrustedDocuments::default(), TrustMode::Off, None);
    assert_eq!(store.resolve(&request(Some(automatic(TEXT)), None)), Err(PersistedError::NotSupported));
    assert_eq!(store.resolve(&request(Some(automatic(TEXT)), Some(TEXT))).unwrap().register_after, None);
    assert!(!store.register(DocumentHash::of(TEXT), &TEXT.into(), &client("a")));
}

#[test]
fn a_manifest_is_verified_as_a_whole() {
    let hash = DocumentHash::of(TEXT).to_string();
    let load = |json: serde_json::Value| TrustedDocuments::from_manifest(&json.to_string());
    assert_eq!(load(serde_json::json!({ hash.clone(): TEXT })).unwrap().iter().count(), 1);
    assert_eq!(load(serde_json::json!({ format!("sha256:{hash}"): TEXT })).unwrap().iter().count(), 1);
    let changed = load(serde_json::json!({ hash.clone(): "{version }" }));
    assert!(matches!(changed, Err(ManifestError::HashMismatch { stated, .. }) if stated.to_string() == hash));
    assert!(matches!(load(serde_json::json!({ "abc": TEXT })), Err(ManifestError::NotAHash(key)) if key == "abc"));
    assert!(matches!(load(serde_json::json!({ hash: 1 })), Err(ManifestError::NotJson(_))));
    assert!(matches!(load(serde_json::json!([TEXT])), Err(ManifestError::NotJson(_))));
}

fn small() -> StoreLimits {
    StoreLimits { total: Quota { documents: 5, bytes: 50 }, per_client: Quota { documents: 2, bytes: 20 } }
}

fn put(store: &mut AutomaticDocuments, text: &str, from: &str) -> bool {
    store.insert(DocumentHash::of(text), &text.into(), &client(from))
}

fn holds(store: &mut AutomaticDocuments, text: &str) -> bool {
    store.get(DocumentHash::of(text)).is_some()
}

#[test]
fn a_client_over_its_quota_loses_its_own_oldest_document() {
    let mut store = AutomaticDocuments::new(small());
    for (text, from) in [("{b}", "b"), ("{a1}", "a"), ("{a2}", "a")] {
        assert!(put(&mut store, text, from));
    }
    assert!(holds(&mut store, "{a1}"), "a use makes it the newest");
    put(&mut store, "{a3}", "a");
    let held: Vec<bool> = ["{b}", "{a1}", "{a2}", "{a3}"].map(|text| holds(&mut store, text)).into();
    assert_eq!(held, [true, true, false, true]);
}

#[test]
fn over_the_total_the_least_recently_used_document_goes() {
    let mut store = AutomaticDocuments::new(small());
    for n in 0..5 {
        put(&mut store, &format!("{{d{n}}}"), &format!("client {n}"));
    }
    assert!(holds(&mut store, "{d0}"));
    put(&mut store, "{d5}", "client 5");
    assert!(!holds(&mut store, "{d1}"));
    assert!(holds(&mut store, "{d0}"));
}

#[test]
fn a_document_larger_than_the_quota_is_not_kept_and_displaces_nothing() {
    let mut store = AutomaticDocuments::new(small());
    put(&mut store, "{a}", "a");
    assert!(!put(&mut store, &"x".repeat(21), "a"));
    assert!(holds(&mut store, "{a}"));
}

#[test]
fn a_second_client_does_not_pay_for_a_document_that_is_held() {
    let mut store = AutomaticDocuments::new(small());
    for text in ["{a}", "{b}"] {
        assert!(put(&mut store, text, "first"));
        assert!(put(&mut store, text, "second"));
    }
    assert_eq!(store.held(), (2, 6, 1));
}

proptest! {
    #[test]
    fn the_store_never_exceeds_a_bound(acts in prop::collection::vec((0..20_u8, 0..4_u8, any::<bool>()), 0..80)) {
        let mut store = AutomaticDocuments::new(small());
        for (n, from, register) in acts {
            let text = "x".repeat(usize::from(n) + 1);
            if register {
                prop_assert!(put(&mut store, &text, &from.to_string()));
                prop_assert!(holds(&mut store, &text), "what was just registered is held");
            } else {
                holds(&mut store, &text);
            }
            let (documents, bytes, clients) = store.held();
            prop_assert!(documents <= 5 && bytes <= 50 && clients <= documents);
            store.assert_consistent();
        }
    }
}
