//! Tokens for programs.

use std::collections::BTreeSet;

use lienthong_app::commands::accounts::{self, NewApiToken};
use lienthong_app::queries::api_tokens;
use lienthong_domain::access::{Actor, Operation, Permit, Role, SiteScope, act};
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use lienthong_test_support::both_databases;

use crate::harness::{HOME, PASSWORD, People, after, code, operator};

const DAY: i64 = 24 * 60 * 60;

fn own(id: ActorId) -> Permit<act::OwnAccount> {
    Actor::with_grants(id, Vec::new()).permit().unwrap()
}

fn wanted(operations: &[Operation], expires_at: Timestamp) -> NewApiToken {
    let operations = operations.iter().copied().collect();
    NewApiToken { name: "Đồng bộ tin".to_owned(), operations, sites: BTreeSet::new(), expires_at }
}

impl People {
    async fn token(&self, id: ActorId, new: NewApiToken) -> (lienthong_domain::ids::ApiTokenId, String) {
        let given = (new, PASSWORD, HOME);
        let made = accounts::create_api_token(self.store(), &self.accounts, &own(id), given, after(10)).await.unwrap();
        (made.0.id, made.1.to_string())
    }

    async fn bearer(&self, text: &str, now: Timestamp) -> Option<Actor> {
        api_tokens::bearer(self.store(), text, now).await.unwrap().map(|found| found.actor)
    }
}

both_databases! {
    async fn a_token_may_what_its_owner_may_at_that_moment_and_no_more_than_it_was_given(db: TestDb) {
        let people = People::start(db).await;
        let id = people.person("lan", Role::ChiefEditor, people.site(1)).await;
        let own_site = people.test.world.sites[1].id;
        let (_, text) = people.token(id, wanted(&[Operation::Publish, Operation::ReadReport], after(DAY))).await;
        let actor = people.bearer(&text, after(20)).await.unwrap();
        assert_eq!(actor.permit::<act::Publish>().unwrap().scope(), &SiteScope::of([own_site]));
        assert!(actor.permit::<act::Edit>().is_err() && actor.permit::<act::OwnAccount>().is_err());
        assert!(actor.permit::<act::ManagePeople>().is_err());
        let (role, reach) = (Role::ChiefEditor, people.site(1));
        accounts::grant(people.store(), &operator(), (id, Role::Secretary, reach), after(30)).await.unwrap();
        accounts::take_back(people.store(), &operator(), (id, role, reach), after(30)).await.unwrap();
        let demoted = people.bearer(&text, after(31)).await.unwrap();
        assert!(demoted.permit::<act::Publish>().is_err() && demoted.permit::<act::ReadReport>().is_ok());
        let elsewhere = NewApiToken {
            sites: BTreeSet::from([people.test.world.sites[2].id]),
            ..wanted(&[Operation::ReadReport], after(DAY))
        };
        let (_, text) = people.token(id, elsewhere).await;
        assert!(people.bearer(&text, after(32)).await.unwrap().permit::<act::ReadReport>().is_err());
    }

    async fn a_token_ends_by_time_by_revocation_and_with_its_owner(db: TestDb) {
        let people = People::start(db).await;
        let id = people.person("lan", Role::ChiefEditor, people.site(1)).await;
        let other = people.person("thu-ha", Role::ChiefEditor, people.site(1)).await;
        let (_, short) = people.token(id, wanted(&[Operation::Edit], after(100))).await;
        assert!(people.bearer(&short, after(99)).await.is_some() && people.bearer(&short, after(100)).await.is_none());
        let (token, text) = people.token(id, wanted(&[Operation::Edit], after(366 * DAY))).await;
        assert_eq!(code(accounts::revoke_api_token(people.store(), &own(other), token, after(20)).await), "NOT_FOUND");
        assert!(people.bearer(&text, after(21)).await.is_some());
        assert_eq!(code(accounts::revoke_api_token(people.store(), &own(id), token, after(22)).await), "DONE");
        assert!(people.bearer(&text, after(22)).await.is_none());
        let (_, text) = people.token(id, wanted(&[Operation::Edit], after(DAY))).await;
        accounts::disable(people.store(), &operator(), (id, "Nghỉ hưu"), after(30)).await.unwrap();
        assert!(people.bearer(&text, after(31)).await.is_none());
        accounts::enable(people.store(), &operator(), id, after(40)).await.unwrap();
        assert!(people.bearer(&text, after(41)).await.is_none(), "what was stopped in haste does not come back by itself");
    }

    async fn what_no_token_may_do_is_refused_and_so_is_one_that_never_ends(db: TestDb) {
        let people = People::start(db).await;
        let id = people.person("lan", Role::ProvincialAdministrator, people.site(1)).await;
        let ask = async |new: NewApiToken, password: &str| {
            let given = (new, password, HOME);
            code(accounts::create_api_token(people.store(), &people.accounts, &own(id), given, after(10)).await)
        };
        for operation in [Operation::ManagePeople, Operation::ManageAccess, Operation::OwnAccount, Operation::ManageRegistry] {
            assert_eq!(ask(wanted(&[Operation::Edit, operation], after(DAY)), PASSWORD).await, "INVALID_INPUT", "{operation}");
        }
        assert_eq!(ask(wanted(&[], after(DAY)), PASSWORD).await, "INVALID_INPUT");
        for end in [after(10), after(367 * DAY)] {
            assert_eq!(ask(wanted(&[Operation::Edit], end), PASSWORD).await, "INVALID_INPUT");
        }
        assert_eq!(ask(wanted(&[Operation::Edit], after(DAY)), "sai mật khẩu rồi").await, "WRONG_CREDENTIALS");
    }

    async fn the_last_use_is_noted_once_a_minute_and_the_list_shows_no_secret(db: TestDb) {
        let people = People::start(db).await;
        let id = people.person("lan", Role::ChiefEditor, people.site(1)).await;
        let (_, text) = people.token(id, wanted(&[Operation::Edit], after(DAY))).await;
        let used = async || api_tokens::own(people.store(), &own(id)).await.unwrap()[0].last_used_at;
        assert_eq!(used().await, None);
        for (now, noted) in [(100, 100), (150, 100), (160, 100), (161, 161)] {
            people.bearer(&text, after(now)).await.unwrap();
            assert_eq!(used().await, Some(after(noted)), "at {now}");
        }
        let listed = format!("{:?}", api_tokens::own(people.store(), &own(id)).await.unwrap());
        assert!(!listed.contains(&text[3..]));
    }
}
