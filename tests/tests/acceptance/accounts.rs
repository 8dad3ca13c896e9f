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

const HOST: &str = "xuanhai.hatinh.example";
const PASSWORD: &str = "cầu treo qua suối Rào";

/// The secret of an invitation that the operator gives somebody.
async fn invited(people: &PeopleNode, name: &str, role: Role, reach: Reach) -> String {
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

pub(crate) fn text<'a>(answer: &'a Value, field: &str) -> &'a str {
    answer[field].as_str().unwrap()
}

pub(crate) const ME: &str = "{ me { handle displayName name isActive roles { role site { host } unit { slug } } } }";

both_databases! {
    async fn from_the_invitation_to_the_sign_out(db: TestDb) {
        let people = PeopleNode::start(db).await;
        let reach = Reach::Site(people.node.test.world.sites[1].id);
        let session = signed_in(&people, "lan@hatinh.gov.vn", Role::ChiefEditor, reach).await;
        assert_eq!(session["tokenType"], "Bearer");
        let me = people.query(text(&session, "accessToken"), ME, json!({})).await.data()["me"].clone();
        assert_eq!((&me["name"], &me["isActive"]), (&json!("lan@hatinh.gov.vn"), &json!(true)));
        assert_eq!(me["roles"], json!([{ "role": "CHIEF_EDITOR", "site": { "host": "xuanhai.hatinh.example" }, "unit": null }]));
        assert!(me["handle"].as_str().unwrap().starts_with("nguyen-thi-lan-"), "{me:#}");
        let next = people.post("/v1/auth/refresh", None, json!({ "refreshToken": session["refreshToken"] })).await;
        assert_eq!((next.status.as_u16(), next.header("cache-control")), (200, "no-store"));
        let next = next.json();
        let out = people.post("/v1/auth/sign-out", None, json!({ "refreshToken": next["refreshToken"] })).await;
        assert_eq!(out.status.as_u16(), 204);
        for session in [&session, &next] {
            assert_eq!(people.query(text(session, "accessToken"), ME, json!({})).await.status.as_u16(), 401);
        }
        people.node.test.assert_in_order().await;
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
        people.node.test.assert_in_order().await;
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
        people.node.test.assert_in_order().await;
    }

    async fn a_chief_editor_invites_lists_and_disables_the_people_of_the_site(db: TestDb) {
        let people = PeopleNode::start(db).await;
        let reach = Reach::Site(people.node.test.world.sites[1].id);
        let chief = signed_in(&people, "chief", Role::ChiefEditor, reach).await;
        let chief = text(&chief, "accessToken");
        let input = json!({ "name": "ha@hatinh.gov.vn", "displayName": "Trần Thu Hà",
            "roles": [{ "role": "EDITOR", "site": HOST }] });
        let invite = "mutation($input: InvitationInput!) { inviteAccount(input: $input) {
            account { id name isActive roles { role } } link { token expiresAt } errors { code field } } }";
        let made = people.query(chief, invite, json!({ "input": input })).await.data()["inviteAccount"].clone();
        assert_eq!((&made["errors"], &made["account"]["isActive"]), (&json!([]), &json!(false)), "{made:#}");
        let again = people.query(chief, invite, json!({ "input": input })).await.data()["inviteAccount"].clone();
        assert_eq!((&again["errors"][0]["code"], &again["link"]), (&json!("NAME_TAKEN"), &Value::Null));
        let above = json!({ "name": "x-y-z", "displayName": "X", "roles": [{ "role": "PROVINCIAL_ADMINISTRATOR" }] });
        let above = people.query(chief, invite, json!({ "input": above })).await.data()["inviteAccount"].clone();
        assert_eq!((&above["errors"][0]["code"], &above["link"]), (&json!("NOT_FOUND"), &Value::Null));
        let choose = json!({ "token": made["link"]["token"], "password": PASSWORD });
        assert_eq!(people.post("/v1/auth/password", None, choose.clone()).await.status.as_u16(), 204);
        let used = people.post("/v1/auth/password", None, choose).await;
        assert_eq!((used.status.as_u16(), &used.json()["code"]), (410, &json!("LINK_EXPIRED")));
        let sign_in = json!({ "name": "HA@hatinh.gov.vn", "password": PASSWORD });
        let editor = people.post("/v1/auth/sign-in", None, sign_in).await.json();
        let list = "query($site: String!) { accounts(site: $site) { name roles { role site { host } } lastUsedAt } }";
        let listed = people.query(chief, list, json!({ "site": HOST })).await.data()["accounts"].clone();
        let names: Vec<_> = listed.as_array().unwrap().iter().map(|account| account["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["chief", "ha@hatinh.gov.vn"]);
        let disable = "mutation($id: ID!) { disableAccount(account: $id, reason: \"Chuyển công tác\") {
            account { disabledReason isActive } errors { code } } }";
        let done = people.query(chief, disable, json!({ "id": made["account"]["id"] })).await.data()["disableAccount"].clone();
        assert_eq!(done["account"], json!({ "disabledReason": "Chuyển công tác", "isActive": false }));
        assert_eq!(people.query(text(&editor, "accessToken"), ME, json!({})).await.status.as_u16(), 401);
        people.node.test.assert_in_order().await;
    }

    async fn where_it_is_demanded_an_administrator_does_nothing_before_the_second_factor(db: TestDb) {
        let rules = Rules { needs_second_factor: true, ..Rules::default() };
        let people = PeopleNode::with(db, rules).await;
        let admin = signed_in(&people, "admin", Role::ProvincialAdministrator, Reach::Instance).await;
        let token = text(&admin, "accessToken");
        let list = "{ accounts { handle } }";
        assert_eq!(people.query(token, list, json!({})).await.error_code(), "SECOND_FACTOR_MISSING");
        let report = "/v1/reports/readiness?unit=xuan-hai";
        let request = http::Request::get(report).header("authorization", format!("Bearer {token}"));
        let refused = people.node.send(request.body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (403, &json!("SECOND_FACTOR_MISSING")));
        let (code, codes) = enrolled(&people, token).await;
        assert_eq!(people.query(token, list, json!({})).await.data()["accounts"], json!([{ "handle": "admin" }]));
        let sign_in = async |code: &Value| {
            let typed = json!({ "name": "admin", "password": PASSWORD, "code": code });
            let answer = people.post("/v1/auth/sign-in", None, typed).await;
            (answer.status.as_u16(), answer.json()["code"].clone())
        };
        assert_eq!(sign_in(&Value::Null).await, (401, json!("SECOND_FACTOR_REQUIRED")));
        assert_eq!(sign_in(&json!(code)).await, (401, json!("WRONG_CREDENTIALS")), "the code has been used");
        assert_eq!(sign_in(&codes[0]).await, (200, Value::Null));
        people.node.test.assert_in_order().await;
    }

    async fn a_program_acts_with_a_token_of_its_own_within_what_it_was_given(db: TestDb) {
        let people = PeopleNode::start(db).await;
        let reach = Reach::Site(people.node.test.world.sites[1].id);
        let chief = signed_in(&people, "chief", Role::ChiefEditor, reach).await;
        let chief = text(&chief, "accessToken");
        let make = "mutation($password: String!, $input: ApiTokenInput!) { createApiToken(password: $password, input: $input) {
            token apiToken { id name operations sites { host } lastUsedAt } errors { code field } } }";
        let expires_at = Timestamp::from(chrono::Utc::now()).plus_seconds(86_400).to_string();
        let input = json!({ "name": "Đồng bộ", "operations": ["READ_REPORT"], "sites": [HOST], "expiresAt": expires_at });
        let made = people.query(chief, make, json!({ "password": PASSWORD, "input": input })).await.data()["createApiToken"].clone();
        assert_eq!(made["apiToken"]["operations"], json!(["read-report"]), "{made:#}");
        let token = text(&made, "token");
        assert!(token.starts_with("lt_"));
        let report = "{ siteReadiness(unit: \"xuan-hai\") { incomplete } }";
        assert_eq!(people.query(token, report, json!({})).await.data()["siteReadiness"]["incomplete"], 1);
        for (query, code) in [("{ accounts { handle } }", "FORBIDDEN"), (ME, "FORBIDDEN"), ("{ apiTokens { id } }", "FORBIDDEN")] {
            assert_eq!(people.query(token, query, json!({})).await.error_code(), code, "{query}");
        }
        let list = "{ apiTokens { name lastUsedAt revokedAt } }";
        let listed = people.query(chief, list, json!({})).await.data()["apiTokens"].clone();
        assert!(listed[0]["lastUsedAt"].is_string() && listed[0]["revokedAt"].is_null(), "{listed:#}");
        let revoke = "mutation($id: ID!) { revokeApiToken(id: $id) { errors { code } } }";
        people.query(chief, revoke, json!({ "id": made["apiToken"]["id"] })).await.data();
        for refused in [token, "lt_", "lt_aaaa", &format!("{token}a")] {
            assert_eq!(people.query(refused, report, json!({})).await.status.as_u16(), 401);
        }
        people.node.test.assert_in_order().await;
    }
}

/// Enrols an authenticator: the code that it showed, and the recovery codes.
pub(crate) async fn enrolled(people: &PeopleNode, token: &str) -> (String, Value) {
    let enrol =
        "mutation($password: String!) { enrolSecondFactor(password: $password) { secret uri errors { code } } }";
    let given = people.query(token, enrol, json!({ "password": PASSWORD })).await.data()["enrolSecondFactor"].clone();
    let code = shown(text(&given, "secret"));
    let confirm = "mutation($code: String!) { confirmSecondFactor(code: $code) { recoveryCodes errors { code } } }";
    let codes = people.query(token, confirm, json!({ "code": code })).await.data()["confirmSecondFactor"].clone();
    assert_eq!(codes["recoveryCodes"].as_array().unwrap().len(), 10, "{codes:#}");
    (code, codes["recoveryCodes"].clone())
}

/// What an authenticator with this secret shows now.
fn shown(secret: &str) -> String {
    let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for digit in secret.chars() {
        bits = (bits << 5) | u32::try_from(digits.find(digit).unwrap()).unwrap();
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held).unwrap());
            bits &= (1 << held) - 1;
        }
    }
    lienthong_app::accounts::authenticator(&bytes, Timestamp::from(chrono::Utc::now()))
}
