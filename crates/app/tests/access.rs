//! Roles: who may give them, and that they work at once.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on panics")]

use lienthong_app::commands::access;
use lienthong_app::{Error, queries};
use lienthong_domain::access::{Actor, Grant, Operation, Permit, Role, SiteScope, act};
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::actors::Reach;
use lienthong_test_support::{TestApp, both_databases};

fn now() -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000)
}

async fn somebody(app: &TestApp) -> ActorId {
    access::ensure_actor(app.store(), &app.permit(), ("thu-ha", "Thu Hà"), now()).await.unwrap()
}

/// A permit to manage access on the `site`-th site only.
fn local(app: &TestApp, site: usize) -> Permit<act::ManageAccess> {
    let scope = SiteScope::of([app.world.sites[site].id]);
    let grant = Grant { role: Role::ProvincialAdministrator, scope };
    Actor::with_grants(ActorId::new(now()), vec![grant]).permit().unwrap()
}

async fn publishes_on(app: &TestApp, actor: ActorId) -> Option<SiteScope> {
    let bearer = queries::actors::Bearer { actor, session: None, issued_at: now() };
    let actor = queries::actors::find(app, bearer, now()).await.unwrap().unwrap().actor;
    actor.permit::<act::Publish>().ok().map(|permit| permit.scope().clone())
}

both_databases! {
    async fn a_new_account_needs_a_handle_and_a_name_by_the_rules(db: TestDb) {
        let app = TestApp::start(db).await;
        let made = async |handle: &str, name: &str| {
            access::ensure_actor(app.store(), &app.permit(), (handle, name), now()).await
        };
        let table: [(&str, &str, &[&str]); 4] = [
            ("", "Lan", &["handle"]),
            ("a b", "Lan", &["handle"]),
            ("lan", " ", &["displayName"]),
            ("", "", &["handle", "displayName"]),
        ];
        for (handle, name, fields) in table {
            let Err(Error::Invalid(broken)) = made(handle, name).await else { panic!("{handle:?} {name:?}") };
            assert_eq!(broken.iter().map(|it| it.field).collect::<Vec<_>>(), fields);
        }
        let lan = made("lan", "Lan").await.unwrap();
        assert_eq!(made("lan", "").await.unwrap(), lan, "one that is there is not made");
    }

    async fn a_role_over_a_unit_reaches_every_site_below_it_and_no_other(db: TestDb) {
        let app = TestApp::start(db).await;
        let actor = somebody(&app).await;
        assert_eq!(publishes_on(&app, actor).await, None);
        let district = Reach::Unit(app.world.units[1].id);
        access::grant(app.store(), &app.permit(), (actor, Role::ChiefEditor, district), now()).await.unwrap();
        let all = SiteScope::of(app.world.sites.iter().map(|site| site.id));
        assert_eq!(publishes_on(&app, actor).await, Some(all));
        access::revoke(app.store(), &app.permit(), (actor, Role::ChiefEditor, district), now()).await.unwrap();
        assert_eq!(publishes_on(&app, actor).await, None);
    }

    async fn roles_add_up_and_giving_one_twice_gives_it_once(db: TestDb) {
        let app = TestApp::start(db).await;
        let actor = somebody(&app).await;
        let [one, two] = [1, 2].map(|site| Reach::Site(app.world.sites[site].id));
        let chief = (actor, Role::ChiefEditor, one);
        let first = access::grant(app.store(), &app.permit(), chief, now()).await.unwrap();
        assert_eq!(access::grant(app.store(), &app.permit(), chief, now()).await.unwrap(), first);
        access::grant(app.store(), &app.permit(), (actor, Role::DeputyEditor, two), now()).await.unwrap();
        let both = SiteScope::of([1, 2].map(|site| app.world.sites[site].id));
        assert_eq!(publishes_on(&app, actor).await, Some(both));
    }

    async fn a_role_over_the_instance_reaches_everything(db: TestDb) {
        let app = TestApp::start(db).await;
        let actor = somebody(&app).await;
        let everywhere = (actor, Role::ChiefEditor, Reach::Instance);
        access::grant(app.store(), &app.permit(), everywhere, now()).await.unwrap();
        assert_eq!(publishes_on(&app, actor).await, Some(SiteScope::Everywhere));
    }

    async fn nobody_gives_a_role_beyond_their_own_sites(db: TestDb) {
        let app = TestApp::start(db).await;
        let actor = somebody(&app).await;
        let own = Reach::Site(app.world.sites[1].id);
        let reaches = [Reach::Site(app.world.sites[2].id), Reach::Unit(app.world.units[1].id), Reach::Instance];
        for reach in reaches {
            let refused = access::grant(app.store(), &local(&app, 1), (actor, Role::ChiefEditor, reach), now()).await;
            assert_eq!(refused.unwrap_err().code().as_str(), "NOT_FOUND", "{reach:?}");
        }
        access::grant(app.store(), &local(&app, 1), (actor, Role::ChiefEditor, own), now()).await.unwrap();
        assert_eq!(publishes_on(&app, actor).await, Some(SiteScope::of([app.world.sites[1].id])));
    }
}

#[test]
fn every_operation_has_a_row_in_the_printed_table() {
    let table = Role::table();
    for operation in Operation::ALL {
        assert!(table.contains(operation.as_str()), "{operation}");
    }
}
