//! People sign in at a certified provider and work here.

use serde_json::json;

use lienthong_app::commands::accounts::{self, Manager};
use lienthong_app::queries;
use lienthong_domain::access::{Actor, Role};
use lienthong_domain::account::SignInName;
use lienthong_domain::identity::Identity;
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::actors::Reach;
use lienthong_test_support::both_databases;

use super::certified::Certified;
use super::visitor::{CALLBACK, Sent, arrive, enter, invited, node, parameter, told};
use crate::accounts::{enrolled, signed_in};
use crate::harness::{PeopleNode, Reply};

const ME: &str = "{ me { id name isActive identities { issuer subject } } }";

/// Signs somebody in at the provider and comes back with a ticket.
async fn ticket(people: &PeopleNode, provider: &Certified, name: &str) -> String {
    let sent = Sent::start(people).await;
    let back = provider.sign_in(sent.to.clone(), name).await;
    told(&arrive(people, &back, Some(&sent.cookie)).await)["ticket"].clone()
}

fn access(reply: &Reply) -> String {
    assert_eq!((reply.status.as_u16(), reply.header("cache-control")), (200, "no-store"), "{reply:?}");
    reply.json()["accessToken"].as_str().unwrap().to_owned()
}

both_databases! {
    async fn somebody_who_was_invited_signs_in_at_the_provinces_provider(db: TestDb) {
        let provider = Certified::start().await;
        let people = node(db, &provider.issuer).await;
        let invitation = invited(&people, "lan@hatinh.gov.vn").await;
        let offered = people.node.get("/v1/auth/oidc").await.json();
        assert_eq!(offered[0]["startUrl"], "https://api.hatinh.example/v1/auth/oidc/ha-tinh/start", "{offered:#}");
        let first = ticket(&people, &provider, "248289761001").await;
        let entered = access(&enter(&people, &first, json!({ "invitation": invitation })).await);
        let me = people.query(&entered, ME, json!({})).await.data()["me"].clone();
        assert_eq!((&me["name"], &me["isActive"]), (&json!("lan@hatinh.gov.vn"), &json!(true)));
        assert_eq!(me["identities"], json!([{ "issuer": provider.issuer, "subject": "248289761001" }]));
        // From now on without an invitation, in a session like any other.
        let second = enter(&people, &ticket(&people, &provider, "248289761001").await, json!({})).await;
        assert_eq!(people.query(&access(&second), ME, json!({})).await.data()["me"]["id"], me["id"]);
        let refresh = json!({ "refreshToken": second.json()["refreshToken"] });
        let refreshed = people.post("/v1/auth/refresh", None, refresh).await;
        assert_eq!(refreshed.status.as_u16(), 200);
        let out = json!({ "refreshToken": refreshed.json()["refreshToken"] });
        assert_eq!(people.post("/v1/auth/sign-out", None, out).await.status.as_u16(), 204);
        assert_eq!(people.query(&access(&second), ME, json!({})).await.status.as_u16(), 401);
        assert_eq!(people.query(&entered, ME, json!({})).await.status.as_u16(), 200);
        people.node.test.assert_in_order().await;
    }

    async fn an_identity_opens_nothing_until_a_manager_links_it_whatever_its_email_address(db: TestDb) {
        let provider = Certified::start().await;
        let people = node(db, &provider.issuer).await;
        let reach = Reach::Site(people.node.test.world.sites[1].id);
        // The provider says that this is the verified address of `lan`.
        let lan = signed_in(&people, "lan@hatinh.example", Role::Editor, reach).await;
        let lan = lan["accessToken"].as_str().unwrap();
        let id = people.query(lan, ME, json!({})).await.data()["me"]["id"].clone();
        let refused = enter(&people, &ticket(&people, &provider, "lan").await, json!({})).await;
        assert_eq!(refused.problem(), (403, "IDENTITY_UNKNOWN".to_owned()));
        let chief = signed_in(&people, "chief", Role::ChiefEditor, reach).await;
        let chief = chief["accessToken"].as_str().unwrap();
        let link = "mutation($id: ID!, $issuer: String!, $subject: String!) {
            linkIdentity(account: $id, issuer: $issuer, subject: $subject) { account { identities { subject } } errors { code field } } }";
        let whose = json!({ "id": id, "issuer": provider.issuer, "subject": "lan" });
        let linked = people.query(chief, link, whose.clone()).await.data()["linkIdentity"].clone();
        assert_eq!(linked["account"]["identities"], json!([{ "subject": "lan" }]), "{linked:#}");
        let again = people.query(chief, link, whose).await.data()["linkIdentity"].clone();
        assert_eq!(again["errors"][0]["code"], "IDENTITY_TAKEN");
        let blank = json!({ "id": id, "issuer": "sso", "subject": "" });
        let blank = people.query(chief, link, blank).await.data()["linkIdentity"]["errors"].clone();
        assert_eq!((&blank[0]["field"], &blank[1]["field"]), (&json!("issuer"), &json!("subject")), "{blank:#}");
        let entered = access(&enter(&people, &ticket(&people, &provider, "lan").await, json!({})).await);
        let unlink = "mutation($id: ID!, $issuer: String!) { unlinkIdentity(account: $id, issuer: $issuer) { errors { code } } }";
        let whose = json!({ "id": id, "issuer": provider.issuer });
        assert_eq!(people.query(chief, unlink, whose).await.data()["unlinkIdentity"]["errors"], json!([]));
        assert_eq!(people.query(&entered, ME, json!({})).await.status.as_u16(), 401);
        let refused = enter(&people, &ticket(&people, &provider, "lan").await, json!({})).await;
        assert_eq!(refused.problem(), (403, "IDENTITY_UNKNOWN".to_owned()));
        people.node.test.assert_in_order().await;
    }

    async fn a_disabled_account_and_an_account_of_somebody_else_stay_closed(db: TestDb) {
        let provider = Certified::start().await;
        let people = node(db, &provider.issuer).await;
        let invitation = invited(&people, "lan").await;
        let lan = ticket(&people, &provider, "lan").await;
        let entered = access(&enter(&people, &lan, json!({ "invitation": invitation })).await);
        let id = people.query(&entered, ME, json!({})).await.data()["me"]["id"].clone();
        // An invitation for somebody else does not move the identity, and is not used up by trying.
        let other = invited(&people, "thu-ha").await;
        let taken = enter(&people, &ticket(&people, &provider, "lan").await, json!({ "invitation": other })).await;
        assert_eq!(taken.problem(), (409, "IDENTITY_TAKEN".to_owned()));
        let used = enter(&people, &ticket(&people, &provider, "ha").await, json!({ "invitation": invitation })).await;
        assert_eq!(used.problem(), (410, "LINK_EXPIRED".to_owned()));
        access(&enter(&people, &ticket(&people, &provider, "ha").await, json!({ "invitation": other })).await);
        let reach = Reach::Site(people.node.test.world.sites[1].id);
        let chief = signed_in(&people, "chief", Role::ChiefEditor, reach).await;
        let disable = "mutation($id: ID!) { disableAccount(account: $id, reason: \"Nghỉ việc\") { errors { code } } }";
        let before = ticket(&people, &provider, "lan").await;
        people.query(chief["accessToken"].as_str().unwrap(), disable, json!({ "id": id })).await.data();
        for ticket in [before, ticket(&people, &provider, "lan").await] {
            assert_eq!(enter(&people, &ticket, json!({})).await.problem(), (403, "ACCOUNT_DISABLED".to_owned()));
        }
        assert_eq!(people.query(&entered, ME, json!({})).await.status.as_u16(), 401);
    }

    async fn nothing_works_twice_nor_in_another_browser(db: TestDb) {
        let provider = Certified::start().await;
        let people = node(db, &provider.issuer).await;
        let invitation = invited(&people, "lan").await;
        let (lan, thief) = (Sent::start(&people).await, Sent::start(&people).await);
        let back = provider.sign_in(lan.to.clone(), "lan").await;
        // Whoever sees the address has no cookie, or another one.
        for cookie in [None, Some("__Host-lienthong-visit=AAAA"), Some(thief.cookie.as_str())] {
            let refused = arrive(&people, &back, cookie).await;
            assert_eq!(refused.problem(), (400, "SIGN_IN_REFUSED".to_owned()), "{cookie:?}");
        }
        // The code of somebody else, put into one's own sign-in: PKCE binds it to the other browser.
        let code = parameter(&back, "code").unwrap();
        let stolen = told(&thief.comes_back(&people, &code).await);
        assert_eq!(stolen.get("error").map(String::as_str), Some("SIGN_IN_REFUSED"));
        let lan = Sent::start(&people).await;
        let back = provider.sign_in(lan.to.clone(), "lan").await;
        let ticket = told(&arrive(&people, &back, Some(&lan.cookie)).await)["ticket"].clone();
        let replayed = arrive(&people, &back, Some(&lan.cookie)).await;
        assert_eq!(replayed.problem(), (400, "SIGN_IN_REFUSED".to_owned()));
        // The ticket was seen in the address, and its finder does not know the secret behind the challenge.
        for verifier in ["", "mot-chuoi-khac-cua-ai-do-0123456789-0123456789"] {
            let refused = enter(&people, &ticket, json!({ "verifier": verifier, "invitation": invitation })).await;
            assert_eq!(refused.problem(), (400, "SIGN_IN_REFUSED".to_owned()), "{verifier}");
        }
        access(&enter(&people, &ticket, json!({ "invitation": invitation })).await);
        let twice = enter(&people, &ticket, json!({})).await;
        assert_eq!(twice.problem(), (400, "SIGN_IN_REFUSED".to_owned()));
    }

    async fn whoever_changes_their_mind_or_comes_from_elsewhere_is_told_so(db: TestDb) {
        let provider = Certified::start().await;
        let people = node(db, &provider.issuer).await;
        let sent = Sent::start(&people).await;
        let back = provider.cancel(sent.to.clone()).await;
        assert_eq!(parameter(&back, "error").as_deref(), Some("access_denied"));
        let desk = told(&arrive(&people, &back, Some(&sent.cookie)).await);
        assert_eq!(desk.get("error").map(String::as_str), Some("SIGN_IN_REFUSED"));
        assert_eq!(desk.get("ngon-ngu").map(String::as_str), Some("vi"));
        // Mix-up: the answer names no issuer although the provider says that it does, or another one (RFC 9207).
        for iss in ["", "&iss=https%3A%2F%2Fsso.other.example"] {
            let sent = Sent::start(&people).await;
            let back = provider.sign_in(sent.to.clone(), "lan").await;
            let (code, state) = (parameter(&back, "code").unwrap(), parameter(&back, "state").unwrap());
            let back = format!("{CALLBACK}?code={code}&state={state}{iss}").parse().unwrap();
            let desk = told(&arrive(&people, &back, Some(&sent.cookie)).await);
            assert_eq!(desk.get("error").map(String::as_str), Some("SIGN_IN_REFUSED"), "{iss}");
        }
        let unknown = people.node.get("/v1/auth/oidc/quang-ngai/start?challenge=x").await;
        assert_eq!(unknown.problem(), (404, "NOT_FOUND".to_owned()));
        for challenge in ["", "x", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM="] {
            let refused = people.node.get(&format!("/v1/auth/oidc/ha-tinh/start?challenge={challenge}")).await;
            assert_eq!(refused.problem(), (400, "BAD_REQUEST".to_owned()), "{challenge}");
        }
    }

    async fn a_second_factor_of_ours_is_asked_for_and_its_codes_are_not_guessed(db: TestDb) {
        let provider = Certified::start().await;
        let people = node(db, &provider.issuer).await;
        let reach = Reach::Site(people.node.test.world.sites[1].id);
        let session = signed_in(&people, "lan", Role::Editor, reach).await;
        let (_, recovery) = enrolled(&people, session["accessToken"].as_str().unwrap()).await;
        let (store, now) = (people.node.test.store(), Timestamp::from(chrono::Utc::now()));
        let lan = queries::accounts::find_named(store, &SignInName::parse("lan").unwrap()).await.unwrap().unwrap();
        let operator = Manager::of(&Actor::operator(ActorId::new(now))).unwrap();
        let identity = Identity::parse(&provider.issuer, "lan").unwrap();
        accounts::link_identity(store, &operator, (lan.account.id, &identity), now).await.unwrap();
        let held = ticket(&people, &provider, "lan").await;
        assert_eq!(enter(&people, &held, json!({})).await.problem(), (401, "SECOND_FACTOR_REQUIRED".to_owned()));
        access(&enter(&people, &held, json!({ "code": recovery[0] })).await);
        let held = ticket(&people, &provider, "lan").await;
        for _ in 0..4 {
            let wrong = enter(&people, &held, json!({ "code": "000000" })).await;
            assert_eq!(wrong.problem(), (401, "WRONG_CREDENTIALS".to_owned()));
        }
        let waits = enter(&people, &held, json!({ "code": recovery[1] })).await;
        assert_eq!(waits.problem(), (429, "RATE_LIMITED".to_owned()));
        people.node.test.assert_in_order().await;
    }
}
