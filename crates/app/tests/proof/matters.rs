//! People, sites and registers are changed by SQL, and `verify` names them.

use lienthong_app::commands::desk::{self, bundles};
use lienthong_app::commands::{access, holds};
use lienthong_app::proof::verify::{Known, verify};
use lienthong_domain::access::Role;
use lienthong_domain::hold::Target;
use lienthong_domain::ids::ActorId;
use lienthong_persistence::actors::Reach;
use lienthong_test_support::{TestApp, both_databases};

use crate::{looked_at, now, told};

const SITE: &str = "(SELECT id FROM site WHERE host = 'xuanhai.hatinh.example')";

/// What is done, and the finding. There are no others.
const MEDDLING: &[(&str, &str)] = &[
    ("UPDATE access_grant SET role = 'provincial-administrator'", "actor {actor}: its rows are not what act"),
    ("UPDATE access_grant SET site_id = NULL", "actor {actor}: its rows are not what act"),
    ("DELETE FROM access_grant", "actor {actor}: its rows are not what act"),
    (
        "INSERT INTO access_grant (id, actor_id, role, granted_by, granted_at) \
         SELECT t.id, g.actor_id, 'chief-editor', g.granted_by, 0 FROM access_grant g CROSS JOIN topic t \
         WHERE t.code = 'tt.tin'",
        "actor {actor}: its rows are not what act",
    ),
    (
        "INSERT INTO actor (id, handle, name, created_at) SELECT id, 'la', 'Người lạ', 0 FROM topic WHERE code = 'tt.tin'",
        "actor {topic}: no act in the log made it",
    ),
    (
        "INSERT INTO account (actor_id, sign_in_name, issued_at, issued_by) SELECT id, 'la', 0, id FROM actor",
        "actor {actor}: its rows are not what act",
    ),
    ("UPDATE site SET home_url = 'https://khac.example/' WHERE id = {site}", "site {site}: its rows are not what act"),
    (
        "UPDATE category SET name = 'Khác' WHERE slug = 'thong-bao' AND site_id = {site}",
        "site {site}: its rows are not what act",
    ),
    (
        "INSERT INTO own_work_exception (site_id, reason, actor_id, at) VALUES ({site}, 'x', {site}, 0)",
        "site {site}: its rows are not what act",
    ),
    ("UPDATE unit SET full_name = 'Tỉnh Khác' WHERE parent_id IS NULL", "unit all: its rows are not what act"),
    ("UPDATE topic SET legal_basis = 'x' WHERE code = 'tt.tin'", "topic all: its rows are not what act"),
    (
        "INSERT INTO agency (id, identifier, identifier_key, name, kind, unit_id) \
         SELECT id, 'H40', 'H40', 'Sở Lạ', 'department', id FROM unit WHERE parent_id IS NULL",
        "agency all: no act in the log made it",
    ),
];

both_databases! {
    async fn a_row_beside_entries_is_named_with_what_it_belongs_to(db: TestDb) {
        for (sql, expected) in MEDDLING {
            let test = TestApp::start(db.another().await).await;
            let actor = test.recorded(Role::Editor, 1).await;
            test.assert_in_order().await;
            assert_eq!(test.db.meddle(&sql.replace("{site}", SITE)).await, 1, "{sql}");
            let site = test.world.sites.iter().find(|site| site.host.as_str() == "xuanhai.hatinh.example").unwrap();
            let topic = test.world.topics.iter().find(|topic| topic.code.to_string() == "tt.tin").unwrap();
            let expected = expected
                .replace("{actor}", &actor.to_string())
                .replace("{site}", &site.id.to_string())
                .replace("{topic}", &topic.id.to_string());
            let told = told(&looked_at(&test).await);
            assert!(told.len() == 1 && told[0].starts_with(&expected), "{sql}: {told:#?} {expected}");
        }
    }

    async fn the_next_act_does_not_hide_what_was_changed_before_it(db: TestDb) {
        let test = TestApp::start(db).await;
        let actor = test.recorded(Role::Editor, 1).await;
        test.db.meddle("UPDATE access_grant SET role = 'provincial-administrator'").await;
        reach_more(&test, actor, 2).await;
        let report = looked_at(&test).await;
        let [finding] = &report.findings[..] else { panic!("{report:#?}") };
        let came_upon = (finding.table, finding.id.clone(), finding.act);
        assert_eq!(came_upon, ("actor", actor.to_string(), Some(report.acts - 1)));
        let before = report.acts - 2;
        assert_eq!(finding.what, format!("act {} of the log came upon what act {before} had not left", report.acts - 1));
        // Further acts come upon what the ones before them left, and the first is told all the same.
        reach_more(&test, actor, 3).await;
        assert_eq!(looked_at(&test).await.findings, report.findings);
    }

    async fn what_somebody_knows_of_is_not_told_again(db: TestDb) {
        let test = TestApp::start(db).await;
        let actor = test.recorded(Role::Editor, 1).await;
        test.db.meddle("UPDATE access_grant SET role = 'provincial-administrator'").await;
        reach_more(&test, actor, 2).await;
        let act = looked_at(&test).await.findings[0].act.unwrap();
        let known_until = async |leaf| {
            let known = Known { checkpoint: None, until: Some(leaf) };
            told(&verify(&test, known).await.unwrap())
        };
        assert_eq!((known_until(act - 1).await.len(), known_until(act).await.len()), (1, 0));
        // What has been changed since is not known, neither before nor after the next act.
        test.db.meddle("UPDATE access_grant SET role = 'chief-editor' WHERE role = 'provincial-administrator'").await;
        assert!(known_until(u64::MAX).await[0].contains("its rows are not what act"));
        reach_more(&test, actor, 3).await;
        assert!(known_until(act).await[0].contains("came upon what act"));
    }

    async fn what_was_decided_is_named_when_it_is_changed(db: TestDb) {
        for (sql, expected) in [
            ("UPDATE bundle SET publish_at = 1", "bundle {bundle}: its rows are not what act"),
            ("DELETE FROM bundle_entry", "bundle {bundle}: its rows are not what act"),
            ("UPDATE quarantine SET reason = 'Khác'", "quarantine {quarantine}: its rows are not what act"),
            ("UPDATE quarantine SET released_at = 1", "quarantine {quarantine}: its rows are not what act"),
            ("UPDATE hold SET released_at = 1", "entry {held}: its row, or what stands beside it, is not what act"),
        ] {
            let test = TestApp::start(db.another().await).await;
            let held = test.published(1, "Bị chèn quảng cáo", now()).await;
            let draft = test.draft(1, "Ra cùng lúc", now()).await;
            let target = (Target::Entry(held.id), "Bị chèn quảng cáo");
            let quarantine = holds::quarantine(&test, &test.permit(), target, now()).await.unwrap().id;
            let direct = test.permit();
            let submitted = ((draft.id, draft.version), Some(&direct));
            let submitted = desk::submit(&test, &test.own_or(), submitted, now()).await.unwrap();
            let seen = (submitted.id, submitted.version);
            let approved = desk::approve(&test, &test.permit(), seen, now()).await.unwrap();
            let bundle = bundles::create(&test, &test.permit(), (draft.site, "Cùng lúc"), now()).await.unwrap();
            let together = ((bundle.id, bundle.version), (approved.id, approved.version));
            bundles::put(&test, &test.permit(), together, now()).await.unwrap();
            test.assert_in_order().await;
            assert_eq!(test.db.meddle(sql).await, 1, "{sql}");
            let expected = expected
                .replace("{bundle}", &bundle.id.to_string())
                .replace("{quarantine}", &quarantine.to_string())
                .replace("{held}", &held.id.to_string());
            let told = told(&looked_at(&test).await);
            assert!(told.len() == 1 && told[0].starts_with(&expected), "{sql}: {told:#?} {expected}");
        }
    }

    async fn an_act_tells_that_nobody_made_what_it_is_about(db: TestDb) {
        let test = TestApp::start(db).await;
        test.db
            .meddle(
                "INSERT INTO actor (id, handle, name, created_at) \
                 SELECT id, 'la', 'Người lạ', 0 FROM topic WHERE code = 'tt.tin'",
            )
            .await;
        let topic = test.world.topics.iter().find(|topic| topic.code.to_string() == "tt.tin").unwrap();
        reach_more(&test, ActorId::from_uuid(topic.id.as_uuid()), 1).await;
        let report = looked_at(&test).await;
        let leaf = report.acts - 1;
        assert_eq!(told(&report), [format!("actor {}: act {leaf} of the log came upon what no act had made", topic.id)]);
    }
}

/// Grants another role by the way that leaves an act.
async fn reach_more(test: &TestApp, actor: ActorId, site: usize) {
    let grant = (actor, Role::Editor, Reach::Site(test.world.sites[site].id));
    access::grant(test.store(), &test.permit(), grant, now()).await.unwrap();
}
