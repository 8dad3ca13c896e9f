//! Inviting people, and who may manage whom.

use std::sync::Arc;

use lienthong_app::accounts::Rules;
use lienthong_app::commands::accounts;
use lienthong_app::queries::{self, accounts::Dormancy};
use lienthong_domain::access::{Permit, Role, act};
use lienthong_domain::ids::ActorId;
use lienthong_persistence::actors::Reach;
use lienthong_test_support::both_databases;

use crate::harness::{PASSWORD, People, after, code, invitation, operator};

const DAY: i64 = 24 * 60 * 60;

async fn invite(people: &People, by: ActorId, (name, role, reach): (&str, Role, Reach)) -> &'static str {
    let manager = people.manager(by, after(5)).await;
    let new = invitation(name, role, reach);
    code(accounts::invite(people.store(), &manager, (&Rules::default(), &new), after(5)).await)
}

async fn disable(people: &People, by: ActorId, whom: ActorId) -> &'static str {
    let manager = people.manager(by, after(6)).await;
    code(accounts::disable(people.store(), &manager, (whom, "Nghỉ hưu"), after(6)).await)
}

both_databases! {
    async fn an_invitation_works_once_within_its_time_and_until_then_nobody_signs_in(db: TestDb) {
        let people = People::start(db).await;
        let new = invitation("lan", Role::Editor, people.site(1));
        let issued = accounts::invite(people.store(), &operator(), (&Rules::default(), &new), after(0)).await.unwrap();
        assert_eq!(code(people.sign_in("lan", "", after(1)).await), "WRONG_CREDENTIALS");
        let accept = async |token: &str, password, now| {
            code(accounts::accept(people.store(), &people.accounts, (token, password), now).await)
        };
        assert_eq!(accept("ltl_x", PASSWORD, after(1)).await, "LINK_EXPIRED");
        assert_eq!(accept(&issued.token, PASSWORD, after(7 * DAY)).await, "LINK_EXPIRED");
        assert_eq!(accept(&issued.token, "ngắn", after(2)).await, "INVALID_INPUT");
        assert_eq!(accept(&issued.token, PASSWORD, after(3)).await, "DONE");
        assert_eq!(accept(&issued.token, PASSWORD, after(4)).await, "LINK_EXPIRED");
        assert_eq!(code(people.sign_in("lan", PASSWORD, after(5)).await), "DONE");
    }

    async fn a_new_link_takes_the_place_of_the_old_and_one_taken_back_ends_the_account(db: TestDb) {
        let people = People::start(db).await;
        let rules = Rules::default();
        let new = invitation("lan", Role::Editor, people.site(1));
        let old = accounts::invite(people.store(), &operator(), (&rules, &new), after(0)).await.unwrap();
        let again = accounts::reissue(people.store(), &operator(), (&rules, old.account), after(1)).await.unwrap();
        let accept = async |token: &str| code(accounts::accept(people.store(), &people.accounts, (token, PASSWORD), after(3)).await);
        assert_eq!(accept(&old.token).await, "LINK_EXPIRED");
        accounts::revoke(people.store(), &operator(), old.account, after(2)).await.unwrap();
        assert_eq!(accept(&again.token).await, "LINK_EXPIRED");
        let account = queries::accounts::find(people.store(), old.account).await.unwrap().unwrap().account;
        assert_eq!(account.disabled_reason.as_deref(), Some("invitation revoked"));
        assert_eq!(code(accounts::revoke(people.store(), &operator(), old.account, after(4)).await), "NOT_FOUND");
        assert_eq!(code(accounts::reissue(people.store(), &operator(), (&rules, old.account), after(4)).await), "NOT_FOUND");
    }

    async fn a_reset_sets_another_password_and_signs_out_everywhere(db: TestDb) {
        let people = People::start(db).await;
        let id = people.person("lan", Role::Editor, people.site(1)).await;
        let signed_in = people.sign_in("lan", PASSWORD, after(2)).await.unwrap();
        let reset = accounts::reissue(people.store(), &operator(), (&Rules::default(), id), after(3)).await.unwrap();
        assert_eq!(reset.expires_at, after(3 + DAY));
        let words = (reset.token.as_str(), "đồng lúa chín vàng ươm");
        accounts::accept(people.store(), &people.accounts, words, after(4)).await.unwrap();
        assert!(!people.is_let_in(&signed_in.access, after(5)).await);
        assert_eq!(code(people.sign_in("lan", PASSWORD, after(5)).await), "WRONG_CREDENTIALS");
        assert_eq!(code(people.sign_in("lan", words.1, after(5)).await), "DONE");
    }

    async fn a_name_is_given_once_whatever_its_capitals(db: TestDb) {
        let people = People::start(db).await;
        people.person("lan@hatinh.gov.vn", Role::Editor, people.site(1)).await;
        let new = invitation("LAN@HaTinh.gov.vn", Role::Editor, people.site(2));
        let taken = accounts::invite(people.store(), &operator(), (&Rules::default(), &new), after(2)).await;
        assert_eq!(code(taken), "NAME_TAKEN");
    }

    async fn nobody_gives_a_role_or_a_reach_that_they_do_not_hold(db: TestDb) {
        let people = People::start(db).await;
        let (own, other) = (people.site(1), people.site(2));
        let chief = people.person("chief", Role::ChiefEditor, own).await;
        let deputy = people.person("deputy", Role::DeputyEditor, own).await;
        let admin = people.person("admin", Role::ProvincialAdministrator, Reach::Instance).await;
        let unit = Reach::Unit(people.test.world.units[2].id);
        let table = [
            (chief, Role::ChiefEditor, own, "DONE"),
            (chief, Role::Editor, own, "DONE"),
            (chief, Role::Editor, other, "NOT_FOUND"),
            (chief, Role::Editor, unit, "NOT_FOUND"),
            (chief, Role::Editor, Reach::Instance, "NOT_FOUND"),
            (chief, Role::OperationsMonitor, own, "NOT_FOUND"),
            (chief, Role::VendorOperator, own, "NOT_FOUND"),
            (chief, Role::ProvincialAdministrator, own, "NOT_FOUND"),
            (deputy, Role::DeputyEditor, own, "DONE"),
            (deputy, Role::ChiefEditor, own, "NOT_FOUND"),
            (admin, Role::VendorOperator, Reach::Instance, "DONE"),
            (admin, Role::ChiefEditor, other, "DONE"),
        ];
        for (row, (by, role, reach, expected)) in table.into_iter().enumerate() {
            let name = format!("new-{row}");
            assert_eq!(invite(&people, by, (&name, role, reach)).await, expected, "{role} {reach:?}");
            let to = people.person(&format!("x-{name}"), Role::Contributor, other).await;
            let manager = people.manager(by, after(7)).await;
            let granted = accounts::grant(people.store(), &manager, (to, role, reach), after(7)).await;
            assert_eq!(code(granted), expected, "grant {role} {reach:?}");
            let taken = accounts::take_back(people.store(), &manager, (to, role, reach), after(8)).await;
            assert_eq!(code(taken), expected, "take back {role} {reach:?}");
        }
    }

    async fn a_manager_reaches_only_people_who_hold_nothing_above_or_beyond(db: TestDb) {
        let people = People::start(db).await;
        let (own, other) = (people.site(1), people.site(2));
        let chief = people.person("chief", Role::ChiefEditor, own).await;
        let deputy = people.person("deputy", Role::DeputyEditor, own).await;
        let editor = people.person("editor", Role::Editor, own).await;
        let elsewhere = people.person("elsewhere", Role::Editor, other).await;
        let admin = people.person("admin", Role::ProvincialAdministrator, Reach::Instance).await;
        accounts::grant(people.store(), &operator(), (admin, Role::Editor, own), after(2)).await.unwrap();
        let both = people.person("both", Role::Editor, own).await;
        accounts::grant(people.store(), &operator(), (both, Role::Editor, other), after(2)).await.unwrap();
        for whom in [elsewhere, admin, both] {
            assert_eq!(disable(&people, chief, whom).await, "NOT_FOUND");
            let manager = people.manager(chief, after(5)).await;
            let link = accounts::reissue(people.store(), &manager, (&Rules::default(), whom), after(5)).await;
            assert_eq!(code(link), "NOT_FOUND", "a reset would be a way to their roles");
        }
        assert_eq!(disable(&people, deputy, chief).await, "NOT_FOUND");
        assert_eq!(disable(&people, deputy, editor).await, "DONE");
        assert_eq!(disable(&people, chief, deputy).await, "DONE");
        let manager = people.manager(chief, after(7)).await;
        let taken = accounts::take_back(people.store(), &manager, (both, Role::Editor, own), after(7)).await;
        assert_eq!(code(taken), "DONE");
        assert_eq!(code(accounts::take_back(people.store(), &manager, (both, Role::Editor, other), after(7)).await), "NOT_FOUND");
    }

    async fn the_last_provincial_administrator_stays(db: TestDb) {
        let people = Arc::new(People::start(db).await);
        let whole = Reach::Instance;
        let one = people.person("admin-one", Role::ProvincialAdministrator, whole).await;
        let taken = accounts::take_back(people.store(), &operator(), (one, Role::ProvincialAdministrator, whole), after(3)).await;
        assert_eq!(code(taken), "LAST_ADMINISTRATOR");
        assert_eq!(disable(&people, one, one).await, "LAST_ADMINISTRATOR");
        let invited = invitation("admin-invited", Role::ProvincialAdministrator, whole);
        accounts::invite(people.store(), &operator(), (&Rules::default(), &invited), after(3)).await.unwrap();
        assert_eq!(disable(&people, one, one).await, "LAST_ADMINISTRATOR", "an invitation administers nothing");
        let two = people.person("admin-two", Role::ProvincialAdministrator, whole).await;
        let (managers, mut race) = ([people.manager(one, after(5)).await, people.manager(two, after(5)).await], tokio::task::JoinSet::new());
        for (manager, whom) in managers.into_iter().zip([two, one]) {
            let people = Arc::clone(&people);
            race.spawn(async move { code(accounts::disable(people.store(), &manager, (whom, "Nhầm"), after(6)).await) });
        }
        let answers = race.join_all().await;
        assert_eq!(answers.iter().filter(|answer| **answer == "DONE").count(), 1, "{answers:?}");
    }

    async fn lists_show_those_of_the_site_and_of_the_units_above_and_the_dormant_ones(db: TestDb) {
        let people = People::start(db).await;
        let district = Reach::Unit(people.test.world.units[1].id);
        people.person("of-one", Role::Editor, people.site(1)).await;
        people.person("of-two", Role::Editor, people.site(2)).await;
        people.person("of-district", Role::OperationsMonitor, district).await;
        people.person("of-all", Role::ProvincialAdministrator, Reach::Instance).await;
        people.sign_in("of-one", PASSWORD, after(50 * DAY)).await.unwrap();
        let permit: Permit<act::ManagePeople> = people.test.permit();
        let handles = async |site| {
            let listed = queries::accounts::list(people.store(), &permit, site).await.unwrap();
            listed.into_iter().map(|it| it.account.handle).collect::<Vec<_>>()
        };
        assert_eq!(handles(None).await, ["of-all", "of-district", "of-one", "of-two"]);
        assert_eq!(handles(Some(people.test.world.sites[1].id)).await, ["of-district", "of-one"]);
        let report: Permit<act::ReadReport> = people.test.permit();
        let sites: Vec<_> = people.test.world.sites.iter().map(|site| site.id).collect();
        let dormant = async |unused, never_used, now| {
            let than = Dormancy { unused, never_used };
            let found = queries::accounts::dormant(people.store(), (&report, &sites), than, now).await.unwrap();
            found.into_iter().map(|it| it.account.handle).collect::<Vec<_>>()
        };
        assert_eq!(dormant(90, 30, after(60 * DAY)).await, ["of-district", "of-two"]);
        assert_eq!(dormant(9, 90, after(60 * DAY)).await, ["of-one"]);
        assert_eq!(dormant(90, 90, after(60 * DAY)).await, Vec::<String>::new());
    }
}
