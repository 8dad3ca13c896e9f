//! People sign in, work, and sign out, over HTTP.

use serde_json::{Value, json};

use lienthong_app::accounts::Rules;
use lienthong_app::commands::accounts::{self, Invitation, Manager};
use lienthong_domain::access::{Actor, Role};
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::actors::Reach;
use lienthong_test_support::both_databases;

use crate::harness::PeopleNode;

pub(crate) const PASSWORD: &str = "cầu treo qua suối Rào";

/// The secret of an invitation that the operator gives somebody.
pub(crate) async fn invited(people: &PeopleNode, name: &str, role: Role, reach: Reach) -> String {
    let now = Timestamp::from(chrono::Utc::now());
    let operator = Manager::of(&Actor::operator(ActorId::new(now))).unwrap();
    let new =
        Invitation { name: name.to_owned(), display_name: "Nguyễn Thị Lan".to_owned(), roles: vec![(role, reach)] };
    let issued = accounts::invite(people.node.test.store(), &operator, (&Rules::default(), &new), now).await.unwrap();
    issued.token.to_string()
}

/// Invites somebody, accepts for them and signs them in: both tokens.
pub(crate) async fn signed_in(people: &PeopleNode, name: &str, role: Role, reach: Reach) -> Value {
    let token = invited(people, name, role, reach).await;
    let chosen = people.post("/v1/auth/password", None, json!({ "token": token, "password": PASSWORD })).await;
    assert_eq!(chosen.status.as_u16(), 204, "{chosen:?}");
    let answer = people.post("/v1/auth/sign-in", None, json!({ "name": name, "password": PASSWORD })).await;
    assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
    answer.json()
}

fn text<'a>(answer: &'a Value, field: &str) -> &'a str {
    answer[field].as_str().unwrap()
}

const ME: &str = "{ me { handle displayName name isActive roles { role site { host } unit { slug } } } }";

both_databases! {
    async fn from_the_invitation_to_the_sign_out(db: TestDb) {
        let people = PeopleNode::start(db).await;
        let reach = Reach::Site(people.node.test.world.sites[1].id);
        let session = signed_in(&people, "lan@hatinh.gov.vn", Role::ChiefEditor, reach).await;
        assert_eq!(session["tokenType"], "Bearer");
        let me = people.query(text(&session, "accessToken"), ME, json!({})).await.data()["me"].clone();
        assert_eq!((&me["name"], &me["isActive"]), (&json!("lan@hatinh.gov.vn"), &json!(true)));
        assert_eq!(me["roles"], json!([{ "role": "chief-editor", "site": { "host": "xuanhai.hatinh.example" }, "unit": null }]));
        assert!(me["handle"].as_str().unwrap().starts_with("nguyen-thi-lan-"), "{me:#}");
        let next = people.post("/v1/auth/refresh", None, json!({ "refreshToken": session["refreshToken"] })).await;
        assert_eq!((next.status.as_u16(), next.header("cache-control")), (200, "no-store"));
        let next = next.json();
        let out = people.post("/v1/auth/sign-out", None, json!({ "refreshToken": next["refreshToken"] })).await;
        assert_eq!(out.status.as_u16(), 204);
        for session in [&session, &next] {
            assert_eq!(people.query(text(session, "accessToken"), ME, json!({})).await.status.as_u16(), 401);
        }
    }

    async fn a_replayed_refresh_token_ends_the_family_over_http(db: TestDb) {
        let people = PeopleNode::start(db).await;
        let reach = Reach::Site(people.node.test.world.sites[1].id);
        let stolen = signed_in(&people, "lan", Role::Editor, reach).await;
        let refresh = async |token: &Value| people.post("/v1/auth/refresh", None, json!({ "refreshToken": token })).await;
        let thiefs = refresh(&stolen["refreshToken"]).await.json();
        let replayed = refresh(&stolen["refreshToken"]).await;
        assert_eq!((replayed.status.as_u16(), &replayed.json()["code"]), (401, &json!("UNAUTHENTICATED")));
        assert_eq!(refresh(&thiefs["refreshToken"]).await.status.as_u16(), 401);
        assert_eq!(people.query(text(&thiefs, "accessToken"), ME, json!({})).await.status.as_u16(), 401);
    }

    async fn wrong_passwords_are_told_when_to_come_back_and_nothing_else(db: TestDb) {
        let people = PeopleNode::start(db).await;
        let reach = Reach::Site(people.node.test.world.sites[1].id);
        signed_in(&people, "lan", Role::Editor, reach).await;
        let attempt = async |name: &str| people.post("/v1/auth/sign-in", None, json!({ "name": name, "password": "sai" })).await;
        for name in ["lan", "nobody"] {
            for _ in 0..4 {
                let refused = attempt(name).await;
                assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (401, &json!("WRONG_CREDENTIALS")));
                assert_eq!(refused.header("cache-control"), "no-store");
            }
            let waits = attempt(name).await;
            assert_eq!((waits.status.as_u16(), &waits.json()["code"]), (429, &json!("RATE_LIMITED")));
            assert!((1..=3).contains(&waits.header("retry-after").parse::<u32>().unwrap()), "{waits:?}");
        }
    }

    async fn malformed_sign_ins_are_refused_without_repeating_them(db: TestDb) {
        let people = PeopleNode::start(db).await;
        for body in [
            json!({ "name": "lan", "password": "hunter2hunter2", "remember": true }),
            json!({ "name": "lan", "password": ["hunter2hunter2"] }),
            json!({ "password": "hunter2hunter2" }),
            json!("hunter2hunter2"),
        ] {
            let refused = people.post("/v1/auth/sign-in", None, body).await;
            assert_eq!(refused.status.as_u16(), 422, "{refused:?}");
            assert!(!String::from_utf8(refused.body).unwrap().contains("hunter2"));
        }
    }

    async fn signing_out_everywhere_and_another_password_over_graphql(db: TestDb) {
        let people = PeopleNode::start(db).await;
        let reach = Reach::Site(people.node.test.world.sites[1].id);
        let session = signed_in(&people, "lan", Role::Editor, reach).await;
        let change = "mutation($current: String!, $new: String!) {
            changePassword(current: $current, new: $new) { account { handle } errors { code field } } }";
        let easy = json!({ "current": PASSWORD, "new": "matkhau12345" });
        let answer = people.query(text(&session, "accessToken"), change, easy).await.data()["changePassword"].clone();
        assert_eq!(answer["errors"], json!([{ "code": "INVALID_INPUT", "field": "password" }]));
        let good = json!({ "current": PASSWORD, "new": "mùa lúa chín vàng đồng" });
        let answer = people.query(text(&session, "accessToken"), change, good).await.data()["changePassword"].clone();
        assert_eq!((&answer["errors"], &answer["account"]["handle"]), (&json!([]), &json!("lan")));
        assert_eq!(people.query(text(&session, "accessToken"), ME, json!({})).await.status.as_u16(), 401);
        let again = people.post("/v1/auth/sign-in", None, json!({ "name": "lan", "password": "mùa lúa chín vàng đồng" })).await.json();
        let out = people.query(text(&again, "accessToken"), "mutation { signOutEverywhere { ended } }", json!({})).await;
        assert_eq!(out.data()["signOutEverywhere"]["ended"], 1);
        assert_eq!(people.query(text(&again, "accessToken"), ME, json!({})).await.status.as_u16(), 401);
    }
}
