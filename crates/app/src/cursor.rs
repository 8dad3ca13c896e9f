//! Cursors: opaque, versioned, signed, and bound to the list that handed them out.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use lienthong_domain::ids::EntryId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::live_entries::{Key, Listing, Order};

use crate::error::Error;

/// Signs and reads cursors. All nodes of an instance share the keys.
#[derive(Clone)]
pub struct CursorKey {
    signing: [u8; 32],
    /// Those before it, which only read.
    previous: Vec<[u8; 32]>,
}

/// First byte of every cursor; another layout gets another number.
const LAYOUT: u8 = 1;
/// Layout, time, entry, signature.
const LENGTH: usize = 1 + 8 + 16 + 16;

impl CursorKey {
    /// Wraps the instance's secret.
    pub const fn new(secret: [u8; 32]) -> Self {
        Self { signing: secret, previous: Vec::new() }
    }

    /// Reads what the secrets before this one signed, too: readers in the middle of a list go on after a rotation.
    #[must_use]
    pub fn after(self, previous: impl IntoIterator<Item = [u8; 32]>) -> Self {
        Self { previous: previous.into_iter().collect(), ..self }
    }

    /// The key for cursors of a search: what it signs is bound to the search besides the list.
    #[must_use]
    pub fn bound_to(&self, search: &str) -> Self {
        let bound = |key: &[u8; 32]| {
            let mut hasher = blake3::Hasher::new_keyed(key);
            // What lists sign begins with the layout.
            hasher.update(b"search ").update(search.as_bytes());
            *hasher.finalize().as_bytes()
        };
        Self { signing: bound(&self.signing), previous: self.previous.iter().map(bound).collect() }
    }

    /// The cursor that stands for `key` in `listing`.
    pub fn sign(&self, listing: &Listing, key: Key) -> String {
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.push(LAYOUT);
        bytes.extend(key.at.as_micros().to_be_bytes());
        bytes.extend(key.entry.as_uuid().as_bytes());
        let signature = signature(&self.signing, listing, &bytes);
        bytes.extend(signature);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a cursor of `listing`.
    ///
    /// # Errors
    /// [`Error::InvalidCursor`] for anything that none of the keys signed for this very list.
    pub fn read(&self, listing: &Listing, cursor: &str) -> Result<Key, Error> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Error::InvalidCursor)?;
        let bytes: &[u8; LENGTH] = bytes.as_slice().try_into().map_err(|_| Error::InvalidCursor)?;
        let (signed, given) = bytes.split_at(LENGTH - 16);
        let given = blake3::Hash::from_bytes(widen(given));
        // BLAKE3 compares hashes in constant time.
        let is_by = |key| given == blake3::Hash::from_bytes(widen(&signature(key, listing, signed)));
        let is_ours = is_by(&self.signing) || self.previous.iter().any(is_by);
        let (layout, rest) = signed.split_first().ok_or(Error::InvalidCursor)?;
        let (at, entry) = rest.split_first_chunk::<8>().ok_or(Error::InvalidCursor)?;
        if !is_ours || *layout != LAYOUT {
            return Err(Error::InvalidCursor);
        }
        let entry = Uuid::from_slice(entry).map_err(|_| Error::InvalidCursor)?;
        Ok(Key { at: Timestamp::from_micros(i64::from_be_bytes(*at)), entry: EntryId::from_uuid(entry) })
    }
}

fn signature(key: &[u8; 32], listing: &Listing, signed: &[u8]) -> [u8; 16] {
    let Listing { scope, order, from, to, language, article_kind, categories, topics } = listing;
    let mut hasher = blake3::Hasher::new_keyed(key);
    hasher.update(signed).update(scope.as_bytes());
    hasher.update(match order {
        Order::Published => b"p",
        Order::Updated => b"u",
    });
    for bound in [from, to] {
        hasher.update(&bound.map_or(i64::MIN, Timestamp::as_micros).to_be_bytes());
    }
    hasher.update(language.as_deref().unwrap_or("-").as_bytes()).update(&[0]);
    hasher.update(article_kind.map_or("-", |kind| kind.as_str()).as_bytes()).update(&[0]);
    // The first is the one that was asked for; those below it may become more while somebody turns pages.
    hasher.update(topics.first().map(|topic| topic.as_uuid()).unwrap_or_default().as_bytes());
    for category in categories {
        hasher.update(category.as_uuid().as_bytes());
    }
    let mut signature = [0; 16];
    hasher.finalize_xof().fill(&mut signature);
    signature
}

fn widen(half: &[u8]) -> [u8; 32] {
    let mut whole = [0; 32];
    for (to, from) in whole.iter_mut().zip(half) {
        *to = *from;
    }
    whole
}

#[cfg(test)]
mod tests {
    use lienthong_domain::entry::EntryKind;
    use lienthong_domain::scope::{Place, ScopeKey, Subject};

    use super::*;

    fn listing() -> Listing {
        Listing {
            scope: ScopeKey::list(EntryKind::Article, Place::Instance, &Subject::Any),
            order: Order::Published,
            from: None,
            to: None,
            language: None,
            article_kind: None,
            categories: vec![],
            topics: Vec::new(),
        }
    }

    fn key() -> Key {
        Key { at: Timestamp::from_micros(1_720_000_000_000_001), entry: EntryId::from_uuid(Uuid::from_u128(7)) }
    }

    #[test]
    fn a_cursor_reads_back_on_the_list_that_made_it() {
        let signer = CursorKey::new([7; 32]);
        let cursor = signer.sign(&listing(), key());
        assert_eq!(signer.read(&listing(), &cursor).unwrap(), key());
    }

    #[test]
    fn a_cursor_of_another_list_order_filter_or_instance_is_refused() {
        let signer = CursorKey::new([7; 32]);
        let cursor = signer.sign(&listing(), key());
        let others = [
            Listing { order: Order::Updated, ..listing() },
            Listing { from: Some(Timestamp::from_micros(0)), ..listing() },
            Listing { to: Some(Timestamp::from_micros(0)), ..listing() },
            Listing { language: Some("en".to_owned()), ..listing() },
            Listing { scope: ScopeKey::list(EntryKind::Procedure, Place::Instance, &Subject::Any), ..listing() },
        ];
        for other in others {
            assert!(matches!(signer.read(&other, &cursor), Err(Error::InvalidCursor)), "{other:?}");
        }
        assert!(CursorKey::new([8; 32]).read(&listing(), &cursor).is_err());
    }

    #[test]
    fn a_cursor_outlives_rotations_of_the_key_and_is_signed_by_the_latest() {
        let [first, second, third] = [1, 2, 3].map(|byte| [byte; 32]);
        let old = CursorKey::new(first);
        let now = CursorKey::new(third).after([second, first]);
        for (old, now) in [(old.clone(), now.clone()), (old.bound_to("a"), now.bound_to("a"))] {
            assert_eq!(now.read(&listing(), &old.sign(&listing(), key())).unwrap(), key());
            assert!(old.read(&listing(), &now.sign(&listing(), key())).is_err());
        }
    }

    #[test]
    fn a_cursor_of_a_search_is_refused_by_the_list_and_by_other_searches() {
        let list = CursorKey::new([7; 32]);
        let search = list.bound_to("duc tho");
        let cursor = search.sign(&listing(), key());
        assert_eq!(list.bound_to("duc tho").read(&listing(), &cursor).unwrap(), key());
        assert!(list.read(&listing(), &cursor).is_err());
        assert!(list.bound_to("\"duc tho\"").read(&listing(), &cursor).is_err());
        assert!(search.read(&listing(), &list.sign(&listing(), key())).is_err());
    }

    #[test]
    fn no_byte_of_a_cursor_can_be_changed() {
        let signer = CursorKey::new([7; 32]);
        let bytes = URL_SAFE_NO_PAD.decode(signer.sign(&listing(), key())).unwrap();
        for at in 0..bytes.len() {
            let mut forged = bytes.clone();
            forged[at] ^= 1;
            assert!(signer.read(&listing(), &URL_SAFE_NO_PAD.encode(forged)).is_err(), "byte {at}");
        }
        for junk in ["", "x", "💥", "AAAA"] {
            assert!(signer.read(&listing(), junk).is_err(), "{junk:?}");
        }
    }
}
