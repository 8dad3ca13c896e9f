//! The hashing of passwords: slow by design, so it has threads of its own and a queue that ends.

use std::num::NonZeroUsize;
use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use tokio::sync::Semaphore;

use lienthong_domain::account::Password;

use super::opaque;
use crate::error::Error;

/// Sign-ins that wait for a thread at most; a further one is told to come back.
const QUEUE: usize = 64;

/// What a hash costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Default for Cost {
    /// The OWASP password storage cheat sheet for Argon2id: 19 MiB, two passes, one lane.
    fn default() -> Self {
        Self { memory: 19 * 1024, passes: 2 }
    }
}

impl Cost {
    /// As little as the algorithm allows, for tests of everything else.
    pub const fn trifling() -> Self {
        Self { memory: 8, passes: 1 }
    }
}

/// Hashes and verifies passwords with Argon2id (RFC 9106), one at a time for each core.
pub struct Passwords {
    hasher: Argon2<'static>,
    params: Params,
    threads: Arc<Semaphore>,
    queue: Semaphore,
    /// The hash of a password that nobody has: verified for names that nobody has, so that both take as long.
    nobodys: String,
}

impl Passwords {
    /// With hashes of this cost from now on; older ones keep theirs until their owner signs in.
    ///
    /// # Errors
    /// [`Error::Internal`] for a cost that the algorithm does not allow.
    pub fn new(cost: Cost) -> Result<Self, Error> {
        let params = Params::new(cost.memory, cost.passes, 1, None).map_err(|error| failed(&error))?;
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let nobodys = hash(&hasher, opaque::random()?.as_slice())?;
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let (threads, queue) = (Arc::new(Semaphore::new(cores)), Semaphore::new(QUEUE));
        Ok(Self { hasher, params, threads, queue, nobodys })
    }

    /// The hash of a password, as a PHC string.
    pub(crate) async fn hash(&self, password: Password) -> Result<String, Error> {
        let hasher = self.hasher.clone();
        self.run(move || hash(&hasher, password.as_bytes())).await?
    }

    /// Whether the password has this hash. Without a hash it takes as long and is wrong.
    pub(crate) async fn verify(&self, password: Password, expected: Option<String>) -> Result<bool, Error> {
        let (hasher, exists) = (self.hasher.clone(), expected.is_some());
        let expected = expected.unwrap_or_else(|| self.nobodys.clone());
        let fits = self.run(move || {
            let Ok(expected) = PasswordHash::new(&expected) else { return false };
            hasher.verify_password(password.as_bytes(), &expected).is_ok()
        });
        Ok(fits.await? && exists)
    }

    /// Whether a hash was made with another cost than today's.
    pub(crate) fn is_outdated(&self, hash: &str) -> bool {
        let params = PasswordHash::new(hash).ok().and_then(|hash| Params::try_from(&hash).ok());
        params.is_none_or(|it| (it.m_cost(), it.t_cost()) != (self.params.m_cost(), self.params.t_cost()))
    }

    /// The thread goes on when the client gives up, and holds its place until it has ended.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
        let _waiting = self.queue.try_acquire().map_err(|_| Error::Throttled { seconds: 1 })?;
        let thread = Arc::clone(&self.threads).acquire_owned().await.map_err(|error| failed(&error))?;
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(thread);
            result
        });
        done.await.map_err(|error| failed(&error))
    }
}

fn hash(hasher: &Argon2<'_>, password: &[u8]) -> Result<String, Error> {
    Ok(hasher.hash_password(password).map_err(|error| failed(&error))?.to_string())
}

fn failed(error: &dyn std::fmt::Display) -> Error {
    Error::Internal(format!("a password cannot be hashed: {error}"))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn password(text: &str) -> Password {
        Password::typed(text).unwrap()
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_of_the_recommended_cost_and_fits_only_its_password() {
        let passwords = Passwords::new(Cost::default()).unwrap();
        let hash = passwords.hash(password("cây đa bến nước")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify(password("cây đa bến nước"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(password("cây đa bến nướC"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(password("x"), Some("no hash".to_owned())).await.unwrap());
        assert!(!passwords.is_outdated(&hash));
        assert!(Passwords::new(Cost::trifling()).unwrap().is_outdated(&hash));
    }

    #[tokio::test]
    async fn a_name_that_nobody_has_takes_as_long_as_a_wrong_password() {
        let passwords = Passwords::new(Cost { memory: 64 * 1024, passes: 3 }).unwrap();
        let hash = passwords.hash(password("đúng mật khẩu")).await.unwrap();
        let mut spent = [0.0; 2];
        for _ in 0..3 {
            for (spent, hash) in spent.iter_mut().zip([Some(hash.clone()), None]) {
                let begun = Instant::now();
                assert!(!passwords.verify(password("sai mật khẩu"), hash).await.unwrap());
                *spent += begun.elapsed().as_secs_f64();
            }
        }
        let ratio = spent[0] / spent[1];
        assert!((0.25..4.0).contains(&ratio), "{spent:?}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_queue_ends_and_says_so() {
        let passwords = Arc::new(Passwords::new(Cost::trifling()).unwrap());
        let held = Arc::clone(&passwords.threads)
            .acquire_many_owned(u32::try_from(passwords.threads.available_permits()).unwrap());
        let held = held.await.unwrap();
        let mut waiting = tokio::task::JoinSet::new();
        for _ in 0..=QUEUE {
            let passwords = Arc::clone(&passwords);
            waiting.spawn(async move { passwords.hash(password("x")).await });
        }
        let first = waiting.join_next().await.unwrap().unwrap();
        assert!(matches!(first, Err(Error::Throttled { seconds: 1 })));
        drop(held);
        assert!(waiting.join_all().await.iter().all(Result::is_ok));
    }
}
