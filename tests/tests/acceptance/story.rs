//! The whole story of a text, as issue and law want it told: from an agency's hand through every other hand to the public,
//! out of it again by a decision, with the trail and the log telling it in order.

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

use lienthong_app::commands::desk::run_due;
use lienthong_app::proof::verify::{Known, verify};
use lienthong_app::proof::{evidence, keys};
use lienthong_domain::access::Role;
use lienthong_proof::checkpoint::Checkpoint;
use lienthong_proof::path;
use lienthong_test_support::both_databases;

use crate::hand::{Hand, SITE, done, now, refusal, titles};
use crate::harness::{Node, Reply};
use crate::proof::{checkpoint, hashes};

const TITLE: &str = "Tập huấn chuyển đổi số ngày 05/7";
const CORRECTION: &str = "Đính chính: lớp học mở ngày 06/7";
const FORMS: [&str; 3] = ["atom", "rss", "json"];

/// Those at work, each with a role.
struct Desk<'a> {
    agency: Hand<'a>,
    intermediary: Hand<'a>,
    editor: Hand<'a>,
    deputy: Hand<'a>,
    chief: Hand<'a>,
}

impl<'a> Desk<'a> {
    async fn of(node: &'a Node) -> Self {
        Self {
            agency: Hand::of(node, Role::AgencyContributor).await,
            intermediary: Hand::of(node, Role::Intermediary).await,
            editor: Hand::of(node, Role::Editor).await,
            deputy: Hand::of(node, Role::DeputyEditor).await,
            chief: Hand::of(node, Role::ChiefEditor).await,
        }
    }

    /// From the agency's text to one that is approved, through every hand that has to look at it.
    async fn approved(&self) -> Value {
        let written = self.agency.write("Tập huấn chuyển đổi số").await;
        let submitted = done(&self.agency.act("submitArticle", &written, "").await);
        assert_eq!(submitted["draft"]["needsScreening"], true);
        assert_eq!(refusal(&self.chief.act("approveArticle", &submitted, "").await), "WRONG_STATE");
        let screened = done(&self.intermediary.act("screenArticle", &submitted, "").await);
        let edited = done(&self.editor.edit(&screened, "Tập huấn chuyển đổi số ngày 5/7").await);
        let edited = done(&self.deputy.edit(&edited, TITLE).await);
        let submitted = done(&self.editor.act("submitArticle", &edited, "").await);
        for writer in [&self.agency, &self.editor] {
            assert_eq!(may_not(writer, "approveArticle", &submitted).await, "FORBIDDEN");
        }
        let own = refusal(&self.deputy.act("approveArticle", &submitted, "").await).to_owned();
        assert_eq!(own, "OWN_WORK", "who has written on it may approve others' texts only");
        done(&self.chief.act("approveArticle", &submitted, "").await)
    }

    /// Who has done what, as the trail is to tell it, the earliest first.
    fn told(&self) -> Vec<(String, &'static str)> {
        let of = |hand: &Hand<'_>| hand.actor.to_string();
        vec![
            (of(&self.agency), "create"),
            (of(&self.agency), "submit"),
            (of(&self.intermediary), "screen"),
            (of(&self.editor), "edit"),
            (of(&self.deputy), "edit"),
            (of(&self.editor), "submit"),
            (of(&self.chief), "approve"),
            (of(&self.chief), "publish"),
            ("schedule".to_owned(), "publish"),
            (of(&self.chief), "take-down"),
        ]
    }
}

/// The code with which somebody is refused who lacks the right altogether.
async fn may_not(hand: &Hand<'_>, mutation: &str, entry: &Value) -> String {
    let document = format!(
        "mutation($id: ID!, $version: Int!) {{ {mutation}(id: $id, version: $version) {{ errors {{ code }} }} }}"
    );
    let variables = json!({ "id": entry["id"], "version": entry["version"] });
    hand.node.query_as(hand.actor, &document, variables).await.error_code()
}

async fn text(node: &Node, path: &str) -> String {
    String::from_utf8(node.get(path).await.body).unwrap()
}

/// Where the public finds it: GraphQL, the list and the address of REST, and the feeds in each form.
async fn places(node: &Node, slug: &str) -> Vec<(String, bool)> {
    let mut found = vec![("GraphQL".to_owned(), titles(node).await == json!([{ "title": TITLE }]))];
    let listed = node.get(&format!("/v1/articles?site={SITE}")).await.json();
    found.push(("list".to_owned(), listed["data"][0]["title"] == TITLE));
    found.push(("address".to_owned(), node.get(&address(slug)).await.status.as_u16() == 200));
    for form in FORMS {
        found.push((form.to_owned(), text(node, &format!("/feeds/sites/{SITE}.{form}")).await.contains(TITLE)));
    }
    found
}

fn address(slug: &str) -> String {
    format!("/v1/sites/{SITE}/articles/{slug}")
}

/// The correction of `live` is published, and stands with it in every output: in the same list, and named by it.
async fn is_corrected(desk: &Desk<'_>, live: &Value) {
    let node = desk.chief.node;
    let drafted = done(&desk.editor.correct(&live["id"], CORRECTION).await);
    done(&desk.chief.act("publishArticle", &drafted, "").await);
    // The article's own time, which the scheduler was told, lies ahead of ours.
    assert_eq!(titles(node).await, json!([{ "title": TITLE }, { "title": CORRECTION }]));
    let named = json!([{ "title": CORRECTION }]);
    let question = "query($id: ID!) { article(id: $id) { corrections { title } } }";
    let shown = node.query(question, json!({ "id": live["id"] })).await.data();
    assert_eq!(shown["article"]["corrections"], named);
    let shown = node.get(&address(live["slug"].as_str().unwrap())).await.json();
    assert_eq!(shown["corrections"][0]["title"], CORRECTION);
    for form in FORMS {
        let feed = text(node, &format!("/feeds/sites/{SITE}.{form}")).await;
        assert_eq!((feed.matches(CORRECTION).count() >= 2, feed.contains(TITLE)), (true, true), "{feed}");
        assert!(feed.contains("Đính chính:") && feed.contains("Đính chính cho bài:"), "{feed}");
    }
}

async fn evidence_of(node: &Node, hand: &Hand<'_>, id: &str) -> Reply {
    let request = Request::get(format!("/v1/articles/{id}/evidence"));
    let request = request.header("authorization", format!("Bearer {}", hand.actor));
    node.send(request.body(Body::empty()).unwrap()).await
}

/// Every act of the trail, the earliest first, with its place in the log.
async fn trail(hand: &Hand<'_>, id: &Value) -> Vec<Value> {
    let question = "query($id: ID!) { auditTrail(article: $id, first: 100) { actor operation leaf address } }";
    let mut acts = hand.ask(question, json!({ "id": id })).await["data"]["auditTrail"].as_array().unwrap().clone();
    acts.reverse();
    acts
}

/// The log holds an act where the trail says, by a proof that anybody can ask for.
async fn is_included(node: &Node, act: &Value, state: &Checkpoint) -> bool {
    let leaf: u64 = act["leaf"].as_str().unwrap().parse().unwrap();
    let proof = node.get(&format!("/v1/log/proof?leaf={leaf}&size={}", state.size)).await.json();
    let stored = lienthong_persistence::log::act(node.test.store(), leaf).await.unwrap().unwrap();
    path::check_inclusion(stored.hash, (leaf, state.size), &hashes(&proof["proof"]), &state.root).is_ok()
}

async fn is_extended(node: &Node, [before, after]: [&Checkpoint; 2]) -> bool {
    let proof = node.get(&format!("/v1/log/consistency?from={}&to={}", before.size, after.size)).await.json();
    let states = ((before.size, &before.root), (after.size, &after.root));
    path::check_consistency(states.0, states.1, &hashes(&proof["proof"])).is_ok()
}

/// The trail tells every act in its order; each stands in the log, which has only grown from one state to the next; the
/// evidence holds without us, and nothing was changed behind our back.
async fn is_told_and_proved(desk: &Desk<'_>, id: &Value, [begun, public, ended]: [&Checkpoint; 3]) {
    let node = desk.chief.node;
    let acts = trail(&desk.chief, id).await;
    let told: Vec<_> =
        acts.iter().map(|act| (act["actor"].as_str().unwrap(), act["operation"].as_str().unwrap())).collect();
    let expected = desk.told();
    assert_eq!(told, expected.iter().map(|(actor, act)| (actor.as_str(), *act)).collect::<Vec<_>>());
    for act in &acts {
        assert!(is_included(node, act, ended).await, "{act}");
    }
    assert!(is_extended(node, [begun, public]).await && is_extended(node, [public, ended]).await);
    let pack = evidence_of(node, &desk.chief, id.as_str().unwrap()).await;
    let pack: evidence::Pack = serde_json::from_slice(&pack.body).unwrap();
    let published = json!({ "keys": keys::jwks(node.test.store()).await.unwrap() });
    let checked = evidence::check(&pack, Some(&published));
    assert!(checked.holds(), "{checked:?}");
    assert_eq!(pack.acts.len(), acts.len());
    let report = verify(&node.test, Known::default()).await.unwrap();
    assert!(report.is_clean() && report.acts >= acts.len() as u64, "{report:?}");
}

both_databases! {
    async fn from_the_agency_to_the_public_and_out_of_it_with_every_act_told_and_proved(db: TestDb) {
        let node = Node::start(db).await;
        let desk = Desk::of(&node).await;
        let approved = desk.approved().await;
        let slug = approved["slug"].as_str().unwrap().to_owned();
        let begun = checkpoint(&node).await;

        let at = now().plus_seconds(600);
        let scheduled = done(&desk.chief.act("publishArticle", &approved, &format!(", at: \"{at}\"")).await);
        assert_eq!(scheduled["draft"]["state"], "SCHEDULED");
        assert_eq!(run_due(&node.test, at.plus_seconds(-1)).await.unwrap(), 0);
        assert!(places(&node, &slug).await.iter().all(|(_, found)| !found), "nowhere before its time");
        assert_eq!(run_due(&node.test, at).await.unwrap(), 1);
        let found = places(&node, &slug).await;
        assert!(found.iter().all(|(_, found)| *found), "{found:?}");
        let public = checkpoint(&node).await;

        is_corrected(&desk, &desk.chief.entry(&scheduled, "id slug").await).await;

        let live = desk.chief.entry(&scheduled, "id version").await;
        let decision = ", reason: \"Nhầm ngày\", decidedBy: \"Chủ tịch UBND xã\"";
        let gone = done(&desk.chief.act("takeDownArticle", &live, decision).await);
        let found = places(&node, &slug).await;
        assert!(found.iter().all(|(_, found)| !found), "{found:?}");
        assert_eq!(node.get(&address(&slug)).await.problem(), (410, "GONE".to_owned()));
        for feed in [format!("/feeds/sites/{SITE}.atom"), "/feeds/topics/tt.tin.atom".to_owned()] {
            let atom = text(&node, &feed).await;
            assert!(atom.contains("<at:deleted-entry ref=\"tag:"), "{feed}: {atom}");
        }

        is_told_and_proved(&desk, &gone["id"], [&begun, &public, &checkpoint(&node).await]).await;
    }
}
