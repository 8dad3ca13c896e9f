//! The instance's secrets: made once for each database, sealed there, shared by all nodes, and rotated with the
//! previous ones kept to verify what they signed.

mod seal;

use std::fmt;
use std::path::PathBuf;

use zeroize::Zeroizing;

use lienthong_domain::ids::SecretId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::secrets::{self, Sealed};
use lienthong_persistence::{Record, Store};

use crate::cursor::CursorKey;

pub use seal::SealKey;
pub(crate) use seal::random_key;

/// What a secret is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Signs cursors: 32 random bytes.
    Cursor,
    /// Signs access tokens: the seed of an Ed25519 key.
    Token,
    /// The secret of somebody's authenticator; not of the instance.
    SecondFactor,
}

impl Purpose {
    /// Those of the instance.
    pub const ALL: [Self; 2] = [Self::Cursor, Self::Token];

    /// Stable name, as stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cursor => "cursor",
            Self::Token => "token",
            Self::SecondFactor => "second-factor",
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why the secrets cannot be used. No message repeats a secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// A key file that cannot be read or written.
    #[error("{}: {error}", .0.display(), error = .1)]
    File(PathBuf, #[source] std::io::Error),
    /// A key file that everybody may read.
    #[error("{} can be read by every user of the machine; run chmod 600 on it, and rotate the secrets if others had access", .0.display())]
    Exposed(PathBuf),
    /// Text that is not a key.
    #[error("{0} does not hold a key: base64 of 32 bytes is expected, as `openssl rand -base64 32` makes")]
    NotAKey(String),
    /// The key does not open what the database holds.
    #[error("the seal key does not open the secrets of this database: the key is another one, or they were altered")]
    WrongSealKey,
    /// The operating system gave no random bytes.
    #[error("the system gives no random numbers: {0}")]
    Randomness(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] lienthong_persistence::Error),
}

/// One open secret.
pub(crate) struct Secret {
    pub(crate) id: SecretId,
    /// Since when it only verifies; `None` for the one in use.
    pub(crate) retired_at: Option<Timestamp>,
    pub(crate) bytes: Zeroizing<[u8; seal::KEY]>,
}

/// The secret in use for a purpose, and those before it.
pub(crate) struct Ring {
    pub(crate) current: Secret,
    /// Only verify, latest first.
    pub(crate) retired: Vec<Secret>,
}

/// The open secrets of the instance. Shows nothing of them.
pub struct Secrets {
    cursor: Ring,
    token: Ring,
}

impl Secrets {
    /// Opens the secrets of the database; those that were never made are made. Nodes that start at the same moment
    /// agree on the same secrets.
    ///
    /// # Errors
    /// [`SecretError::WrongSealKey`] when they were sealed with another key.
    pub async fn open(store: &Store, seal: &SealKey, now: Timestamp) -> Result<Self, SecretError> {
        let cursor = ensure(store, seal, Purpose::Cursor, now).await?;
        let token = ensure(store, seal, Purpose::Token, now).await?;
        Ok(Self { cursor, token })
    }

    /// Whether the database holds secrets already, so that it needs the key that sealed them and no new one.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn exist(store: &Store) -> Result<bool, SecretError> {
        for purpose in Purpose::ALL {
            if !secrets::of(store, purpose.as_str()).await?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The key that signs cursors, and those before it.
    pub fn cursor_key(&self) -> CursorKey {
        CursorKey::new(*self.cursor.current.bytes).after(self.cursor.retired.iter().map(|secret| *secret.bytes))
    }

    /// The keys that sign and verify access tokens.
    pub(crate) const fn tokens(&self) -> &Ring {
        &self.token
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

/// Makes a new secret; the one in use until now only verifies from here on.
///
/// # Errors
/// When the database refuses, also because another node did the same at the same moment.
pub async fn rotate(store: &Store, seal: &SealKey, purpose: Purpose, now: Timestamp) -> Result<SecretId, SecretError> {
    let new = fresh(seal, purpose, now)?;
    let tx = store.begin().await?;
    secrets::add(&tx, &new).await?;
    tx.commit(Record::default()).await?;
    Ok(new.id)
}

async fn ensure(store: &Store, seal: &SealKey, purpose: Purpose, now: Timestamp) -> Result<Ring, SecretError> {
    if let Some(ring) = read(store, seal, purpose).await? {
        return Ok(ring);
    }
    let made = make_first(store, &fresh(seal, purpose, now)?).await;
    // A refusal means that another node was first, unless there still is no secret.
    match (read(store, seal, purpose).await?, made) {
        (Some(ring), _) => Ok(ring),
        (None, Err(error)) => Err(error.into()),
        (None, Ok(())) => Err(SecretError::WrongSealKey),
    }
}

async fn make_first(store: &Store, first: &Sealed) -> Result<(), lienthong_persistence::Error> {
    let tx = store.begin().await?;
    secrets::add_first(&tx, first).await?;
    tx.commit(Record::default()).await?;
    Ok(())
}

fn fresh(seal: &SealKey, purpose: Purpose, now: Timestamp) -> Result<Sealed, SecretError> {
    let id = SecretId::new(now);
    let bytes = seal.seal(id, purpose, &*seal::random_key()?)?;
    Ok(Sealed { id, purpose: purpose.as_str().to_owned(), bytes, created_at: now, retired_at: None })
}

async fn read(store: &Store, seal: &SealKey, purpose: Purpose) -> Result<Option<Ring>, SecretError> {
    let mut current = None;
    let mut retired = Vec::new();
    for sealed in secrets::of(store, purpose.as_str()).await? {
        let bytes = seal.unseal(sealed.id, purpose, &sealed.bytes)?;
        let secret = Secret { id: sealed.id, retired_at: sealed.retired_at, bytes };
        match secret.retired_at {
            None => current = Some(secret),
            Some(_) => retired.push(secret),
        }
    }
    Ok(current.map(|current| Ring { current, retired }))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use lienthong_persistence::Location;

    use super::*;

    async fn store(folder: &Path) -> Store {
        let store = Store::open(Location::File(folder.join("lienthong.db"))).await.unwrap();
        store.migrate().await.unwrap();
        store
    }

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(micros)
    }

    fn ids(secrets: &Secrets) -> [SecretId; 2] {
        [secrets.cursor.current.id, secrets.token.current.id]
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn nodes_that_start_at_the_same_moment_share_one_set_of_secrets() {
        let folder = tempfile::tempdir().unwrap();
        store(folder.path()).await;
        let seal = std::sync::Arc::new(SealKey::create(&folder.path().join("seal.key")).unwrap());
        let mut nodes = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (folder, seal) = (folder.path().to_owned(), seal.clone());
            nodes.spawn(async move { Secrets::open(&store(&folder).await, &seal, at(1)).await.unwrap() });
        }
        let opened = nodes.join_all().await;
        for node in &opened {
            assert_eq!(ids(node), ids(&opened[0]));
            assert_eq!(node.token.current.bytes, opened[0].token.current.bytes);
            assert!(node.token.retired.is_empty() && node.cursor.retired.is_empty());
        }
    }

    #[tokio::test]
    async fn rotation_replaces_the_current_secret_and_keeps_the_previous_ones_latest_first() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path()).await;
        let seal = SealKey::create(&folder.path().join("seal.key")).unwrap();
        let first = Secrets::open(&store, &seal, at(1)).await.unwrap();
        let second = rotate(&store, &seal, Purpose::Token, at(2)).await.unwrap();
        let third = rotate(&store, &seal, Purpose::Token, at(3)).await.unwrap();
        let now = Secrets::open(&store, &seal, at(4)).await.unwrap();
        assert_eq!(ids(&now), [first.cursor.current.id, third]);
        let retired: Vec<_> = now.token.retired.iter().map(|secret| secret.id).collect();
        assert_eq!(retired, [second, first.token.current.id]);
    }

    #[tokio::test]
    async fn another_seal_key_opens_nothing_and_makes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path()).await;
        assert!(!Secrets::exist(&store).await.unwrap());
        let [seal, other] = ["a", "b"].map(|name| SealKey::create(&folder.path().join(name)).unwrap());
        let made = Secrets::open(&store, &seal, at(1)).await.unwrap();
        assert!(Secrets::exist(&store).await.unwrap());
        assert!(matches!(Secrets::open(&store, &other, at(2)).await, Err(SecretError::WrongSealKey)));
        assert_eq!(ids(&Secrets::open(&store, &seal, at(3)).await.unwrap()), ids(&made));
        assert_eq!(format!("{made:?}"), "Secrets");
    }
}
