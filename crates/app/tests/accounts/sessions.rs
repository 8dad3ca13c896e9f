//! Staying signed in, and signing out.

use std::sync::Arc;
use std::time::Duration;

use lienthong_app::commands::accounts;
use lienthong_domain::access::{Actor, Permit, Role, act};
use lienthong_domain::ids::ActorId;
use lienthong_test_support::both_databases;

use crate::harness::{HOME, PASSWORD, People, after, code, operator};

const DAY: i64 = 24 * 60 * 60;

async fn lan(people: &People) -> ActorId {
    people.person("lan", Role::Editor, people.site(1)).await
}

fn own(id: ActorId) -> Permit<act::OwnAccount> {
    Actor::with_grants(id, Vec::new()).permit().unwrap()
}

both_databases! {
    async fn a_refresh_token_works_once_and_gives_the_next(db: TestDb) {
        let people = People::start(db).await;
        lan(&people).await;
        let first = people.sign_in("lan", PASSWORD, after(0)).await.unwrap();
        let second = people.refresh(&first.refresh, after(600)).await.unwrap();
        assert!(people.is_let_in(&second.access, after(601)).await);
        assert_ne!(*first.refresh, *second.refresh);
        let third = people.refresh(&second.refresh, after(1200)).await.unwrap();
        assert_eq!(third.access_expires_at, after(1200 + 900));
    }

    async fn a_stolen_refresh_token_that_is_replayed_ends_the_whole_family_at_once(db: TestDb) {
        let people = People::start(db).await;
        lan(&people).await;
        let first = people.sign_in("lan", PASSWORD, after(0)).await.unwrap();
        let other = people.sign_in("lan", PASSWORD, after(1)).await.unwrap();
        let thiefs = people.refresh(&first.refresh, after(10)).await.unwrap();
        let next = people.refresh(&thiefs.refresh, after(20)).await.unwrap();
        assert_eq!(code(people.refresh(&first.refresh, after(30)).await), "UNAUTHENTICATED");
        assert_eq!(code(people.refresh(&next.refresh, after(31)).await), "UNAUTHENTICATED");
        for access in [&first.access, &thiefs.access, &next.access] {
            assert!(!people.is_let_in(access, after(32)).await);
        }
        assert!(people.is_let_in(&other.access, after(32)).await, "another sign-in goes on");
        assert_eq!(code(people.refresh(&other.refresh, after(33)).await), "DONE");
    }

    async fn of_many_that_refresh_with_one_token_at_once_one_wins_and_the_family_ends(db: TestDb) {
        let people = Arc::new(People::start(db).await);
        lan(&people).await;
        for round in 0..5 {
            let first = people.sign_in("lan", PASSWORD, after(round)).await.unwrap();
            let mut racers = tokio::task::JoinSet::new();
            for _ in 0..8 {
                let (people, token) = (Arc::clone(&people), first.refresh.to_string());
                racers.spawn(async move { people.refresh(&token, after(100 + round)).await });
            }
            let winners: Vec<_> = racers.join_all().await.into_iter().filter_map(Result::ok).collect();
            assert_eq!(winners.len(), 1, "round {round}");
            assert_eq!(code(people.refresh(&winners[0].refresh, after(200)).await), "UNAUTHENTICATED", "round {round}");
            assert!(!people.is_let_in(&winners[0].access, after(200)).await);
        }
    }

    async fn a_sign_in_ends_when_it_is_idle_and_in_the_end_always(db: TestDb) {
        let people = People::start(db).await;
        lan(&people).await;
        let idle = people.sign_in("lan", PASSWORD, after(0)).await.unwrap();
        assert_eq!(code(people.refresh(&idle.refresh, after(7 * DAY)).await), "UNAUTHENTICATED");
        let mut current = people.sign_in("lan", PASSWORD, after(0)).await.unwrap();
        for day in [6, 12, 18, 24, 29] {
            current = people.refresh(&current.refresh, after(day * DAY)).await.unwrap();
        }
        assert_eq!(current.refresh_expires_at, after(30 * DAY));
        assert_eq!(code(people.refresh(&current.refresh, after(30 * DAY)).await), "UNAUTHENTICATED");
    }

    async fn signing_out_ends_this_sign_in_and_its_access_token_at_once(db: TestDb) {
        let people = People::start(db).await;
        lan(&people).await;
        let [one, two] = [people.sign_in("lan", PASSWORD, after(0)).await, people.sign_in("lan", PASSWORD, after(1)).await];
        let (one, two) = (one.unwrap(), two.unwrap());
        accounts::sign_out(people.store(), &one.refresh, after(10)).await.unwrap();
        accounts::sign_out(people.store(), "ltr_nonsense", after(10)).await.unwrap();
        assert!(!people.is_let_in(&one.access, after(11)).await);
        assert_eq!(code(people.refresh(&one.refresh, after(11)).await), "UNAUTHENTICATED");
        assert!(people.is_let_in(&two.access, after(11)).await);
    }

    async fn signing_out_everywhere_ends_every_token_signed_before_and_none_signed_after(db: TestDb) {
        let people = People::start(db).await;
        let id = lan(&people).await;
        let one = people.sign_in("lan", PASSWORD, after(2)).await.unwrap();
        let from_command_line = people.tokens.sign(id, Duration::from_hours(8), after(3)).unwrap().token;
        assert!(people.is_let_in(&from_command_line, after(4)).await);
        assert_eq!(accounts::sign_out_everywhere(people.store(), &own(id), after(5)).await.unwrap(), 1);
        assert!(!people.is_let_in(&one.access, after(5)).await);
        assert!(!people.is_let_in(&from_command_line, after(5)).await);
        assert_eq!(code(people.refresh(&one.refresh, after(6)).await), "UNAUTHENTICATED");
        let again = people.sign_in("lan", PASSWORD, after(5)).await.unwrap();
        assert!(people.is_let_in(&again.access, after(5)).await);
        let later = people.tokens.sign(id, Duration::from_hours(8), after(6)).unwrap().token;
        assert!(people.is_let_in(&later, after(6)).await);
    }

    async fn a_disabled_account_is_refused_at_once_everywhere_and_may_return_only_by_signing_in(db: TestDb) {
        let people = People::start(db).await;
        let id = lan(&people).await;
        let signed_in = people.sign_in("lan", PASSWORD, after(0)).await.unwrap();
        let from_command_line = people.tokens.sign(id, Duration::from_hours(8), after(3)).unwrap().token;
        accounts::disable(people.store(), &operator(), (id, "Chuyển công tác"), after(10)).await.unwrap();
        for access in [&signed_in.access, &from_command_line] {
            assert!(!people.is_let_in(access, after(10)).await);
        }
        assert_eq!(code(people.refresh(&signed_in.refresh, after(11)).await), "UNAUTHENTICATED");
        assert_eq!(code(people.sign_in("lan", PASSWORD, after(11)).await), "WRONG_CREDENTIALS");
        accounts::enable(people.store(), &operator(), id, after(20)).await.unwrap();
        assert!(!people.is_let_in(&signed_in.access, after(21)).await);
        assert_eq!(code(people.sign_in("lan", PASSWORD, after(21)).await), "DONE");
    }

    async fn another_password_ends_every_sign_in_and_needs_the_present_one(db: TestDb) {
        let people = People::start(db).await;
        let id = lan(&people).await;
        let signed_in = people.sign_in("lan", PASSWORD, after(0)).await.unwrap();
        let new = "mùa lúa chín vàng đồng";
        let change = async |current, new, now| {
            code(accounts::change_password(people.store(), &people.accounts, &own(id), (current, new, HOME), now).await)
        };
        assert_eq!(change("sai mật khẩu rồi", new, after(10)).await, "WRONG_CREDENTIALS");
        assert_eq!(change(PASSWORD, "matkhau12345", after(11)).await, "INVALID_INPUT");
        assert!(people.is_let_in(&signed_in.access, after(12)).await);
        assert_eq!(change(PASSWORD, new, after(13)).await, "DONE");
        assert!(!people.is_let_in(&signed_in.access, after(14)).await);
        assert_eq!(code(people.sign_in("lan", PASSWORD, after(14)).await), "WRONG_CREDENTIALS");
        assert_eq!(code(people.sign_in("lan", new, after(14)).await), "DONE");
    }
}
