//! The second factor.

use lienthong_app::Error;
use lienthong_app::accounts::authenticator;
use lienthong_app::commands::accounts::{self, SignIn, SignedIn};
use lienthong_domain::access::{Actor, Permit, Role, act};
use lienthong_domain::ids::ActorId;
use lienthong_test_support::both_databases;

use crate::harness::{HOME, PASSWORD, People, after, code, operator};

fn own(id: ActorId) -> Permit<act::OwnAccount> {
    Actor::with_grants(id, Vec::new()).permit().unwrap()
}

/// What an authenticator reads from its base32.
fn decoded(text: &str) -> Vec<u8> {
    let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for digit in text.chars() {
        bits = (bits << 5) | u32::try_from(digits.find(digit).unwrap()).unwrap();
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held).unwrap());
            bits &= (1 << held) - 1;
        }
    }
    bytes
}

impl People {
    async fn with_code(&self, shown: Option<&str>, seconds: i64) -> Result<SignedIn, Error> {
        let typed = SignIn { name: "lan", password: PASSWORD, code: shown, address: HOME };
        accounts::sign_in(self.store(), &self.accounts, &typed, after(seconds)).await
    }

    /// Enrols lan at 100 seconds; secret and recovery codes.
    async fn enrolled(&self, id: ActorId) -> (Vec<u8>, Vec<String>) {
        let given = (PASSWORD, HOME);
        let enrolment =
            accounts::enrol_second_factor(self.store(), &self.accounts, &own(id), given, after(90)).await.unwrap();
        assert!(enrolment.uri.starts_with("otpauth://totp/Li%C3%AAn%20Th%C3%B4ng:lan?secret="));
        let secret = decoded(&enrolment.secret);
        let shown = authenticator(&secret, after(100));
        let codes = accounts::confirm_second_factor(self.store(), &self.accounts, &own(id), &shown, after(100)).await;
        (secret, codes.unwrap().iter().map(|code| code.to_string()).collect())
    }
}

both_databases! {
    async fn it_is_asked_for_once_confirmed_and_no_code_works_twice(db: TestDb) {
        let people = People::start(db).await;
        let id = people.person("lan", Role::ChiefEditor, people.site(1)).await;
        let given = (PASSWORD, HOME);
        accounts::enrol_second_factor(people.store(), &people.accounts, &own(id), given, after(10)).await.unwrap();
        assert_eq!(code(people.with_code(None, 20).await), "DONE", "what is not confirmed is not asked for");
        let (secret, _) = people.enrolled(id).await;
        let used = authenticator(&secret, after(100));
        assert_eq!(code(people.with_code(Some(&used), 101).await), "WRONG_CREDENTIALS", "it has confirmed already");
        assert_eq!(code(people.with_code(None, 130).await), "SECOND_FACTOR_REQUIRED");
        let next = authenticator(&secret, after(160));
        assert_eq!(code(people.with_code(Some(&next), 160).await), "DONE");
        assert_eq!(code(people.with_code(Some(&next), 161).await), "WRONG_CREDENTIALS");
        let again = accounts::enrol_second_factor(people.store(), &people.accounts, &own(id), given, after(170)).await;
        assert_eq!(code(again), "WRONG_STATE");
    }

    async fn wrong_codes_are_counted_as_wrong_passwords_are_and_missing_ones_give_nothing_back(db: TestDb) {
        let people = People::start(db).await;
        let id = people.person("lan", Role::ChiefEditor, people.site(1)).await;
        people.enrolled(id).await;
        let mut answers = Vec::new();
        for _ in 0..5 {
            answers.push(code(people.with_code(Some("000000"), 200).await));
            if answers.len() < 4 {
                assert_eq!(code(people.with_code(None, 200).await), "SECOND_FACTOR_REQUIRED");
            }
        }
        assert_eq!(answers[..4], ["WRONG_CREDENTIALS"; 4]);
        assert_eq!(answers[4], "RATE_LIMITED");
    }

    async fn each_of_ten_recovery_codes_works_once(db: TestDb) {
        let people = People::start(db).await;
        let id = people.person("lan", Role::ChiefEditor, people.site(1)).await;
        let (_, codes) = people.enrolled(id).await;
        assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>().len(), 10);
        let typed = codes[3].to_uppercase().replace('-', " ");
        assert_eq!(code(people.with_code(Some(&typed), 300).await), "DONE");
        assert_eq!(code(people.with_code(Some(&codes[3]), 301).await), "WRONG_CREDENTIALS");
        assert_eq!(code(people.with_code(Some(&codes[4]), 302).await), "DONE");
    }

    async fn removal_needs_the_password_or_somebody_who_manages_the_account(db: TestDb) {
        let people = People::start(db).await;
        let id = people.person("lan", Role::ChiefEditor, people.site(1)).await;
        people.enrolled(id).await;
        let remove = async |password, seconds| {
            let given = (password, HOME);
            code(accounts::remove_second_factor(people.store(), &people.accounts, &own(id), given, after(seconds)).await)
        };
        assert_eq!(remove("sai mật khẩu rồi", 200).await, "WRONG_CREDENTIALS");
        assert_eq!(code(people.with_code(None, 201).await), "SECOND_FACTOR_REQUIRED");
        assert_eq!(remove(PASSWORD, 202).await, "DONE");
        assert_eq!(remove(PASSWORD, 203).await, "NOT_FOUND");
        assert_eq!(code(people.with_code(None, 204).await), "DONE");
        let (_, codes) = people.enrolled(id).await;
        accounts::reset_second_factor(people.store(), &operator(), id, after(300)).await.unwrap();
        assert_eq!(code(people.with_code(Some(&codes[0]), 301).await), "DONE", "nothing is asked for any more");
    }

    async fn many_sign_ins_with_one_code_at_once_let_one_in(db: TestDb) {
        let people = std::sync::Arc::new(People::start(db).await);
        let id = people.person("lan", Role::ChiefEditor, people.site(1)).await;
        let (secret, _) = people.enrolled(id).await;
        let shown = authenticator(&secret, after(400));
        let mut racers = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let (people, shown) = (std::sync::Arc::clone(&people), shown.clone());
            racers.spawn(async move { code(people.with_code(Some(&shown), 400).await) });
        }
        assert_eq!(racers.join_all().await.iter().filter(|answer| **answer == "DONE").count(), 1);
    }
}
