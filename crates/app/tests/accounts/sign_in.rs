//! Signing in, and guessing.

use lienthong_app::Error;
use lienthong_app::commands::accounts;
use lienthong_app::queries;
use lienthong_domain::access::Role;
use lienthong_test_support::both_databases;

use crate::harness::{HOME, PASSWORD, People, after, code, elsewhere, operator};

const WRONG: &str = "không phải mật khẩu này";

both_databases! {
    async fn name_and_password_sign_in_and_the_account_tells_when(db: TestDb) {
        let people = People::start(db).await;
        let id = people.person("Lan@HaTinh.gov.vn", Role::Editor, people.site(1)).await;
        let signed_in = people.sign_in(" LAN@hatinh.GOV.vn", PASSWORD, after(60)).await.unwrap();
        assert_eq!(signed_in.actor, id);
        assert_eq!(signed_in.access_expires_at, after(60 + 15 * 60));
        assert!(people.is_let_in(&signed_in.access, after(61)).await);
        people.sign_in("lan@hatinh.gov.vn", PASSWORD, after(120)).await.unwrap();
        let account = queries::accounts::find(people.store(), id).await.unwrap().unwrap().account;
        assert_eq!((account.first_used_at, account.last_used_at), (Some(after(60)), Some(after(120))));
    }

    async fn whatever_is_wrong_the_answer_is_the_same(db: TestDb) {
        let people = People::start(db).await;
        let disabled = people.person("thu-ha", Role::Editor, people.site(1)).await;
        people.person("lan", Role::Editor, people.site(1)).await;
        accounts::disable(people.store(), &operator(), (disabled, "Chuyển công tác"), after(2)).await.unwrap();
        let long = "x".repeat(500);
        for (name, password) in
            [("lan", WRONG), ("thu-ha", PASSWORD), ("nobody", PASSWORD), ("not a name", ""), ("lan", long.as_str())]
        {
            let refused = people.sign_in(name, password, after(10)).await.err().unwrap();
            assert!(matches!(refused, Error::WrongCredentials), "{name}: {refused:?}");
        }
    }

    async fn wrong_passwords_make_the_next_attempt_wait_longer_each_time_and_a_right_one_ends_it(db: TestDb) {
        let people = People::start(db).await;
        people.person("lan", Role::Editor, people.site(1)).await;
        let mut now = 10;
        let mut waits = Vec::new();
        for _ in 0..7 {
            let refused = people.sign_in("lan", WRONG, after(now)).await.err().unwrap();
            if let Error::Throttled { seconds } = refused {
                waits.push(seconds);
                now += seconds;
                assert_eq!(code(people.sign_in("lan", WRONG, after(now)).await), "WRONG_CREDENTIALS");
            }
        }
        assert_eq!(waits, [2, 3, 5]);
        assert_eq!(code(people.sign_in("lan", PASSWORD, after(now)).await), "RATE_LIMITED");
        assert_eq!(code(people.sign_in("lan", PASSWORD, after(now + 9)).await), "DONE");
        assert_eq!(code(people.sign_in("lan", WRONG, after(now + 10)).await), "WRONG_CREDENTIALS");
    }

    async fn many_guesses_at_once_gain_nothing(db: TestDb) {
        let people = std::sync::Arc::new(People::start(db).await);
        people.person("lan", Role::Editor, people.site(1)).await;
        let mut guesses = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let people = std::sync::Arc::clone(&people);
            guesses.spawn(async move { code(people.sign_in("lan", WRONG, after(10)).await) });
        }
        let answers = guesses.join_all().await;
        assert_eq!(answers.iter().filter(|answer| **answer == "WRONG_CREDENTIALS").count(), 4);
        assert_eq!(answers.iter().filter(|answer| **answer == "RATE_LIMITED").count(), 16);
    }

    async fn guesses_from_everywhere_slow_strangers_down_and_never_the_owner_at_home(db: TestDb) {
        let people = People::start(db).await;
        people.person("lan", Role::Editor, people.site(1)).await;
        people.sign_in("lan", PASSWORD, after(5)).await.unwrap();
        for n in 0..30 {
            people.sign_in_from(elsewhere(n), ("lan", WRONG), after(10)).await.err().unwrap();
        }
        let stranger = people.sign_in_from(elsewhere(99), ("lan", PASSWORD), after(10)).await;
        assert_eq!(code(stranger), "RATE_LIMITED");
        assert_eq!(code(people.sign_in_from(HOME, ("lan", PASSWORD), after(10)).await), "DONE");
    }

    async fn a_restart_or_another_node_forgets_no_wrong_password(db: TestDb) {
        let people = People::start(db).await;
        people.person("lan", Role::Editor, people.site(1)).await;
        for _ in 0..4 {
            people.sign_in("lan", WRONG, after(10)).await.err().unwrap();
        }
        let other = people.test.db.open().await;
        let typed = accounts::SignIn { name: "lan", password: PASSWORD, code: None, address: HOME };
        assert_eq!(code(accounts::sign_in(&other, &people.accounts, &typed, after(10)).await), "RATE_LIMITED");
    }
}
