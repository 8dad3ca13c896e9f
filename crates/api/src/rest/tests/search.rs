//! Text as a filter of the list of articles.

use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

use super::portal::Portal;

async fn found(portal: &Portal, text: &str) -> Vec<Value> {
    let text: String = byte_serialize(text.as_bytes()).collect();
    let answer = portal.get(&format!("/v1/articles?first=100&include=total&q={text}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let ids: Vec<Value> = answer.body["data"].as_array().unwrap().iter().map(|item| item["id"].clone()).collect();
    assert!(answer.body["total"]["value"].as_u64().unwrap() >= ids.len() as u64);
    ids
}

#[tokio::test]
async fn a_text_with_and_without_marks_finds_the_same_articles() {
    let portal = Portal::searching().await;
    let all = portal.get("/v1/articles?include=total&first=1").await.body["total"]["value"].as_u64().unwrap();
    let spellings = [("sửa", "SUA"), ("Nội dung 12", "noi dung 12"), ("\"tóm tắt 12\"", "\"tom tat 12\"")];
    for (marked, plain) in spellings {
        let ids = found(&portal, marked).await;
        assert!(!ids.is_empty() && (ids.len() as u64) < all, "{marked}: {} of {all}", ids.len());
        assert_eq!(found(&portal, plain).await, ids, "{plain}");
    }
    assert_eq!(found(&portal, "bóng đá").await, Vec::<Value>::new());
}

#[tokio::test]
async fn without_an_index_a_text_is_refused_and_a_plain_list_is_not() {
    let portal = Portal::full().await;
    let answer = portal.get("/v1/articles?q=tin").await;
    assert_eq!(answer.code(), (503, "SEARCH_NOT_READY"));
    assert_eq!(answer.header("retry-after"), "5");
    assert_eq!(answer.body["titleVi"], "Chỉ mục tìm kiếm đang được dựng, hãy thử lại sau.");
    for field in ["nodes { id }", "totalCount { value }"] {
        let answer = portal.graphql(&format!("{{ articles(text: \"tin\") {{ {field} }} }}"), json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "SEARCH_NOT_READY");
    }
    assert_eq!(portal.get("/v1/articles").await.status, 200);
}
