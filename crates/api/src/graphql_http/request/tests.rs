use http::{HeaderValue, header};
use proptest::prelude::*;

use super::*;

const HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn get(query_string: &str) -> Result<GraphqlRequest, RequestError> {
    read(&Method::GET, &HeaderMap::new(), Some(query_string), b"")
}

fn post(body: &[u8]) -> Result<GraphqlRequest, RequestError> {
    post_as("application/json", body)
}

fn post_as(content_type: &str, body: &[u8]) -> Result<GraphqlRequest, RequestError> {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap());
    read(&Method::POST, &headers, None, body)
}

fn read(
    method: &Method,
    headers: &HeaderMap,
    query_string: Option<&str>,
    body: &[u8],
) -> Result<GraphqlRequest, RequestError> {
    parse(&HttpInput { method, headers, query_string, body, path_document: None }, &RequestLimits::default())
}

#[test]
fn get_reads_all_parameters_from_the_query_string() {
    let request =
        get("query=query+B%7Ba%7D&operationName=B&variables=%7B%22n%22%3A1%7D&extensions=%7B%22x%22%3Atrue%7D&z=1");
    let request = request.unwrap();
    assert_eq!(request.query.as_deref(), Some("query B{a}"));
    assert_eq!(request.operation_name.as_deref(), Some("B"), "the operation name on GET is not ignored");
    assert_eq!(request.variables, Variables::from_json(serde_json::json!({"n": 1})));
    assert!(request.extensions.contains_key("x"));
    assert_eq!(request.transport, Transport::Get);
}

#[test]
fn an_empty_string_counts_as_absent() {
    let request = get("query=%7Ba%7D&operationName=&variables=&extensions=&documentId=").unwrap();
    assert_eq!((request.operation_name, request.document), (None, None));
    assert!(request.variables.is_empty() && request.extensions.is_empty());
    assert_eq!(post(br#"{"query":"{a}","operationName":""}"#).unwrap().operation_name, None);
    assert_eq!(get("query="), Err(RequestError::QueryMissing));
    assert_eq!(post(br#"{"query":""}"#), Err(RequestError::QueryMissing));
}

#[test]
fn post_bodies_are_read_or_refused_by_this_table() {
    let table: [(&[u8], Option<RequestError>); 20] = [
        (br#"{"query":"{a}"}"#, None),
        (br#" {"query":"{a}","variables":null,"operationName":null,"extensions":null,"documentId":null}"#, None),
        (br#"{"query":"{a}","variables":{"a":[{"b":null}]},"unknown":[1,{"x":2}]}"#, None),
        (br#"{"query":"{a}","extensions":{"persistedQuery":null}}"#, None),
        (br#"[{"query":"{a}"}]"#, Some(RequestError::BatchNotSupported)),
        (br"[]", Some(RequestError::BatchNotSupported)),
        (br#"["{a}"]"#, Some(RequestError::BatchNotSupported)),
        (br#""{a}""#, Some(RequestError::Malformed)),
        (b"null", Some(RequestError::Malformed)),
        (b"{}", Some(RequestError::QueryMissing)),
        (br#"{"query":1}"#, Some(RequestError::Malformed)),
        (br#"{"query":"{a}","operationName":[]}"#, Some(RequestError::Malformed)),
        (br#"{"query":"{a}","variables":"{}"}"#, Some(RequestError::Malformed)),
        (br#"{"query":"{a}","variables":[]}"#, Some(RequestError::Malformed)),
        (br#"{"query":"{a}","extensions":7}"#, Some(RequestError::Malformed)),
        (br#"{"query":"{a}","query":"{b}"}"#, Some(RequestError::Malformed)),
        (br#"{"query":"{a}""#, Some(RequestError::NotJson)),
        (br#"{"query":{"a":"#, Some(RequestError::NotJson)),
        (b"", Some(RequestError::NotJson)),
        (b"{\"query\":\"\xff\"}", Some(RequestError::NotJson)),
    ];
    for (body, expected) in table {
        assert_eq!(post(body).err(), expected, "{}", String::from_utf8_lossy(body));
    }
}

#[test]
fn only_json_in_utf8_is_accepted_as_a_body() {
    let body = br#"{"query":"mutation{bump}"}"#;
    let table = [
        ("application/json", true),
        ("Application/Json;charset=UTF-8", true),
        ("application/json; charset=\"utf-8\"", true),
        ("application/json; profile=x", true),
        ("application/json; charset=iso-8859-1", false),
        ("application/json; charset", false),
        ("text/plain", false),
        ("text/plain; application/json", false),
        ("application/x-www-form-urlencoded", false),
        ("multipart/form-data; boundary=x", false),
        ("application/graphql", false),
        ("application/jsonp", false),
    ];
    for (content_type, accepted) in table {
        let expected = if accepted { None } else { Some(RequestError::UnsupportedMediaType) };
        assert_eq!(post_as(content_type, body).err(), expected, "{content_type}");
    }
    let missing = read(&Method::POST, &HeaderMap::new(), None, body);
    assert_eq!(missing.err(), Some(RequestError::UnsupportedMediaType));
}

#[test]
fn a_second_content_type_or_a_compressed_body_is_refused() {
    let mut headers = HeaderMap::new();
    headers.append(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    assert_eq!(read(&Method::POST, &headers, None, b"{}").err(), Some(RequestError::UnsupportedContentEncoding));
    headers.append(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    assert_eq!(read(&Method::POST, &headers, None, b"{}").err(), Some(RequestError::UnsupportedMediaType));
}

#[test]
fn other_methods_are_not_allowed() {
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::TRACE] {
        let refused = read(&method, &HeaderMap::new(), Some("query={a}"), b"").unwrap_err();
        assert_eq!(refused, RequestError::MethodNotAllowed);
        assert_eq!(refused.status(StatusProfile::Established, MediaType::Json), StatusCode::METHOD_NOT_ALLOWED);
    }
    assert!(read(&Method::HEAD, &HeaderMap::new(), Some("query={a}"), b"").is_ok());
}

#[test]
fn query_strings_are_refused_by_this_table() {
    let table = [
        ("query={a}&query={b}", RequestError::Malformed),
        ("query=%ff", RequestError::Malformed),
        ("query={a}&variables=[]", RequestError::Malformed),
        ("query={a}&variables=1", RequestError::Malformed),
        ("query={a}&variables={", RequestError::NotJson),
        ("query={a}&extensions=\"x\"", RequestError::Malformed),
        ("documentId=abc", RequestError::DocumentIdMalformed),
        ("", RequestError::QueryMissing),
    ];
    for (text, expected) in table {
        assert_eq!(get(text).err(), Some(expected), "{text}");
    }
    assert!(get("query={a}&variables=null").is_ok());
}

#[test]
fn sizes_are_checked_before_anything_is_read() {
    let limits = RequestLimits { body_bytes: 10, query_string_bytes: 10 };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let input = HttpInput {
        method: &Method::POST,
        headers: &headers,
        query_string: Some("query={abcdef}"),
        body: b"{{{{{{{{{{{",
        path_document: None,
    };
    assert_eq!(parse(&input, &limits), Err(RequestError::BodyTooLarge { limit: 10, actual: 11 }));
    let input = HttpInput { method: &Method::GET, ..input };
    assert_eq!(parse(&input, &limits), Err(RequestError::UriTooLong { limit: 10, actual: 14 }));
}

#[test]
fn a_document_reference_is_read_from_query_body_path_or_extension() {
    let hash = DocumentHash::parse_hex(HASH).unwrap();
    let trusted = Some(DocumentRef::Trusted(hash));
    assert_eq!(get(&format!("documentId=sha256:{HASH}")).unwrap().document, trusted);
    assert_eq!(post(format!(r#"{{"documentId":"sha256:{HASH}"}}"#).as_bytes()).unwrap().document, trusted);
    let extension = format!(r#"extensions={{"persistedQuery":{{"version":1,"sha256Hash":"{HASH}"}}}}"#);
    assert_eq!(get(&extension).unwrap().document, Some(DocumentRef::Automatic(hash)));
    let id = format!("sha256:{HASH}");
    let (method, headers) = (Method::GET, HeaderMap::new());
    let input =
        HttpInput { method: &method, headers: &headers, query_string: None, body: b"", path_document: Some(&id) };
    assert_eq!(parse(&input, &RequestLimits::default()).unwrap().document, trusted);
    assert_eq!(get(&format!("documentId={id}&query={{a}}")), Err(RequestError::DocumentAmbiguous));
    assert_eq!(get(&format!("documentId={id}&{extension}")), Err(RequestError::DocumentAmbiguous));
}

#[test]
fn a_persisted_query_extension_of_another_form_is_refused() {
    for extension in [
        "1".to_owned(),
        "[]".to_owned(),
        "{}".to_owned(),
        format!(r#"{{"version":2,"sha256Hash":"{HASH}"}}"#),
        format!(r#"{{"version":"1","sha256Hash":"{HASH}"}}"#),
        r#"{"version":1,"sha256Hash":"abc"}"#.to_owned(),
        r#"{"version":1,"sha256Hash":7}"#.to_owned(),
    ] {
        let body = format!(r#"{{"query":"{{a}}","extensions":{{"persistedQuery":{extension}}}}}"#);
        assert_eq!(post(body.as_bytes()), Err(RequestError::PersistedQueryMalformed), "{extension}");
    }
}

#[test]
fn json_nested_beyond_the_parser_limit_is_refused_or_skipped_without_overflow() {
    let deep = format!(r#"{{"query":"{{a}}","variables":{{"a":{}}}}}"#, "[".repeat(100_000));
    assert_eq!(post(deep.as_bytes()), Err(RequestError::NotJson));
    let ignored = format!(r#"{{"query":"{{a}}","x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
    assert!(post(ignored.as_bytes()).is_ok(), "an unknown member is skipped, however deep it is");
}

#[test]
fn text_inside_a_string_is_never_parsed_again_as_json() {
    let body = r#"{"query":"{a}","variables":{"v":{"$serde_json::private::RawValue":"[[1]]"}}}"#;
    let request = post(body.as_bytes()).unwrap();
    let Some(async_graphql::Value::Object(object)) = request.variables.get("v") else { panic!("an object") };
    let inner = object.get("$serde_json::private::RawValue");
    assert_eq!(inner, Some(&async_graphql::Value::String("[[1]]".to_owned())));
}

#[test]
fn a_mutation_needs_post_and_a_subscription_another_transport() {
    let by_get = get("query={a}").unwrap();
    let by_post = post(br#"{"query":"{a}"}"#).unwrap();
    assert_eq!(by_get.check_operation(OperationType::Query), Ok(()));
    assert_eq!(by_get.check_operation(OperationType::Mutation), Err(RequestError::MutationOverGet));
    assert_eq!(by_post.check_operation(OperationType::Mutation), Ok(()));
    assert_eq!(by_post.check_operation(OperationType::Subscription), Err(RequestError::SubscriptionOverHttp));
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(body in prop::collection::vec(any::<u8>(), 0..300), text in ".{0,200}") {
        let _ = post(&body);
        let _ = get(&text);
        let _ = get(&String::from_utf8_lossy(&body));
    }

    #[test]
    fn a_query_survives_the_query_string(query in ".{1,80}") {
        let encoded = percent_encoding::utf8_percent_encode(&query, percent_encoding::NON_ALPHANUMERIC).to_string();
        prop_assert_eq!(get(&format!("query={encoded}")).unwrap().query, Some(query));
    }
}
