//! The keys that sign.

use std::collections::BTreeSet;

use lienthong_app::proof::keys;
use lienthong_domain::access::Role;
use lienthong_domain::access::act::ManageKeys;
use lienthong_persistence::signing_keys;
use lienthong_test_support::{TestApp, both_databases};

use crate::{Story, looked_at, now, told};

both_databases! {
    async fn a_site_gets_its_key_with_its_first_publication(db: TestDb) {
        let test = TestApp::start(db).await;
        assert!(signing_keys::list(test.store(), None).await.unwrap().is_empty());
        test.published(1, "Một", now()).await;
        test.published(1, "Hai", now()).await;
        test.published(2, "Ba", now()).await;
        let keys = signing_keys::list(test.store(), None).await.unwrap();
        let sites: BTreeSet<_> = keys.iter().map(|key| key.site.unwrap()).collect();
        assert_eq!((keys.len(), sites), (2, BTreeSet::from([test.world.sites[1].id, test.world.sites[2].id])));
        assert!(keys.iter().all(|key| key.sealed.as_ref().unwrap().windows(32).all(|part| part != key.public)));
    }

    async fn what_a_replaced_key_signed_stands_and_the_new_one_signs_the_rest(db: TestDb) {
        let test = TestApp::start(db).await;
        let before = test.published(1, "Trước", now()).await;
        let site = Some(before.site);
        let permit = test.permit::<ManageKeys>();
        let next = keys::rotate((test.store(), test.seal()), &permit, site, now().plus_seconds(1)).await.unwrap();
        let after = test.published(1, "Sau", now().plus_seconds(2)).await;
        assert_eq!(after.live.unwrap().signature.unwrap().key, next.id);
        assert_ne!(before.live.unwrap().signature.unwrap().key, next.id);
        assert_eq!(told(&looked_at(&test).await), [""; 0]);
        let listed = signing_keys::list(test.store(), Some(site)).await.unwrap();
        assert_eq!(listed.iter().map(|key| key.retired_at.is_some()).collect::<Vec<_>>(), [true, false]);
    }

    async fn a_revoked_key_is_believed_for_what_the_log_holds_from_before(db: TestDb) {
        let test = TestApp::start(db).await;
        let before = test.published(1, "Trước", now()).await;
        let key = before.live.as_ref().unwrap().signature.unwrap().key;
        let permit = test.permit::<ManageKeys>();
        keys::revoke(test.store(), &permit, (key, "máy bị mất"), now().plus_seconds(1)).await.unwrap();
        assert_eq!(told(&looked_at(&test).await), [""; 0]);
        let after = test.published(1, "Sau", now().plus_seconds(2)).await;
        assert_ne!(after.live.unwrap().signature.unwrap().key, key);
        // Somebody hides the revocation.
        test.db.meddle("UPDATE signing_key SET revoked_at = NULL, reason = NULL WHERE revoked_at IS NOT NULL").await;
        let told = told(&looked_at(&test).await);
        assert!(told.len() == 1 && told[0].contains("revoked_at: the log says otherwise"), "{told:?}");
    }

    async fn a_key_that_somebody_put_in_is_not_believed(db: TestDb) {
        let test = TestApp::start(db).await;
        Story::told_on(&test).await;
        let forged = if test.db.is_postgres() { "decode(repeat('ab', 32), 'hex')" } else { "zeroblob(32)" };
        test.db.meddle(&format!("UPDATE signing_key SET public = {forged} WHERE site_id IS NOT NULL")).await;
        let told = told(&looked_at(&test).await);
        assert!(told.iter().any(|one| one.starts_with("signing_key") && one.contains("was not made by this instance")), "{told:?}");
        assert!(told.iter().any(|one| one.starts_with("edition") && one.contains("no key of its site")), "{told:?}");
    }

    async fn keys_are_managed_by_the_province_alone(db: TestDb) {
        let test = TestApp::start(db).await;
        for role in Role::ALL.iter().filter(|role| **role != Role::ProvincialAdministrator) {
            assert!(test.actor(*role, 1).permit::<ManageKeys>().is_err(), "{role}");
        }
        let permit = test.actor(Role::ProvincialAdministrator, 1).permit::<ManageKeys>().unwrap();
        let (store, seal) = (test.store(), test.seal());
        assert!(keys::rotate((store, seal), &permit, Some(test.world.sites[1].id), now()).await.is_ok());
        assert!(keys::rotate((store, seal), &permit, Some(test.world.sites[2].id), now()).await.is_err());
        assert!(keys::rotate((store, seal), &permit, None, now()).await.is_err());
        assert_eq!(keys::list(store, &permit).await.unwrap().len(), 1);
    }
}
