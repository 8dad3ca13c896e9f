//! A small world with people in it.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use lienthong_app::Error;
use lienthong_app::accounts::{Accounts, Cost, Passwords, Rules};
use lienthong_app::commands::accounts::{self, Invitation, Manager, SignIn, SignedIn};
use lienthong_app::queries::actors;
use lienthong_app::secrets::{SealKey, Secrets};
use lienthong_app::tokens::Tokens;
use lienthong_domain::access::{Actor, Role};
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::Store;
use lienthong_persistence::actors::Reach;
use lienthong_test_support::{TestApp, TestDb, at};

pub(crate) const PASSWORD: &str = "cầu treo qua suối Rào";

pub(crate) struct People {
    pub(crate) test: TestApp,
    pub(crate) accounts: Accounts,
    pub(crate) tokens: Arc<Tokens>,
    _folder: tempfile::TempDir,
}

/// So many seconds after the tests begin.
pub(crate) fn after(seconds: i64) -> Timestamp {
    at("2026-07-01T00:00:00Z").plus_seconds(seconds)
}

pub(crate) const HOME: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));

/// The `n`-th address of strangers.
pub(crate) fn elsewhere(n: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(198, 51, 100, n))
}

pub(crate) fn operator() -> Manager {
    Manager::of(&Actor::operator(ActorId::new(after(0)))).unwrap()
}

pub(crate) fn code<T>(outcome: Result<T, Error>) -> &'static str {
    outcome.err().map_or("DONE", |error| error.code().as_str())
}

impl People {
    pub(crate) async fn start(db: TestDb) -> Self {
        let test = TestApp::start(db).await;
        let folder = tempfile::tempdir().unwrap();
        let seal = SealKey::create(&folder.path().join("seal.key")).unwrap();
        let secrets = Secrets::open(test.store(), &seal, after(0)).await.unwrap();
        let tokens = Arc::new(Tokens::new(&secrets, "lienthong", "lienthong-api"));
        let passwords = Passwords::new(Cost::trifling()).unwrap();
        let accounts = Accounts::new(Arc::clone(&tokens), Arc::new(seal), passwords, Rules::default());
        Self { test, accounts, tokens, _folder: folder }
    }

    pub(crate) fn store(&self) -> &Store {
        self.test.store()
    }

    pub(crate) fn site(&self, site: usize) -> Reach {
        Reach::Site(self.test.world.sites[site].id)
    }

    /// Invites somebody and accepts for them.
    pub(crate) async fn person(&self, name: &str, role: Role, reach: Reach) -> ActorId {
        let new = invitation(name, role, reach);
        let issued = accounts::invite(self.store(), &operator(), (&Rules::default(), &new), after(0)).await.unwrap();
        accounts::accept(self.store(), &self.accounts, (&issued.token, PASSWORD), after(1)).await.unwrap();
        issued.account
    }

    pub(crate) async fn manager(&self, id: ActorId, now: Timestamp) -> Manager {
        let bearer = actors::Bearer { actor: id, session: None, issued_at: now };
        Manager::of(&actors::find(&self.test, bearer, now).await.unwrap().unwrap().actor).unwrap()
    }

    pub(crate) async fn sign_in(&self, name: &str, password: &str, now: Timestamp) -> Result<SignedIn, Error> {
        self.sign_in_from(HOME, (name, password), now).await
    }

    pub(crate) async fn sign_in_from(
        &self,
        address: IpAddr,
        (name, password): (&str, &str),
        now: Timestamp,
    ) -> Result<SignedIn, Error> {
        accounts::sign_in(self.store(), &self.accounts, &SignIn { name, password, code: None, address }, now).await
    }

    pub(crate) async fn refresh(&self, token: &str, now: Timestamp) -> Result<SignedIn, Error> {
        accounts::refresh(self.store(), &self.accounts, token, now).await
    }

    /// Whether an access token is taken.
    pub(crate) async fn is_let_in(&self, access: &str, now: Timestamp) -> bool {
        let Ok(verified) = self.tokens.verify(access, now) else { return false };
        actors::find(&self.test, verified.bearer(), now).await.unwrap().is_some()
    }
}

pub(crate) fn invitation(name: &str, role: Role, reach: Reach) -> Invitation {
    Invitation { name: name.to_owned(), display_name: "Nguyễn Thị Lan".to_owned(), roles: vec![(role, reach)] }
}
