//! What every place of files does, in a folder and in a bucket alike; and what is told of a bucket that cannot be used.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _};
use tempfile::TempDir;
use url::Url;

use lienthong_domain::ids::UploadId;
use lienthong_domain::media::Rendition;
use lienthong_media::{Bucket, BucketError, Kept, Vault, VaultError};
use lienthong_test_support::{TestStore, TestTlsStore};

/// A test that runs on a folder and on a bucket.
macro_rules! in_both_places {
    ($(async fn $name:ident($vault:ident: Vault) $body:block)+) => {$(
        mod $name {
            use super::*;

            async fn body($vault: Vault) $body

            #[tokio::test]
            async fn in_a_folder() {
                let folder = TempDir::new().unwrap();
                body(Vault::in_folder(&folder.path().join("media")).unwrap()).await;
            }

            #[tokio::test]
            async fn in_a_bucket() {
                let store = TestStore::start();
                body(Vault::in_bucket(&bucket(&store)).unwrap()).await;
            }
        }
    )+};
}

fn bucket(store: &TestStore) -> Bucket {
    Bucket {
        endpoint: Url::parse(&store.endpoint).unwrap(),
        region: "us-east-1".to_owned(),
        name: store.bucket.to_owned(),
        prefix: Some("tinh/media".to_owned()),
        access_key_id: store.access_key_id.clone(),
        secret_access_key: store.secret_access_key.clone(),
        path_style: true,
        certificates: None,
    }
}

fn counted(size: u32) -> Vec<u8> {
    (0..size).map(|n| n.to_le_bytes()[0]).collect()
}

fn file_of(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    file
}

async fn part(vault: &Vault, kept: &Kept, range: std::ops::Range<u64>) -> (u64, Vec<u8>) {
    let part = vault.get(kept, Some(range)).await.unwrap();
    let read: Vec<Bytes> = part.bytes.try_collect().await.unwrap();
    (part.size, read.concat())
}

in_both_places! {
    async fn what_is_put_in_comes_out_whole_and_in_part_and_can_be_taken_away(vault: Vault) {
        let kept = Kept::Whole([7; 32]);
        let bytes = counted(20_000_000);
        vault.put_file(&kept, file_of(&bytes)).await.unwrap();
        assert_eq!(vault.read(&kept).await.unwrap(), bytes);
        assert_eq!(part(&vault, &kept, 10..14).await, (20_000_000, vec![10, 11, 12, 13]));
        assert_eq!(part(&vault, &kept, 19_999_998..19_999_999).await, (20_000_000, vec![254]));
        let found: Vec<_> = vault.older_than(Duration::ZERO, SystemTime::now()).try_collect().await.unwrap();
        assert_eq!(found, [(kept.clone(), 20_000_000)]);
        let later = vault.older_than(Duration::from_hours(1), SystemTime::now()).count().await;
        assert_eq!(later, 0);
        vault.remove(&kept).await.unwrap();
        vault.remove(&kept).await.unwrap();
        assert!(matches!(vault.read(&kept).await, Err(VaultError::Missing)));
        assert!(matches!(vault.get(&kept, Some(0..1)).await, Err(VaultError::Missing)));
    }

    async fn every_kind_of_name_is_found_again(vault: Vault) {
        let upload = UploadId::from_uuid("01908f6e-7c2a-7000-8000-4b1d5a2c9e01".parse().unwrap());
        let names =
            [Kept::Whole([0xab; 32]), Kept::Rendition([1; 32], Rendition::DEFAULT), Kept::Part(upload, "7-x".to_owned())];
        for (size, kept) in (1..).zip(&names) {
            // Twice: the same bytes come again when somebody else uploads them.
            vault.put(kept, counted(size).into()).await.unwrap();
            vault.put_file(kept, file_of(&counted(size))).await.unwrap();
            assert_eq!(vault.read(kept).await.unwrap(), counted(size));
        }
        let found: Vec<_> = vault.older_than(Duration::ZERO, SystemTime::now()).try_collect().await.unwrap();
        assert_eq!(found.len(), 3);
        assert!(names.iter().zip(1..).all(|(kept, size)| found.contains(&(kept.clone(), size))), "{found:?}");
    }
}

#[tokio::test]
async fn a_wrong_bucket_key_secret_or_address_is_told_apart_and_without_the_secret() {
    let store = TestStore::start();
    let good = bucket(&store);
    good.greet().await.unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody = Url::parse(&format!("http://{closed}")).unwrap();
    let cases = [
        (Bucket { secret_access_key: "hunter2".to_owned(), ..good.clone() }, "(SignatureDoesNotMatch)"),
        (Bucket { access_key_id: "AKIAHUNTER2".to_owned(), ..good.clone() }, "(InvalidAccessKeyId)"),
        // What the key may not list, the store does not own up to.
        (Bucket { name: "not-ours".to_owned(), ..good.clone() }, "(AccessDenied)"),
        (Bucket { endpoint: nobody, ..good.clone() }, "the store does not answer: client error (Connect): tcp connect"),
    ];
    for (wrong, expected) in cases {
        let shown = wrong.greet().await.unwrap_err().to_string();
        assert!(shown.contains(expected), "{shown}");
        assert!(!shown.contains(&good.secret_access_key) && !shown.to_lowercase().contains("hunter2"), "{shown}");
    }
}

#[tokio::test]
async fn the_certificate_of_a_store_is_believed_when_its_authority_is_listed() {
    let folder = TempDir::new().unwrap();
    let [certificate, key] = ["store.pem", "store.key"].map(|name| folder.path().join(name));
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let store = TestTlsStore::start(&certificate, &key);
    let unknown = Bucket {
        endpoint: Url::parse(&store.endpoint).unwrap(),
        region: "us-east-1".to_owned(),
        name: "lienthong-media".to_owned(),
        prefix: None,
        access_key_id: "x".to_owned(),
        secret_access_key: "x".to_owned(),
        path_style: true,
        certificates: None,
    };
    let refused = unknown.greet().await.unwrap_err();
    assert!(matches!(&refused, BucketError::Silent(why) if why.contains("certificate")), "{refused}");
    let listed = Bucket { certificates: Some(certificate), ..unknown };
    let answered = listed.greet().await.unwrap_err();
    assert!(matches!(answered, BucketError::Missing), "{answered}");
}
