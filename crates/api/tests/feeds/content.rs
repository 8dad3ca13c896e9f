//! What an item says: sanitised, absolute, well formed whatever an editor wrote.

use feed_rs::model::Entry;
use lienthong_domain::article::{ArticleInput, Cover, Source};
use lienthong_test_support::both_databases;
use serde_json::Value;

use crate::portal::{Portal, article, at};
use crate::registry::COMMUNE;

const FORMATS: [&str; 3] = ["rss", "atom", "json"];

async fn read_back(portal: &Portal, format: &str) -> Entry {
    portal.feed(&format!("/feeds/sites/{COMMUNE}.{format}")).await.entries.remove(0)
}

both_databases! {
    async fn html_is_sanitised_and_its_addresses_are_absolute(db: TestDb) {
        let portal = Portal::open(db).await;
        let body = "<p onclick=\"x()\">Xem <a href=\"/van-ban/1\">văn bản</a> và <a href=\"bang.html\">bảng</a>.</p>\
                    <script>alert(1)</script><a href=\"javascript:alert(1)\">x</a><img src=\"../anh/1.jpg\" alt=\"Toàn cảnh\">";
        let input = ArticleInput { body: body.to_owned(), ..article(portal.registry.news, "Bài viết") };
        portal.publish(input, at("2025-08-01T08:00:00Z")).await;
        for format in FORMATS {
            let html = read_back(&portal, format).await.content.unwrap().body.unwrap();
            for expected in [
                format!("href=\"https://{COMMUNE}/van-ban/1\""),
                format!("href=\"https://{COMMUNE}/tin/bang.html\""),
                format!("src=\"https://{COMMUNE}/anh/1.jpg\""),
            ] {
                assert!(html.contains(&expected), "{format}: {html}");
            }
            for refused in ["script", "onclick", "alert"] {
                assert!(!html.contains(refused), "{format}: {html}");
            }
        }
    }

    async fn hostile_titles_arrive_as_the_text_they_are(db: TestDb) {
        let hostile = [
            ("CDATA ]]> & <b>đậm</b> \"nháy\" 'đơn'", "CDATA ]]> & <b>đậm</b> \"nháy\" 'đơn'"),
            ("Lễ hội 🎉👨‍👩‍👧 2025", "Lễ hội 🎉👨‍👩‍👧 2025"),
            ("Ký tự\u{8} lạ\u{ffff} &amp; &nbsp;", "Ký tự lạ &amp; &nbsp;"),
            (
                "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
                "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
            ),
        ];
        for (title, shown) in hostile {
            let portal = Portal::open(db.another().await).await;
            portal.publish(article(portal.registry.news, title), at("2025-08-01T08:00:00Z")).await;
            for format in FORMATS {
                let got = portal.get(&format!("/feeds/sites/{COMMUNE}.{format}")).await.body;
                assert_eq!(title_in(&got, format), shown, "{format}");
            }
        }
    }
}

/// The title of the first item, by a parser of plain JSON or XML.
fn title_in(document: &str, format: &str) -> String {
    if format == "json" {
        return serde_json::from_str::<Value>(document).unwrap()["items"][0]["title"].as_str().unwrap().to_owned();
    }
    let document = roxmltree::Document::parse(document).unwrap();
    let item = document.descendants().find(|node| matches!(node.tag_name().name(), "item" | "entry")).unwrap();
    let title = item.children().find(|node| node.tag_name().name() == "title").unwrap();
    title.text().unwrap().to_owned()
}

fn repost(portal: &Portal) -> ArticleInput {
    ArticleInput {
        author: Some("Nguyễn Thị Hoà".to_owned()),
        tags: vec!["Lễ hội".to_owned()],
        source: Some(Source {
            name: "Báo Hà Tĩnh".to_owned(),
            url: Some("https://baohatinh.example/le-hoi".to_owned()),
            author: Some("P.V".to_owned()),
            published_at: Some(at("2025-07-31T08:00:00Z")),
            verbatim: true,
        }),
        cover: Some(Cover {
            media: None,
            url: "https://media.example/anh/1.webp".to_owned(),
            alt: "Toàn cảnh lễ hội".to_owned(),
            caption: Some("Khai mạc".to_owned()),
            credit: Some("Ảnh: P.V".to_owned()),
            width: Some(800),
            height: Some(600),
        }),
        ..article(portal.registry.digital, "Lễ hội")
    }
}

both_databases! {
    async fn categories_cover_source_office_and_writer_are_said_in_each_format(db: TestDb) {
        let portal = Portal::open(db).await;
        portal.publish(repost(&portal), at("2025-08-01T08:00:00Z")).await;
        let atom = read_back(&portal, "atom").await;
        let api = "https://api.hatinh.example/v1";
        let terms: Vec<_> = atom.categories.iter().map(|it| (it.term.as_str(), it.scheme.as_deref())).collect();
        let categories = format!("{api}/sites/{COMMUNE}");
        let topics = format!("{api}/topics");
        assert_eq!(
            terms,
            [("chuyen-doi-so", Some(categories.as_str())), ("cd.so", Some(topics.as_str())), ("Lễ hội", None)]
        );
        assert_eq!(atom.authors[0].name.as_deref().unwrap(), "Trang thông tin điện tử xã Tiên Điền");
        assert_eq!(atom.contributors[0].name.as_deref().unwrap(), "Nguyễn Thị Hoà");
        assert!(
            atom.links.iter().any(|it| it.rel.as_deref() == Some("via") && it.href == "https://baohatinh.example/le-hoi")
        );
        for format in ["rss", "atom"] {
            let media = &read_back(&portal, format).await.media[0];
            assert_eq!(media.content[0].url.as_ref().unwrap().as_str(), "https://media.example/anh/1.webp", "{format}");
            assert_eq!(media.content[0].content_type.as_ref().unwrap().to_string(), "image/webp", "{format}");
        }
        let json: Value = serde_json::from_str(&portal.get(&format!("/feeds/sites/{COMMUNE}.json")).await.body).unwrap();
        let item = &json["items"][0];
        assert_eq!(item["image"], "https://media.example/anh/1.webp");
        assert_eq!(item["external_url"], "https://baohatinh.example/le-hoi");
        assert_eq!(item["_lienthong"]["source"]["author"], "P.V");
        assert_eq!(item["_lienthong"]["origin"]["site_url"], format!("https://{COMMUNE}/"));
    }

    async fn a_cover_whose_type_is_unknown_is_still_a_picture(db: TestDb) {
        let portal = Portal::open(db).await;
        let mut input = repost(&portal);
        "https://media.example/tep/1234".clone_into(&mut input.cover.as_mut().unwrap().url);
        portal.publish(input, at("2025-08-01T08:00:00Z")).await;
        let rss = portal.get(&format!("/feeds/sites/{COMMUNE}.rss")).await.body;
        assert!(rss.contains("<media:content url=\"https://media.example/tep/1234\" medium=\"image\">"), "{rss}");
    }
}
