//! People, sites and registers are changed by SQL, and `verify` names them.

use lienthong_domain::access::Role;
use lienthong_test_support::{TestApp, both_databases};

use crate::{looked_at, told};

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
}
