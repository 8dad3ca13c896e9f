//! Media from the disk of an editor to the eyes of the public, and back.

use axum::body::Body;
use http::Request;
use image::ImageFormat;
use serde_json::{Value, json};

use lienthong_api::ApiConfig;
use lienthong_app::commands::media as commands;
use lienthong_domain::access::Role;
use lienthong_domain::ids::ActorId;
use lienthong_domain::media::MediaRule;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Record, media_rules};
use lienthong_test_support::both_databases;

use crate::harness::{Node, Reply, config};
use crate::media_files::{SITE, bomb, get_as, path_of, pdf, picture, send_file, uploaded};

const CREATE: &str = "mutation($site: String!, $input: ArticleInput!) { createArticle(site: $site, input: $input) {
    entry { id version slug draft { cover { media url alt credit width height } attachments { title fileName size } } }
    errors { code field } } }";
const EDIT: &str = "mutation($id: ID!, $version: Int!, $input: ArticleInput!) {
    editArticle(id: $id, version: $version, input: $input) { entry { id version } errors { code field } } }";
const PUBLISH: &str = "mutation($id: ID!, $version: Int!) { publishArticle(id: $id, version: $version) {
    entry { id version slug } errors { code field message } } }";
const WITHDRAW: &str = "mutation($id: ID!, $version: Int!) { withdrawArticle(id: $id, version: $version) {
    entry { id version } errors { code } } }";
const DESCRIBE: &str = "mutation($id: ID!, $version: Int!, $alt: String, $credit: String) {
    describeMedia(id: $id, version: $version, input: { alt: $alt, credit: $credit }) {
    media { version alt credit } errors { code currentVersion } } }";
const DELETE: &str = "mutation($id: ID!, $version: Int!) { deleteMedia(id: $id, version: $version) {
    media { id } errors { code } } }";

struct Staff {
    editor: ActorId,
    chief: ActorId,
}

async fn staff(node: &Node) -> Staff {
    Staff { editor: node.actor(Role::Editor, 1).await, chief: node.actor(Role::ChiefEditor, 1).await }
}

fn input(title: &str, more: &Value) -> Value {
    let mut input = json!({ "category": format!("{SITE}/thong-bao"), "title": title, "body": "<p>Nội dung</p>" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

/// The payload of a mutation.
async fn act(node: &Node, actor: ActorId, mutation: &str, variables: Value) -> Value {
    let data = node.query_as(actor, mutation, variables).await.data();
    data.as_object().unwrap().values().next().unwrap().clone()
}

async fn draft(node: &Node, staff: &Staff, input: Value) -> Value {
    let payload = act(node, staff.editor, CREATE, json!({ "site": SITE, "input": input })).await;
    assert_eq!(payload["errors"], json!([]));
    payload["entry"].clone()
}

async fn step(node: &Node, actor: ActorId, mutation: &str, entry: &Value) -> Value {
    act(node, actor, mutation, json!({ "id": entry["id"], "version": entry["version"] })).await
}

/// An image of the library that says all that is asked for.
async fn described(node: &Node, staff: &Staff, number: u8) -> Value {
    let image = uploaded(node, staff.editor, "anh.png", picture(number, ImageFormat::Png)).await;
    let said = json!({ "id": image["id"], "version": 1, "alt": "Trụ sở UBND xã", "credit": "Ảnh: Thu Hà" });
    assert_eq!(act(node, staff.editor, DESCRIBE, said).await["errors"], json!([]));
    image
}

async fn status(node: &Node, path: &str) -> u16 {
    node.get(path).await.status.as_u16()
}

/// The last id in the address of a file.
fn id_in(path: &str) -> &str {
    path.split('/').rfind(|part| part.len() == 36).unwrap()
}

fn fields(payload: &Value) -> Vec<String> {
    payload["errors"].as_array().unwrap().iter().map(|it| it["field"].as_str().unwrap_or_default().to_owned()).collect()
}

both_databases! {
    async fn an_image_is_private_until_something_published_shows_it_and_again_afterwards(db: TestDb) {
        let node = Node::start(db).await;
        let staff = staff(&node).await;
        let image = described(&node, &staff, 1).await;
        assert_eq!((&image["width"], &image["height"]), (&json!(1_000), &json!(500)));
        let path = path_of(&image["renditions"][0]["url"]);
        assert_eq!(status(&node, &path).await, 404);
        let seen = get_as(&node, staff.editor, &path).await;
        assert_eq!((seen.status.as_u16(), seen.header("cache-control")), (200, "private, no-store"));
        let elsewhere = node.actor(Role::ChiefEditor, 2).await;
        assert_eq!(get_as(&node, elsewhere, &path).await.status.as_u16(), 404);

        let entry = draft(&node, &staff, input("Lễ hội", &json!({ "cover": { "media": image["id"] } }))).await;
        let cover = &entry["draft"]["cover"];
        assert_eq!((&cover["alt"], &cover["credit"]), (&json!("Trụ sở UBND xã"), &json!("Ảnh: Thu Hà")));
        assert_eq!((&cover["width"], &cover["height"]), (&json!(1_000), &json!(500)));
        assert_eq!(status(&node, &path).await, 404, "a draft makes nothing public");

        let published = step(&node, staff.chief, PUBLISH, &entry).await;
        assert_eq!(published["errors"], json!([]));
        let shown = node.get(&path).await;
        assert_eq!((shown.status.as_u16(), shown.header("content-type")), (200, "image/webp"));
        assert_eq!(shown.header("x-content-type-options"), "nosniff");
        assert_eq!(shown.header("content-security-policy"), "default-src 'none'; sandbox");
        assert!(shown.header("cache-control").starts_with("public, max-age=30, s-maxage=60"));
        let held = Request::get(&path).header("if-none-match", shown.header("etag")).body(Body::empty()).unwrap();
        assert_eq!(node.send(held).await.status.as_u16(), 304);

        let withdrawn = step(&node, staff.chief, WITHDRAW, &published["entry"]).await;
        assert_eq!(withdrawn["errors"], json!([]));
        assert_eq!(status(&node, &path).await, 404);
        node.test.assert_in_order().await;
    }

    async fn the_link_to_a_draft_shows_its_files_and_no_other_and_only_as_long_as_it_lives(db: TestDb) {
        let node = Node::start(db).await;
        let staff = staff(&node).await;
        let [cover, inline, other] = [described(&node, &staff, 1).await, described(&node, &staff, 2).await, described(&node, &staff, 3).await];
        let document = uploaded(&node, staff.editor, "ke-hoach.pdf", pdf(10)).await;
        let body = format!("<p>Ảnh:</p><img src=\"{}\" alt=\"Rước kiệu\">", inline["renditions"][0]["url"].as_str().unwrap());
        let shows = json!({ "cover": { "media": cover["id"] }, "attachments": [{ "media": document["id"] }], "body": body });
        let entry = draft(&node, &staff, input("Lễ hội", &shows)).await;
        let share = "mutation($id: ID!) { sharePreview(id: $id, hours: 1) { preview { url } errors { code } } }";
        let shared = act(&node, staff.editor, share, json!({ "id": entry["id"] })).await;

        let edition = node.get(&path_of(&shared["preview"]["url"])).await.json()["edition"].clone();
        let body = edition["body"].as_str().unwrap();
        let in_body = body.split_once("src=\"").and_then(|(_, rest)| rest.split_once('"')).unwrap().0;
        let attached = &edition["attachments"][0]["url"];
        let mut paths = vec![path_of(&edition["cover"]["url"]), path_of(&json!(in_body)), path_of(attached)];
        paths.extend(edition["cover"]["renditions"].as_array().unwrap().iter().map(|it| path_of(&it["url"])));
        for path in &paths {
            let shown = node.get(path).await;
            assert_eq!((shown.status.as_u16(), shown.header("cache-control")), (200, "no-store"), "{path}");
            assert_eq!(shown.header("x-robots-tag"), "noindex, nofollow");
            assert_eq!(shown.header("content-security-policy"), "default-src 'none'; sandbox");
        }
        let unused = paths[0].replace(id_in(&paths[0]), id_in(&path_of(&other["renditions"][0]["url"])));
        assert_eq!(status(&node, &unused).await, 404, "a file that the draft does not show");
        assert_eq!(status(&node, &paths[0].replace("/previews/", "/previews/x")).await, 404, "another secret");
        assert_eq!(status(&node, &path_of(&cover["renditions"][0]["url"])).await, 404, "its address for everybody");

        let revoke = "mutation($id: ID!) { revokePreviews(id: $id) { revoked } }";
        assert_eq!(act(&node, staff.editor, revoke, json!({ "id": entry["id"] })).await["revoked"], 1);
        assert_eq!(status(&node, &paths[0]).await, 404);
    }

    async fn a_cover_is_offered_in_every_width_of_the_list_and_in_no_other(db: TestDb) {
        let node = Node::start(db).await;
        let staff = staff(&node).await;
        let image = described(&node, &staff, 1).await;
        let entry = draft(&node, &staff, input("Lễ hội", &json!({ "cover": { "media": image["id"], "alt": "Rước kiệu" } }))).await;
        step(&node, staff.chief, PUBLISH, &entry).await;
        let query = "{ articles(first: 1) { nodes { cover { url alt renditions { url mediaType width } } } } }";
        let cover = node.query(query, json!({})).await.data()["articles"]["nodes"][0]["cover"].clone();
        assert_eq!(cover["alt"], "Rước kiệu");
        let renditions = cover["renditions"].as_array().unwrap();
        let widths: Vec<u64> = renditions.iter().map(|it| it["width"].as_u64().unwrap()).collect();
        assert_eq!(widths, [320, 320, 640, 640, 960, 960, 1_000, 1_000]);
        for rendition in renditions {
            let reply = node.get(&path_of(&rendition["url"])).await;
            let made = image::load_from_memory(&reply.body).unwrap();
            assert_eq!(u64::from(made.width()), rendition["width"].as_u64().unwrap());
            assert_eq!(reply.header("content-type"), rendition["mediaType"]);
        }
        let rest = node.get(&format!("/v1/sites/{SITE}/articles/le-hoi")).await.json();
        assert_eq!(rest["cover"]["url"], cover["url"]);
        assert_eq!(rest["cover"]["renditions"].as_array().unwrap().len(), 8);
        let base = path_of(&cover["url"]);
        let base = base.rsplit_once('/').unwrap().0;
        for name in ["321.webp", "320.png", "99999.jpg", "original/anh.png", "320.webp/x", "..%2f320.webp"] {
            assert_eq!(status(&node, &format!("{base}/{name}")).await, 404, "{name}");
        }
    }

    async fn attachments_are_told_of_everywhere(db: TestDb) {
        let node = Node::start(db).await;
        let staff = staff(&node).await;
        let bytes = pdf(5_000);
        let document = uploaded(&node, staff.editor, "K%E1%BA%BF%20ho%E1%BA%A1ch.doc", bytes.clone()).await;
        assert_eq!((&document["kind"], &document["mediaType"]), (&json!("document"), &json!("application/pdf")));
        assert_eq!(document["fileName"], "Kế hoạch.doc.pdf");
        let second = uploaded(&node, staff.editor, "b.pdf", pdf(10)).await;
        let attached = json!([{ "media": second["id"] }, { "media": document["id"], "title": "Kế hoạch năm 2026" }]);
        let entry = draft(&node, &staff, input("Kế hoạch", &json!({ "attachments": attached }))).await;
        assert_eq!(entry["draft"]["attachments"][0], json!({ "title": "b.pdf", "fileName": "b.pdf", "size": 36 }));
        assert_eq!(step(&node, staff.chief, PUBLISH, &entry).await["errors"], json!([]));

        let query = "{ articles(first: 1) { nodes { attachments { title url mediaType size fileName } } } }";
        let told = node.query(query, json!({})).await.data()["articles"]["nodes"][0]["attachments"].clone();
        assert_eq!(told[1]["title"], "Kế hoạch năm 2026");
        assert_eq!(told[1]["url"], document["url"]);
        let rest = node.get(&format!("/v1/sites/{SITE}/articles/ke-hoach")).await.json();
        assert_eq!(rest["attachments"][1]["url"], document["url"]);
        let feed = node.get(&format!("/feeds/sites/{SITE}.json")).await.json();
        assert_eq!(feed["items"][0]["attachments"][1]["url"], document["url"]);
        assert_eq!(feed["items"][0]["attachments"][1]["size_in_bytes"], json!(bytes.len()));
        let atom = String::from_utf8(node.get(&format!("/feeds/sites/{SITE}.atom")).await.body).unwrap();
        assert!(atom.contains("rel=\"enclosure\"") && atom.contains(document["url"].as_str().unwrap()), "{atom}");

    }

    async fn a_document_is_served_to_be_saved_whole_or_in_part(db: TestDb) {
        let node = Node::start(db).await;
        let staff = staff(&node).await;
        let bytes = pdf(5_000);
        let document = uploaded(&node, staff.editor, "K%E1%BA%BF%20ho%E1%BA%A1ch.doc", bytes.clone()).await;
        let entry = draft(&node, &staff, input("Kế hoạch", &json!({ "attachments": [{ "media": document["id"] }] }))).await;
        let path = path_of(&document["url"]);
        assert_eq!(status(&node, &path).await, 404);
        assert_eq!(step(&node, staff.chief, PUBLISH, &entry).await["errors"], json!([]));
        let saved = node.get(&path).await;
        assert_eq!((saved.status.as_u16(), saved.body.as_slice()), (200, bytes.as_slice()));
        assert_eq!(saved.header("content-type"), "application/pdf");
        assert!(saved.header("content-disposition").starts_with("attachment; filename=\"K__ho_ch.doc.pdf\""));
        assert_eq!(saved.header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(saved.header("x-content-type-options"), "nosniff");
        let part = Request::get(&path).header("range", "bytes=5-7").body(Body::empty()).unwrap();
        let part = node.send(part).await;
        assert_eq!((part.status.as_u16(), part.body.as_slice()), (206, &bytes[5..8]));
        assert_eq!(part.header("content-range"), format!("bytes 5-7/{}", bytes.len()));
        let head = Request::head(&path).body(Body::empty()).unwrap();
        let head = node.send(head).await;
        assert_eq!((head.header("content-length"), head.body.len()), (bytes.len().to_string().as_str(), 0));
        // The rendition of a document, and the original of an image: neither exists.
        let id = path.split('/').nth(2).unwrap();
        assert_eq!(status(&node, &format!("/media/{id}/320.webp")).await, 404);
    }

    async fn files_that_were_made_to_harm_are_refused_with_a_reason(db: TestDb) {
        let node = Node::start(db).await;
        let staff = staff(&node).await;
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
        let macros = [b"PK\x03\x04".as_slice(), &[0; 26], b"word/document.xml PK word/vbaProject.bin"].concat();
        for (name, bytes, refused) in [
            ("bom.png", bomb(), (422, "MEDIA_REFUSED")),
            ("hinh.svg", svg.into(), (415, "UNSUPPORTED_MEDIA_TYPE")),
            ("trang.jpg", b"<!DOCTYPE html><script>alert(1)</script>".to_vec(), (415, "UNSUPPORTED_MEDIA_TYPE")),
            ("bao-cao.docx", macros, (422, "MEDIA_REFUSED")),
            ("mau.pdf", b"%PDF-1.7 << /S /JavaScript /JS (app.alert(1)) >>".to_vec(), (422, "MEDIA_REFUSED")),
            ("hong.jpg", b"\xff\xd8\xff\xe0 not an image".to_vec(), (422, "MEDIA_REFUSED")),
            ("trong.pdf", Vec::new(), (415, "UNSUPPORTED_MEDIA_TYPE")),
            ("virus.exe", b"MZ\x90\0\x03".to_vec(), (415, "UNSUPPORTED_MEDIA_TYPE")),
        ] {
            let reply = send_file(&node, staff.editor, (SITE, name), Body::from(bytes)).await;
            assert_eq!(reply.problem(), (refused.0, refused.1.to_owned()), "{name}: {reply:?}");
            assert!(!reply.json()["detail"].as_str().unwrap().is_empty(), "{name}");
        }
        let library = get_as(&node, staff.editor, &format!("/v1/sites/{SITE}/media")).await.json();
        assert_eq!(library["data"], json!([]));
    }

    async fn what_hangs_on_an_image_is_nowhere_in_what_is_served(db: TestDb) {
        let node = Node::start(db).await;
        let staff = staff(&node).await;
        let mut polyglot = picture(3, ImageFormat::Jpeg);
        polyglot.extend(b"PK\x03\x04 <html><script>alert(document.domain)</script></html>");
        let image = uploaded(&node, staff.editor, "anh.jpg.php", polyglot).await;
        assert_eq!(image["fileName"], "anh.jpg.php.jpg");
        for rendition in image["renditions"].as_array().unwrap() {
            let served = get_as(&node, staff.editor, &path_of(&rendition["url"])).await.body;
            assert!(!served.windows(8).any(|window| window == b"<script>"));
        }
        // Nor is it in what is kept.
        let kept = std::fs::read_dir(node.folder.path().join("media/kept")).unwrap().next().unwrap().unwrap().path();
        let kept = std::fs::read(std::fs::read_dir(kept).unwrap().next().unwrap().unwrap().path()).unwrap();
        assert!(kept.len() > 1_000 && !kept.windows(8).any(|window| window == b"<script>"));
    }

    async fn alternative_text_and_credit_are_asked_for_before_a_publication_unless_the_template_says_otherwise(db: TestDb) {
        let node = Node::start(db).await;
        let staff = staff(&node).await;
        let image = uploaded(&node, staff.editor, "anh.png", picture(1, ImageFormat::Png)).await;
        let url = image["url"].as_str().unwrap();
        let body = format!("<p>a</p><img src=\"{url}\">");
        let bare = input("Lễ hội", &json!({ "cover": { "media": image["id"] }, "body": body }));
        let entry = draft(&node, &staff, bare).await;
        let refused = step(&node, staff.chief, PUBLISH, &entry).await;
        assert_eq!(fields(&refused), ["cover.alt", "cover.credit", "body.alt", "body.credit"]);
        assert_eq!(refused["errors"][0]["code"], "INVALID_INPUT");
        assert_eq!(refused["errors"][0]["message"], "must be given before the article is published");

        let said = json!({ "id": image["id"], "version": 1, "alt": null, "credit": "Ảnh: Thu Hà" });
        assert_eq!(act(&node, staff.editor, DESCRIBE, said.clone()).await["errors"], json!([]));
        assert_eq!(act(&node, staff.editor, DESCRIBE, said).await["errors"][0]["code"], "VERSION_CONFLICT");
        let refused = step(&node, staff.chief, PUBLISH, &entry).await;
        assert_eq!(fields(&refused), ["cover.alt", "cover.credit", "body.alt"], "the cover keeps what it took over");

        let body = format!("<p>a</p><img src=\"{url}\" alt=\"Rước kiệu\">");
        let full = input("Lễ hội", &json!({ "cover": { "media": image["id"], "alt": "Rước kiệu" }, "body": body }));
        let variables = json!({ "id": entry["id"], "version": entry["version"], "input": full });
        let edited = act(&node, staff.editor, EDIT, variables).await;
        assert_eq!(step(&node, staff.chief, PUBLISH, &edited["entry"]).await["errors"], json!([]));

        let lenient = draft(&node, &staff, input("Hội làng", &json!({ "cover": { "media": image["id"] } }))).await;
        assert_eq!(fields(&step(&node, staff.chief, PUBLISH, &lenient).await), ["cover.alt"]);
        let tx = node.test.store().begin().await.unwrap();
        let site = node.test.world.sites[1].id;
        media_rules::put(&tx, site, MediaRule { alt: false, credit: true }).await.unwrap();
        tx.commit(Record::default()).await.unwrap();
        assert_eq!(step(&node, staff.chief, PUBLISH, &lenient).await["errors"], json!([]));
    }

    async fn the_same_file_is_kept_once_in_each_library(db: TestDb) {
        let node = Node::start(db).await;
        let staff = staff(&node).await;
        let first = uploaded(&node, staff.editor, "a.pdf", pdf(100)).await;
        let again = send_file(&node, staff.chief, (SITE, "b.pdf"), Body::from(pdf(100))).await;
        assert_eq!((again.status.as_u16(), &again.json()["id"]), (200, &first["id"]));
        let other = node.actor(Role::Editor, 2).await;
        let elsewhere = send_file(&node, other, ("xuanmy.hatinh.example", "a.pdf"), Body::from(pdf(100))).await;
        assert_eq!(elsewhere.status.as_u16(), 201);
        assert_ne!(elsewhere.json()["id"], first["id"]);
        assert_eq!(elsewhere.json()["sha256"], first["sha256"]);
    }

    async fn only_articles_of_its_own_site_make_a_file_public(db: TestDb) {
        let node = Node::start(db).await;
        let staff = staff(&node).await;
        let image = described(&node, &staff, 9).await;
        let path = path_of(&image["url"]);
        let (other, chief) = (node.actor(Role::Editor, 2).await, node.actor(Role::ChiefEditor, 2).await);
        let body = format!("<img src=\"{}\" alt=\"x\">", image["url"].as_str().unwrap());
        let article = json!({ "category": "xuanmy.hatinh.example/thong-bao", "title": "Chép", "body": body });
        let variables = json!({ "site": "xuanmy.hatinh.example", "input": article });
        let entry = act(&node, other, CREATE, variables).await["entry"].clone();
        assert_eq!(step(&node, chief, PUBLISH, &entry).await["errors"], json!([]));
        assert_eq!(status(&node, &path).await, 404);
        for more in [json!({ "cover": { "media": image["id"] } }), json!({ "attachments": [{ "media": image["id"] }] })] {
            let mut article = json!({ "category": "xuanmy.hatinh.example/thong-bao", "title": "x", "body": "" });
            article.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let refused = act(&node, other, CREATE, json!({ "site": "xuanmy.hatinh.example", "input": article })).await;
            assert!(["cover.media", "attachments.media"].contains(&fields(&refused)[0].as_str()), "{refused}");
        }
        // An image is no attachment, on its own site neither.
        let wrong = input("x", &json!({ "attachments": [{ "media": image["id"] }] }));
        let refused = act(&node, staff.editor, CREATE, json!({ "site": SITE, "input": wrong })).await;
        assert_eq!(fields(&refused), ["attachments.media"]);
    }

    async fn a_file_that_an_edition_uses_stays_and_any_other_can_go(db: TestDb) {
        let node = Node::start(db).await;
        let staff = staff(&node).await;
        let (used, unused) = (described(&node, &staff, 1).await, described(&node, &staff, 2).await);
        draft(&node, &staff, input("Lễ hội", &json!({ "cover": { "media": used["id"] } }))).await;
        let delete = |image: &Value| json!({ "id": image["id"], "version": 2 });
        assert_eq!(act(&node, staff.editor, DELETE, delete(&used)).await["errors"][0]["code"], "MEDIA_IN_USE");
        assert_eq!(act(&node, staff.editor, DELETE, delete(&unused)).await["errors"], json!([]));
        assert_eq!(get_as(&node, staff.editor, &path_of(&unused["url"])).await.status.as_u16(), 404);

        // What was stored of it is an orphan some days later, and nothing else is.
        let now = Timestamp::from(chrono::Utc::now());
        let library = node.library.as_ref();
        let later = now.plus_seconds(3 * 86_400);
        assert_eq!(commands::clean((&node.test.app, library), false, now).await.unwrap().files, 0);
        let counted = commands::clean((&node.test.app, library), true, later).await.unwrap();
        assert_eq!(counted.files, 1);
        assert_eq!(commands::clean((&node.test.app, library), false, later).await.unwrap(), counted);
        assert_eq!(commands::clean((&node.test.app, library), false, later).await.unwrap().files, 0);
        assert_eq!(get_as(&node, staff.editor, &path_of(&used["url"])).await.status.as_u16(), 200);
    }

    async fn contributors_see_and_describe_their_own_files_only(db: TestDb) {
        let node = Node::start(db).await;
        let staff = staff(&node).await;
        let agency = node.actor(Role::AgencyContributor, 1).await;
        let (theirs, own) = (described(&node, &staff, 1).await, uploaded(&node, agency, "a.png", picture(2, ImageFormat::Png)).await);
        let library = get_as(&node, agency, &format!("/v1/sites/{SITE}/media")).await.json();
        let ids: Vec<&Value> = library["data"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
        assert_eq!(ids, [&own["id"]]);
        let page = get_as(&node, staff.editor, &format!("/v1/sites/{SITE}/media?first=1")).await.json();
        assert_eq!((&page["data"][0]["id"], &page["hasNextPage"]), (&own["id"], &json!(true)));
        let cursor = page["endCursor"].as_str().unwrap();
        let rest = get_as(&node, staff.editor, &format!("/v1/sites/{SITE}/media?after={cursor}")).await.json();
        assert_eq!((&rest["data"][0]["id"], &rest["hasNextPage"]), (&theirs["id"], &json!(false)));
        let say = |image: &Value, version| json!({ "id": image["id"], "version": version, "alt": "x", "credit": null });
        assert_eq!(act(&node, agency, DESCRIBE, say(&theirs, 2)).await["errors"][0]["code"], "NOT_FOUND");
        assert_eq!(act(&node, agency, DESCRIBE, say(&own, 1)).await["errors"], json!([]));
        assert_eq!(get_as(&node, agency, &path_of(&theirs["url"])).await.status.as_u16(), 404);
        assert_eq!(get_as(&node, agency, &path_of(&own["url"])).await.status.as_u16(), 200);
    }

    async fn what_is_internal_is_shown_to_the_people_of_the_site_and_to_nobody_else(db: TestDb) {
        let node = Node::start(db).await;
        let staff = staff(&node).await;
        let image = described(&node, &staff, 1).await;
        let path = path_of(&image["url"]);
        let monitor = node.actor(Role::OperationsMonitor, 1).await;
        assert_eq!(get_as(&node, monitor, &path).await.status.as_u16(), 404);
        let internal = input("Lịch trực", &json!({ "cover": { "media": image["id"] }, "audience": "INTERNAL" }));
        let entry = draft(&node, &staff, internal).await;
        assert_eq!(step(&node, staff.chief, PUBLISH, &entry).await["errors"], json!([]));
        assert_eq!(get_as(&node, monitor, &path).await.status.as_u16(), 200);
        assert_eq!(status(&node, &path).await, 404);
    }

    async fn media_have_a_host_of_their_own_where_one_is_configured(db: TestDb) {
        let media_url = Some("https://media.hatinh.example/".parse().unwrap());
        let node = Node::with(db, |library| library, ApiConfig { media_url, ..config() }).await;
        let staff = staff(&node).await;
        let image = described(&node, &staff, 1).await;
        let url = image["url"].as_str().unwrap();
        assert!(url.starts_with("https://media.hatinh.example/media/"), "{url}");
        let entry = draft(&node, &staff, input("Lễ hội", &json!({ "cover": { "media": image["id"] } }))).await;
        assert_eq!(step(&node, staff.chief, PUBLISH, &entry).await["errors"], json!([]));
        let ask = async |host: &str, path: &str| -> Reply {
            node.send(Request::get(path).header("host", host).body(Body::empty()).unwrap()).await
        };
        let path = path_of(&image["url"]);
        assert_eq!(ask("media.hatinh.example", &path).await.status.as_u16(), 200);
        assert_eq!(ask("api.hatinh.example", &path).await.status.as_u16(), 404);
        assert_eq!(ask("media.hatinh.example", "/v1/sites").await.status.as_u16(), 404);
        assert_eq!(ask("api.hatinh.example", "/v1/sites").await.status.as_u16(), 200);
    }
}
