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

/// First byte of a cursor of entries, before time and entry. The first byte tells the length, so that no part of one layout
/// can be taken for the end of another.
const ENTRY_LAYOUT: u8 = 1;
/// First byte of a cursor of reference data, before the identity.
const ITEM_LAYOUT: u8 = 2;
/// Bytes of a signature, with which every cursor ends.
const SIGNATURE: usize = 16;

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
            // What lists sign begins with a layout.
            hasher.update(b"search ").update(search.as_bytes());
            *hasher.finalize().as_bytes()
        };
        Self { signing: bound(&self.signing), previous: self.previous.iter().map(bound).collect() }
    }

    /// The cursor that stands for `key` in `listing`.
    pub fn sign(&self, listing: &Listing, key: Key) -> String {
        let mut bytes = Vec::with_capacity(1 + 8 + 16 + SIGNATURE);
        bytes.push(ENTRY_LAYOUT);
        bytes.extend(key.at.as_micros().to_be_bytes());
        bytes.extend(key.entry.as_uuid().as_bytes());
        self.seal(bytes, |hasher| bind(hasher, listing))
    }

    /// Reads a cursor of `listing`.
    ///
    /// # Errors
    /// [`Error::InvalidCursor`] for anything that none of the keys signed for this very list.
    pub fn read(&self, listing: &Listing, cursor: &str) -> Result<Key, Error> {
        let signed = self.open(cursor, ENTRY_LAYOUT, |hasher| bind(hasher, listing))?;
        let (at, entry) = signed.split_first_chunk::<8>().ok_or(Error::InvalidCursor)?;
        let entry = Uuid::from_slice(entry).map_err(|_| Error::InvalidCursor)?;
        Ok(Key { at: Timestamp::from_micros(i64::from_be_bytes(*at)), entry: EntryId::from_uuid(entry) })
    }

    /// The cursor that stands for `item` in the list of reference data that is called `list`.
    pub fn sign_item(&self, list: &str, item: Uuid) -> String {
        let mut bytes = Vec::with_capacity(1 + 16 + SIGNATURE);
        bytes.push(ITEM_LAYOUT);
        bytes.extend(item.as_bytes());
        self.seal(bytes, |hasher| bind_name(hasher, list))
    }

    /// Reads a cursor of the list of reference data that is called `list`.
    ///
    /// # Errors
    /// [`Error::InvalidCursor`] for anything that none of the keys signed for this very list.
    pub fn read_item(&self, list: &str, cursor: &str) -> Result<Uuid, Error> {
        let signed = self.open(cursor, ITEM_LAYOUT, |hasher| bind_name(hasher, list))?;
        Uuid::from_slice(&signed).map_err(|_| Error::InvalidCursor)
    }

    fn seal(&self, mut bytes: Vec<u8>, bind: impl Fn(&mut blake3::Hasher)) -> String {
        let signature = signature(&self.signing, &bytes, bind);
        bytes.extend(signature);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a cursor says after its layout, if one of the keys signed it for what is bound.
    fn open(&self, cursor: &str, layout: u8, bind: impl Fn(&mut blake3::Hasher)) -> Result<Vec<u8>, Error> {
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| Error::InvalidCursor)?;
        let (signed, given) = bytes.split_last_chunk::<SIGNATURE>().ok_or(Error::InvalidCursor)?;
        let given = blake3::Hash::from_bytes(widen(given));
        // BLAKE3 compares hashes in constant time.
        let is_by = |key| given == blake3::Hash::from_bytes(widen(&signature(key, signed, &bind)));
        let is_ours = is_by(&self.signing) || self.previous.iter().any(is_by);
        match signed.split_first() {
            Some((first, rest)) if is_ours && *first == layout => Ok(rest.to_vec()),
            _ => Err(Error::InvalidCursor),
        }
    }
}

fn signature(key: &[u8; 32], signed: &[u8], bind: impl Fn(&mut blake3::Hasher)) -> [u8; SIGNATURE] {
    let mut hasher = blake3::Hasher::new_keyed(key);
    hasher.update(signed);
    bind(&mut hasher);
    let mut signature = [0; SIGNATURE];
    hasher.finalize_xof().fill(&mut signature);
    signature
}

fn bind_name(hasher: &mut blake3::Hasher, list: &str) {
    hasher.update(list.as_bytes());
}

/// Everything that tells a list of entries from others.
fn bind(hasher: &mut blake3::Hasher, listing: &Listing) {
    let Listing { scope, order, from, to, language, article_kind, categories, topics } = listing;
    hasher.update(scope.as_bytes());
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
    fn a_cursor_of_reference_data_reads_back_on_its_own_list_alone() {
        let (old, item) = (CursorKey::new([7; 32]), Uuid::from_u128(7));
        let cursor = old.sign_item("sites", item);
        assert_eq!(old.read_item("sites", &cursor).unwrap(), item);
        let rotated = CursorKey::new([8; 32]).after([[7; 32]]);
        assert_eq!(rotated.read_item("sites", &cursor).unwrap(), item);
        for other in ["sites within x", "site", "units", ""] {
            assert!(matches!(old.read_item(other, &cursor), Err(Error::InvalidCursor)), "{other:?}");
        }
        assert!(old.read(&listing(), &cursor).is_err());
        assert!(old.read_item("sites", &old.sign(&listing(), key())).is_err());
        assert!(CursorKey::new([8; 32]).read_item("sites", &cursor).is_err());
    }

    #[test]
    fn no_byte_of_a_cursor_can_be_changed_nor_left_out_nor_added() {
        let signer = CursorKey::new([7; 32]);
        let is_read =
            |cursor: &str| signer.read(&listing(), cursor).is_ok() || signer.read_item("sites", cursor).is_ok();
        for cursor in [signer.sign(&listing(), key()), signer.sign_item("sites", Uuid::from_u128(7))] {
            let bytes = URL_SAFE_NO_PAD.decode(&cursor).unwrap();
            for at in 0..bytes.len() {
                let mut forged = bytes.clone();
                forged[at] ^= 1;
                assert!(!is_read(&URL_SAFE_NO_PAD.encode(forged)), "byte {at}");
                assert!(!is_read(&URL_SAFE_NO_PAD.encode(&bytes[..at])), "{at} bytes");
            }
            assert!(!is_read(&URL_SAFE_NO_PAD.encode([&bytes[..], &[0]].concat())));
        }
        for junk in ["", "x", "💥", "AAAA"] {
            assert!(!is_read(junk), "{junk:?}");
        }
    }
}
