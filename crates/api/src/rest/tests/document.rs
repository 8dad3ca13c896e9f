//! The `OpenAPI` document: committed as the code says, and complete.

use std::collections::BTreeSet;

use serde_json::Value;

use super::portal::Portal;

fn document() -> Value {
    serde_json::to_value(crate::rest::openapi()).unwrap()
}

fn operations(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    document["paths"].as_object().unwrap().iter().flat_map(|(path, item)| {
        item.as_object().unwrap().iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
    })
}

#[test]
fn the_committed_document_is_what_the_code_says() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi/openapi.json");
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    let current = crate::generated_files().remove("openapi/openapi.json").unwrap();
    let differs = committed.lines().zip(current.lines()).position(|(committed, current)| committed != current);
    assert!(
        committed == current,
        "openapi/openapi.json differs from line {}; `cargo xtask codegen` writes it",
        differs.unwrap_or_default() + 1
    );
}

#[test]
fn the_log_hides_every_address_that_is_a_secret() {
    let document = document();
    let paths = document["paths"].as_object().unwrap().keys().map(String::as_str);
    let secret: Vec<_> = paths.filter(|path| path.contains("{secret}") || path.contains("{token}")).collect();
    // Addresses of files are not in the document.
    let listed: Vec<_> = crate::front::SECRET_ADDRESSES.into_iter().filter(|path| path.starts_with("/v1/")).collect();
    assert_eq!(secret, listed);
}

#[tokio::test]
async fn the_document_is_served_as_committed() {
    let answer = Portal::empty().await.get("/openapi.json").await;
    assert_eq!((answer.header("content-type"), &answer.body), ("application/json", &document()));
    assert_eq!(answer.body["openapi"], "3.1.0");
}

#[test]
fn every_operation_has_a_name_a_summary_and_its_problems() {
    let document = document();
    let mut names = BTreeSet::new();
    for (place, operation) in operations(&document) {
        assert!(names.insert(operation["operationId"].as_str().unwrap()), "{place}");
        assert!(!operation["summary"].as_str().unwrap_or_default().is_empty(), "{place}");
        for status in ["400", "429", "500", "503"] {
            let media = &operation["responses"][status]["content"]["application/problem+json"];
            assert_eq!(media["schema"]["$ref"], "#/components/schemas/Problem", "{place} {status}");
        }
    }
    assert_eq!(names.len(), 48);
}

#[test]
fn editing_reports_and_what_is_internal_need_a_token_and_reading_does_not() {
    let document = document();
    assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    for (place, operation) in operations(&document) {
        let guarded = ["editing", "internal", "media", "reports"].iter().any(|tag| operation["tags"][0] == *tag);
        assert_eq!(operation.get("security").is_some(), guarded, "{place}");
        let signs_in = ["sign-in", "refresh", "sign-out", "oidc/session"].iter().any(|it| place.ends_with(it));
        assert_eq!(operation["responses"].get("401").is_some(), guarded || signs_in, "{place}");
        assert_eq!(operation["responses"].get("428").is_some(), place.contains("{id}") && !place.starts_with("get"));
    }
}

#[test]
fn a_form_is_not_filled_with_parameters_that_may_be_left_out() {
    let document = document();
    let mut examples = 0;
    for (place, operation) in operations(&document) {
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let filled = parameter.get("example").is_some();
            assert!(!filled || parameter["required"] == true, "{place} {parameter}");
            examples += parameter["schema"]["examples"].as_array().map_or(0, Vec::len);
        }
    }
    assert!(examples > 5, "optional parameters have examples in their schemas: {examples}");
}

#[test]
fn every_parameter_and_every_field_is_described() {
    let document = document();
    for (place, operation) in operations(&document) {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        for parameter in parameters {
            assert!(!parameter["description"].as_str().unwrap_or_default().is_empty(), "{place} {parameter}");
        }
    }
    let mut fields = 0;
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(!schema["description"].as_str().unwrap_or_default().is_empty(), "{name}");
        let parts = schema["allOf"].as_array().into_iter().flatten().chain([schema]);
        for (field, property) in parts.filter_map(|part| part["properties"].as_object()).flatten() {
            let described = [&property["description"], &property["oneOf"][0]["description"]];
            assert!(described.iter().any(|text| text.as_str().is_some_and(|text| !text.is_empty())), "{name}.{field}");
            fields += 1;
        }
    }
    assert!(fields > 100, "{fields} fields");
}
