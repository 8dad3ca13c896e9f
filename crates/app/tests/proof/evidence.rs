//! Evidence packs: they hold by themselves, and nothing in them can be changed.

use lienthong_app::proof::evidence::{self, Pack};
use lienthong_app::proof::keys;
use lienthong_domain::access::act::ReadAudit;
use lienthong_test_support::{TestApp, both_databases};
use serde_json::{Value, json};

use crate::{Story, now};

async fn packs(test: &TestApp) -> [Pack; 2] {
    let story = Box::pin(Story::told_on(test)).await;
    let permit = test.permit::<ReadAudit>();
    let first = evidence::pack(test, &permit, story.first.id, now()).await.unwrap();
    [first, evidence::pack(test, &permit, story.gone.id, now()).await.unwrap()]
}

fn wrong(pack: &Pack, jwks: Option<&Value>) -> Vec<String> {
    let checked = evidence::check(pack, jwks);
    let wrong: Vec<_> = checked.steps.into_iter().filter(|step| step.wrong.is_some()).map(|step| step.what).collect();
    wrong
}

both_databases! {
    async fn a_pack_holds_for_what_is_public_and_for_what_was(db: TestDb) {
        let test = TestApp::start(db).await;
        let packs = packs(&test).await;
        let jwks = json!({ "keys": keys::jwks(test.store()).await.unwrap() });
        for pack in &packs {
            assert_eq!(wrong(pack, Some(&jwks)), [""; 0]);
            let read: Pack = serde_json::from_str(&serde_json::to_string(pack).unwrap()).unwrap();
            assert_eq!(&read, pack);
        }
        // Made, edited, published twice; made, published, withdrawn.
        assert_eq!(packs.map(|pack| pack.acts.len()), [4, 3]);
        assert_eq!(wrong(&self::packs(&TestApp::start(test.db.another().await).await).await[0], Some(&jwks)).len(), 2);
    }

    async fn a_pack_of_which_anything_was_changed_does_not_hold(db: TestDb) {
        let test = TestApp::start(db).await;
        let [pack, other] = packs(&test).await;
        let changed = |change: &dyn Fn(&mut Pack)| {
            let mut forged = pack.clone();
            change(&mut forged);
            wrong(&forged, None)
        };
        let payload = "the edition is what its site signed";
        let record = "the record is of that edition";
        let act = "an act in the log left that record";
        assert_eq!(changed(&|it| it.edition.payload = it.edition.payload.replace("tháng 2", "tháng 3")), [payload, record]);
        assert_eq!(changed(&|it| it.edition.payload.push(' ')), [payload, record, act]);
        assert_eq!(changed(&|it| it.edition = other.edition.clone()), [record, act]);
        assert_eq!(changed(&|it| it.record = it.record.replace("\"live\"", "\"withdrawn\"")), [act]);
        assert_eq!(changed(&|it| it.acts.truncate(1)), [act]);
        let first = pack.acts[0].leaf;
        let in_log = format!("act {first} stands in the log");
        assert_eq!(changed(&|it| it.acts[0].content = it.acts[0].content.replace("create", "edit")), [in_log.as_str()]);
        assert_eq!(changed(&|it| it.acts[0].leaf += 1).len(), 1);
        assert_eq!(changed(&|it| it.checkpoint = it.checkpoint.replacen('\n', "x\n", 1)), ["the state of the log is signed"]);
        assert_eq!(changed(&|it| it.log_key = it.edition.jwk.clone()), ["the state of the log is signed"]);
    }
}
