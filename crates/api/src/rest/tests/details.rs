use lienthong_app::ErrorCode;

use super::portal::Portal;
use super::seed::nothing;
use crate::problem::Problem;

#[tokio::test]
async fn what_does_not_exist_is_a_404_problem() {
    let portal = Portal::empty().await;
    let id = nothing();
    let addresses = [
        format!("/v1/articles/{id}"),
        format!("/v1/articles/{id}/related"),
        "/v1/articles/x".to_owned(),
        "/v1/articles/%FF".to_owned(),
        "/v1/sites/xuanhai.example.vn/articles/khong-co".to_owned(),
        "/v1/sites/khong.example.vn/articles/khong-co".to_owned(),
        "/v1/sites/khong.example.vn".to_owned(),
        "/v1/units/99999".to_owned(),
        "/v1/categories/x".to_owned(),
        "/v1/topics/khong.co".to_owned(),
        "/v1/procedures/9.999999".to_owned(),
        "/v1/procedures/khai-sinh".to_owned(),
        "/problems/khong-co".to_owned(),
    ];
    for address in addresses {
        let answer = portal.get(&address).await;
        assert_eq!(answer.code(), (404, "NOT_FOUND"), "{address}");
        assert_eq!(answer.body["type"], "/problems/not-found");
    }
}

#[tokio::test]
async fn plain_uuids_are_as_good_as_global_ids() {
    let portal = Portal::full().await;
    let entry = portal.seeded.entries.iter().find(|entry| entry.live.is_some()).unwrap();
    let article = portal.get(&format!("/v1/articles/{}", entry.id)).await;
    assert_eq!(article.body["slug"], entry.slug.as_str());
    let site = portal.get(&format!("/v1/sites/{}", entry.site)).await;
    assert_eq!(site.body["id"], article.body["site"]["id"]);
}

#[tokio::test]
async fn related_articles_share_the_category_and_leave_out_the_article() {
    let portal = Portal::full().await;
    let list = portal.get("/v1/articles?category=nghixuan.example.vn/tin-tuc&exact=true&first=4").await;
    let ids: Vec<_> = list.body["data"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    let related = portal.get(&format!("/v1/articles/{}/related?first=3", ids[1])).await;
    let found: Vec<_> = related.body["data"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(found, [ids[0], ids[2], ids[3]]);
    let refused = portal.get(&format!("/v1/articles/{}/related?first=21", ids[1])).await;
    assert_eq!(refused.code(), (400, "BAD_REQUEST"));
}

#[tokio::test]
async fn every_error_code_has_a_page_in_both_languages_at_its_type() {
    let portal = Portal::empty().await;
    let index = String::from_utf8(portal.get("/problems").await.bytes).unwrap();
    for code in ErrorCode::ALL {
        let address = Problem::page(*code);
        assert!(index.contains(&format!("href=\"{address}\"")), "{address}");
        let answer = portal.get(&address).await;
        assert!(answer.header("content-type").starts_with("text/html"), "{address}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"));
        let page = String::from_utf8(answer.bytes).unwrap();
        for part in ["<html lang=\"vi\">", "<p lang=\"en\">", code.as_str(), code.message_vi(), code.message_en()] {
            assert!(page.contains(part), "{address} lacks {part}");
        }
        assert!(!page.contains("<script"), "{address}");
    }
}
