//! What boards have written and decided about articles goes before the file.

use serde_json::{Value, json};

use lienthong_app::commands::{articles, desk, holds};
use lienthong_domain::access::SiteScope;
use lienthong_domain::article::{Article, ArticleInput, Cover};
use lienthong_domain::entry::{Entry, EntryKind, Major, Publication, Version};
use lienthong_domain::hold::Target;
use lienthong_domain::ids::{ActorId, EntryId, MediaId};
use lienthong_domain::media::{AttachmentInput, Description, FileName, Media, MediaType};
use lienthong_persistence::{Record, entries, media};
use lienthong_test_support::{TestApp, both_databases};

use crate::{ArticlesExport, counts, export, file, import, line, log, now, run, with};

const WRITTEN_HERE: &str = "line 1: sourceId: was last written here, and only its board changes it";

/// The article of the first commune's site that was imported under this source id.
async fn imported(test: &TestApp, source_id: &str) -> Entry {
    let tx = test.store().begin().await.unwrap();
    entries::lock_by_source(&tx, test.world.sites[1].id, EntryKind::Article, source_id).await.unwrap().unwrap()
}

/// A board's own edition.
async fn corrected(test: &TestApp, entry: &Entry, input: ArticleInput) -> Entry {
    let edited = articles::edit(test, &test.own_or(), (entry.id, entry.version), input, now()).await.unwrap();
    test.publish(&edited.entry, now()).await
}

async fn live(test: &TestApp, id: EntryId) -> Article {
    let entry = entries::find(test.store(), &SiteScope::Everywhere, id).await.unwrap().unwrap();
    entry.live.unwrap().content.article().unwrap().clone()
}

async fn kept(test: &TestApp, (name, media_type): (&str, MediaType)) -> MediaId {
    let media = Media {
        id: MediaId::new(now()),
        site: test.world.sites[1].id,
        media_type,
        file_name: FileName::new(name, media_type),
        digest: [name.len().try_into().unwrap(); 32],
        size: 1_000,
        stored: [name.len().try_into().unwrap(); 32],
        dimensions: (media_type == MediaType::Jpeg).then_some((640, 480)),
        description: Description::default(),
        uploader: ActorId::new(now()),
        created_at: now(),
        version: Version::FIRST,
    };
    let tx = test.store().begin().await.unwrap();
    media::insert(&tx, &media).await.unwrap();
    tx.commit(Record::default()).await.unwrap();
    media.id
}

/// A news item with a document of the library and one of its images as the cover.
async fn illustrated(test: &TestApp, title: &str) -> ArticleInput {
    let document = kept(test, ("ke-hoach.pdf", MediaType::Pdf)).await;
    let image = kept(test, ("anh.jpg", MediaType::Jpeg)).await;
    let cover = Cover {
        media: Some(image),
        // A host that the site has never led to would be held.
        url: format!("https://{}/anh.jpg", test.world.sites[1].host),
        alt: "Hội nghị".to_owned(),
        caption: None,
        credit: Some("Ban biên tập".to_owned()),
        width: None,
        height: None,
    };
    let attachment = AttachmentInput { media: document, title: Some("Kế hoạch".to_owned()) };
    ArticleInput { cover: Some(cover), attachments: vec![attachment], ..test.input(1, title) }
}

both_databases! {
    async fn what_a_board_has_published_is_not_overwritten_and_the_rest_goes_on(db: TestDb) {
        let test = TestApp::start(db).await;
        let lines = ["Một", "Hai"].map(|title| line(&test, title, title));
        import(&test, file(&lines)).await.unwrap();
        let board = corrected(&test, &imported(&test, "Một").await, test.input(1, "Một, do ban biên tập sửa")).await;
        let changed = lines.clone().map(|line| with(&line, json!({"summary": "khác"})));
        for dry_run in [true, false] {
            let report = run(&test, file(&changed), dry_run).await.unwrap();
            assert_eq!(counts(&report), [2, 0, 1, 0, 1]);
            assert_eq!(report.errors[0].to_string(), WRITTEN_HERE);
        }
        assert_eq!(live(&test, board.id).await.title, "Một, do ban biên tập sửa");
        assert_eq!(imported(&test, "Một").await.version, board.version);
        assert_eq!(live(&test, imported(&test, "Hai").await.id).await.summary, "khác");
        // What it says since the last import is left alone all the same, also when that is tried once more.
        assert_eq!(counts(&import(&test, file(&lines[..1])).await.unwrap()), [1, 0, 0, 1, 0]);
        assert_eq!(counts(&import(&test, file(&changed)).await.unwrap()), [2, 0, 0, 1, 1]);
        test.assert_in_order().await;
    }

    async fn an_earlier_edition_that_a_board_has_restored_is_the_boards(db: TestDb) {
        let test = TestApp::start(db).await;
        let first = line(&test, "1", "Một");
        import(&test, file(std::slice::from_ref(&first))).await.unwrap();
        import(&test, file(&[with(&first, json!({"summary": "khác"}))])).await.unwrap();
        let entry = imported(&test, "1").await;
        let restored = articles::restore(&test, &test.own_or(), ((entry.id, entry.version), 1), now()).await.unwrap();
        test.publish(&restored, now()).await;
        let report = import(&test, file(&[with(&first, json!({"summary": "khác nữa"}))])).await.unwrap();
        assert_eq!((counts(&report), report.errors[0].to_string()), ([1, 0, 0, 0, 1], WRITTEN_HERE.to_owned()));
    }

    async fn what_was_held_is_the_imports_when_it_is_let_pass_and_the_boards_when_it_is_edited(db: TestDb) {
        let test = TestApp::start(db).await;
        let poison = json!({"body": "<p>Nhà cái 8xbet uy tín số 1, đăng ký nhận ngay 200k, tài xỉu đổi thưởng</p>"});
        let clean = ["Ba", "Bốn"].map(|title| line(&test, title, title));
        assert_eq!(import(&test, file(&clean.clone().map(|line| with(&line, poison.clone())))).await.unwrap().held, 2);
        let edited = corrected(&test, &imported(&test, "Ba").await, test.input(1, "Ba, đã sạch")).await;
        let held = imported(&test, "Bốn").await;
        let passed = ((held.id, held.version), "Tin cũ của Công an xã");
        let passed = holds::release(&test, &test.permit(), passed, now()).await.unwrap();
        test.publish(&passed, now()).await;
        let report = import(&test, file(&clean)).await.unwrap();
        assert_eq!((counts(&report), report.errors[0].to_string()), ([2, 0, 1, 0, 1], WRITTEN_HERE.to_owned()));
        assert_eq!(live(&test, edited.id).await.title, "Ba, đã sạch");
    }

    async fn what_a_board_let_pass_until_a_time_keeps_its_end(db: TestDb) {
        let test = TestApp::start(db).await;
        let first = line(&test, "1", "Một");
        let poison = json!({"body": "<p>Nhà cái 8xbet uy tín số 1, đăng ký nhận ngay 200k, tài xỉu đổi thưởng</p>"});
        import(&test, file(&[with(&first, poison)])).await.unwrap();
        let held = imported(&test, "1").await;
        let passed = ((held.id, held.version), "Tin cũ của Công an xã");
        let passed = holds::release(&test, &test.permit(), passed, now()).await.unwrap();
        let publication = Publication { until: Some(now().plus_seconds(86_400)), ..Publication::now(Major::Major) };
        desk::publish(&test, &test.permit(), ((held.id, passed.version), publication), now()).await.unwrap();
        let report = import(&test, file(&[first])).await.unwrap();
        let rule = "line 1: sourceId: was given an end here, and only its board changes it";
        assert_eq!((counts(&report), report.errors[0].to_string()), ([1, 0, 0, 0, 1], rule.to_owned()));
    }

    async fn what_a_board_archived_stays_in_the_archive(db: TestDb) {
        let test = TestApp::start(db).await;
        let first = line(&test, "1", "Một");
        import(&test, file(std::slice::from_ref(&first))).await.unwrap();
        let entry = imported(&test, "1").await;
        desk::archive(&test, &test.permit(), ((entry.id, entry.version), true), now()).await.unwrap();
        let report = import(&test, file(&[with(&first, json!({"summary": "khác"}))])).await.unwrap();
        let rule = "line 1: sourceId: was archived here, and only its board changes it";
        assert_eq!((counts(&report), report.errors[0].to_string()), ([1, 0, 0, 0, 1], rule.to_owned()));
        assert!(imported(&test, "1").await.archived_at.is_some());
    }

    async fn an_article_under_quarantine_stops_no_other_line(db: TestDb) {
        let test = TestApp::start(db).await;
        let lines = ["Một", "Hai"].map(|title| line(&test, title, title));
        import(&test, file(&lines)).await.unwrap();
        let target = (Target::Entry(imported(&test, "Một").await.id), "Bị chèn quảng cáo");
        holds::quarantine(&test, &test.permit(), target, now()).await.unwrap();
        let changed = lines.map(|line| with(&line, json!({"summary": "khác"})));
        let report = import(&test, file(&changed)).await.unwrap();
        assert_eq!(counts(&report), [2, 0, 1, 0, 1]);
        assert_eq!(report.errors[0].to_string(), "line 1: sourceId: is under quarantine");
    }

    async fn what_a_line_cannot_speak_of_stays_and_the_export_counts_it(db: TestDb) {
        let test = TestApp::start(db).await;
        import(&test, file(&[line(&test, "1", "Một")])).await.unwrap();
        let board = corrected(&test, &imported(&test, "1").await, illustrated(&test, "Một, có ảnh").await).await;
        let before = live(&test, board.id).await;
        assert!(before.attachments.len() == 1 && before.cover.as_ref().is_some_and(|cover| cover.media.is_some()));
        let exported = export(&test, None).await;
        let chunk = ArticlesExport::new(&test, None).unwrap().next(&test, now()).await.unwrap().unwrap();
        assert_eq!((chunk.articles, chunk.with_attachments), (1, 1));
        let changes = log(&test).await.len();
        let report = import(&test, std::io::Cursor::new(exported.clone().into_bytes())).await.unwrap();
        assert_eq!((counts(&report), log(&test).await.len()), ([1, 0, 0, 1, 0], changes));
        let changed = with(&serde_json::from_str::<Value>(&exported).unwrap(), json!({"summary": "khác"}));
        assert_eq!(import(&test, file(&[changed])).await.unwrap().errors[0].to_string(), WRITTEN_HERE);
        assert_eq!(live(&test, board.id).await, before);
    }
}
