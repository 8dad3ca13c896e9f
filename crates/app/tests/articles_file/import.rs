//! What an import makes of new, known, changed and doubtful lines.

use std::sync::Arc;

use serde_json::json;

use lienthong_app::commands::{articles, desk};
use lienthong_app::queries::articles::{ArticleFilter, ArticlePlace};
use lienthong_app::queries::{Bodies, LiveHeader, PageRequest, Tags};
use lienthong_domain::access::SiteScope;
use lienthong_domain::change::ChangeKind;
use lienthong_domain::entry::EntryKind;
use lienthong_domain::ids::EntryId;
use lienthong_domain::scope::ScopeKey;
use lienthong_persistence::{Location, entries, live_entries};
use lienthong_test_support::{TestApp, TestDb, at, both_databases};

use crate::{counts, file, import, line, log, now, run, with};

async fn shown(test: &TestApp) -> Vec<LiveHeader> {
    let filter = ArticleFilter { place: Some(ArticlePlace::Site(test.world.sites[1].id)), ..Default::default() };
    let request = PageRequest { first: Some(100), ..Default::default() };
    let tags = Tags::default();
    let page = lienthong_app::queries::articles::page(test, &filter, &request, (Bodies::With, &tags), now()).await;
    page.unwrap().headers.into_iter().map(Arc::unwrap_or_clone).collect()
}

/// Operation and note of the acts on `entry`.
fn acts(test: &TestApp, entry: EntryId) -> Vec<(String, String)> {
    let Location::File(file) = test.db.location() else { panic!("not a file") };
    let connection = rusqlite::Connection::open(file).unwrap();
    let mut statement = connection.prepare("SELECT operation, note FROM audit WHERE entry_id = ?1").unwrap();
    let rows = statement.query_map([entry.as_uuid().as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

both_databases! {
    async fn an_imported_article_is_shown_like_one_published_by_hand_under_its_own_date(db: TestDb) {
        let test = TestApp::start(db).await;
        let date = at("2024-06-28T07:05:00Z");
        test.published(1, "Lịch tiếp công dân", date).await;
        let imported = with(&line(&test, "7", "Lịch tiếp công dân"), json!({"category": "tin-tuc-su-kien"}));
        assert_eq!(counts(&import(&test, file(&[imported])).await.unwrap()), [1, 1, 0, 0, 0]);
        let mut shown = shown(&test).await;
        for header in &mut shown {
            // Each is signed over its own address and ids.
            assert!(header.body.as_mut().unwrap().signature.take().is_some());
        }
        let [one, other] = shown.try_into().unwrap();
        assert_eq!([one.slug.as_str(), other.slug.as_str()].map(str::len).iter().sum::<usize>(), 18 + 20);
        let alike = LiveHeader {
            entry: other.entry, edition: other.edition, slug: other.slug.clone(), tag_uri: other.tag_uri.clone(), ..one
        };
        assert_eq!(alike, other);
    }

    async fn each_article_leaves_one_change_with_its_scopes(db: TestDb) {
        let test = TestApp::start(db).await;
        let lines = [line(&test, "1", "Một"), with(&line(&test, "2", "Hai"), json!({"tags": ["OCOP"]}))];
        import(&test, file(&lines)).await.unwrap();
        let shown = shown(&test).await;
        let logged = log(&test).await;
        assert_eq!(logged.iter().map(|row| row.seq).collect::<Vec<_>>(), [1, 2]);
        for row in logged {
            let entry = row.change.subject.unwrap().entry;
            assert_eq!((row.change.kind, row.change.at), (ChangeKind::Published, now()));
            assert!(row.change.scopes.contains(ScopeKey::entry(entry)));
            assert!(row.change.scopes.len() > 10 && shown.iter().any(|header| header.entry == entry));
        }
    }

    async fn the_same_file_again_changes_nothing(db: TestDb) {
        let test = TestApp::start(db).await;
        let lines = [line(&test, "1", "Một"), line(&test, "2", "Hai")];
        import(&test, file(&lines)).await.unwrap();
        assert_eq!(counts(&import(&test, file(&lines)).await.unwrap()), [2, 0, 0, 2, 0]);
        assert_eq!(log(&test).await.len(), 2);
    }

    async fn a_changed_line_becomes_a_new_edition(db: TestDb) {
        let test = TestApp::start(db).await;
        let first = line(&test, "1", "Một");
        let changed = with(&first, json!({"title": "Một (sửa)", "updatedAt": "2024-08-02T03:00:00Z"}));
        import(&test, file(std::slice::from_ref(&first))).await.unwrap();
        assert_eq!(counts(&import(&test, file(std::slice::from_ref(&changed))).await.unwrap()), [1, 0, 1, 0, 0]);
        assert_eq!(counts(&import(&test, file(&[changed])).await.unwrap()), [1, 0, 0, 1, 0]);
        let [header] = shown(&test).await.try_into().unwrap();
        assert_eq!((header.title.as_str(), header.edition_number, header.slug.as_str()), ("Một (sửa)", 2, "mot"));
        assert_eq!([header.first_published_at, header.updated_at], [at("2024-06-28T07:05:00Z"), at("2024-08-02T03:00:00Z")]);
        let kinds: Vec<_> = log(&test).await.into_iter().map(|row| row.change.kind).collect();
        assert_eq!(kinds, [ChangeKind::Published, ChangeKind::Updated]);
    }

    async fn one_source_id_on_two_lines_is_one_article_with_the_later_text(db: TestDb) {
        let test = TestApp::start(db).await;
        let lines = [line(&test, "1", "Một"), line(&test, "2", "Hai"), line(&test, "1", "Một, lần sau")];
        assert_eq!(counts(&import(&test, file(&lines)).await.unwrap()), [3, 2, 1, 0, 0]);
        assert!(shown(&test).await.iter().any(|header| header.title == "Một, lần sau"));
    }

    async fn addresses_made_from_equal_titles_are_numbered_and_stated_ones_are_not(db: TestDb) {
        let test = TestApp::start(db).await;
        let mut lines: Vec<_> = (0..4).map(|n| line(&test, &n.to_string(), "Thông báo")).collect();
        lines.push(with(&line(&test, "9", "Khác"), json!({"slug": "thong-bao"})));
        let report = import(&test, file(&lines)).await.unwrap();
        assert_eq!(counts(&report), [5, 4, 0, 0, 1]);
        assert_eq!(report.errors[0].to_string(), "line 5: slug: is taken on this site");
        let mut slugs: Vec<String> = shown(&test).await.into_iter().map(|header| header.slug).collect();
        slugs.sort();
        assert_eq!(slugs, ["thong-bao", "thong-bao-2", "thong-bao-3", "thong-bao-4"]);
    }

    async fn what_a_board_decided_here_goes_before_the_file(db: TestDb) {
        let test = TestApp::start(db).await;
        let lines = ["Một", "Hai"].map(|title| line(&test, title, title));
        import(&test, file(&lines)).await.unwrap();
        let site = test.world.sites[1].id;
        let tx = test.store().begin().await.unwrap();
        let mut found = entries::lock_by_sources(&tx, (site, EntryKind::Article), &["Một", "Hai"]).await.unwrap();
        drop(tx);
        found.sort_by_key(|entry| entry.slug.clone());
        desk::withdraw(&test, &test.permit(), (found[1].id, found[1].version), now()).await.unwrap();
        let text = test.input(1, "Bản nháp");
        articles::edit(&test, &test.own_or(), (found[0].id, found[0].version), text, now()).await.unwrap();
        assert_eq!(counts(&import(&test, file(&lines)).await.unwrap()), [2, 0, 0, 2, 0]);
        let changed = lines.map(|line| with(&line, json!({"summary": "khác"})));
        let report = import(&test, file(&changed)).await.unwrap();
        assert_eq!(counts(&report), [2, 0, 0, 0, 2]);
        let rules: Vec<_> = report.errors.iter().map(ToString::to_string).collect();
        assert!(rules[0].starts_with("line 1: sourceId: was withdrawn here"), "{rules:?}");
        assert!(rules[1].starts_with("line 2: sourceId: has a draft here"), "{rules:?}");
    }

    async fn publication_and_stated_address_stay_as_first_imported(db: TestDb) {
        let test = TestApp::start(db).await;
        let first = line(&test, "1", "Một");
        import(&test, file(std::slice::from_ref(&first))).await.unwrap();
        for (key, value) in [("publishedAt", "2024-06-29T00:00:00Z"), ("slug", "khac")] {
            let report = import(&test, file(&[with(&first, json!({key: value}))])).await.unwrap();
            assert_eq!(report.errors[0].to_string(), format!("line 1: {key}: must stay as it was first imported"));
        }
    }

    async fn an_edit_here_keeps_the_address_the_article_had_before(db: TestDb) {
        let test = TestApp::start(db).await;
        let address = "http://cu.example/tin.aspx?id=1";
        import(&test, file(&[with(&line(&test, "1", "Một"), json!({"originalUrl": address}))])).await.unwrap();
        let [header] = shown(&test).await.try_into().unwrap();
        let entry = entries::find(test.store(), &SiteScope::Everywhere, header.entry).await.unwrap().unwrap();
        let edited = articles::edit(&test, &test.own_or(), (entry.id, entry.version), test.input(1, "Sửa"), now()).await;
        test.publish(&edited.unwrap().entry, now()).await;
        assert!(crate::export(&test, None).await.contains(&format!("\"originalUrl\":\"{address}\"")));
    }

    async fn a_dry_run_counts_as_the_import_would_and_leaves_nothing(db: TestDb) {
        let test = TestApp::start(db).await;
        import(&test, file(&[line(&test, "0", "Không")])).await.unwrap();
        let mut lines: Vec<_> = (0..1_100).map(|n| line(&test, &n.to_string(), "Thông báo")).collect();
        lines.push(line(&test, "700", "Một lần nữa"));
        lines.push(with(&line(&test, "x", "Khác"), json!({"slug": "thong-bao"})));
        lines.push(line(&test, "700", "Một lần nữa"));
        let expected = [1_103, 1_099, 2, 1, 1];
        let dry = run(&test, file(&lines), true).await.unwrap();
        assert_eq!((counts(&dry), log(&test).await.len()), (expected, 1));
        assert_eq!(counts(&import(&test, file(&lines)).await.unwrap()), expected);
    }

    async fn imported_articles_count_by_their_own_dates(db: TestDb) {
        let test = TestApp::start(db).await;
        let dates = ["2023-12-31T16:59:59Z", "2023-12-31T17:00:00Z", "2024-07-07T16:59:59.999999Z", "2024-07-07T17:00:00Z"];
        let lines = dates.map(|date| with(&line(&test, date, date), json!({"publishedAt": date})));
        import(&test, file(&lines)).await.unwrap();
        let site = test.world.sites[1].id;
        let period = (at("2023-12-31T17:00:00Z"), at("2024-07-07T17:00:00Z"));
        let counted = live_entries::count_first_published(test.store(), &[site], period, now()).await.unwrap();
        assert_eq!(counted, [(site, 2)]);
    }
}

#[tokio::test]
async fn each_edition_leaves_one_act_of_import() {
    let test = TestApp::start(TestDb::sqlite().await).await;
    let first = line(&test, "1", "Một");
    import(&test, file(&[first.clone(), line(&test, "2", "Một")])).await.unwrap();
    import(&test, file(&[with(&first, json!({"summary": "khác"}))])).await.unwrap();
    let mut acts: Vec<_> = shown(&test).await.into_iter().map(|header| acts(&test, header.entry)).collect();
    acts.sort();
    let act = |slug: &str| ("import-content".to_owned(), slug.to_owned());
    assert_eq!(acts, [vec![act("mot"), act("mot")], vec![act("mot-2")]]);
}
