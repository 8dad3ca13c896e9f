//! A bucket of a store with the S3 protocol as the place of files.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use object_store::aws::AmazonS3Builder;
use object_store::client::HttpError;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{BackoffConfig, ObjectStore, RetryConfig};
use url::Url;

use lienthong_outbound::SetupError;

use crate::transport::Transport;
use crate::vault::Vault;

/// Which bucket it is, and who may use it. Nothing of it is asked of the environment or of a metadata service.
#[derive(Clone)]
pub struct Bucket {
    /// Address of the store, `http` or `https`, without the bucket.
    pub endpoint: Url,
    /// Its region; many stores take any.
    pub region: String,
    /// Name of the bucket.
    pub name: String,
    /// What stands before every name in it.
    pub prefix: Option<String>,
    /// Who we are there.
    pub access_key_id: String,
    /// What proves it.
    pub secret_access_key: String,
    /// The bucket stands in the path of an address (`https://store/bucket`), or else in its host (`https://bucket.store`).
    pub path_style: bool,
    /// PEM file with further authorities that may vouch for the store.
    pub certificates: Option<PathBuf>,
}

/// Why a bucket cannot be used. Names neither the key nor the secret.
#[derive(Debug, thiserror::Error)]
pub enum BucketError {
    /// The certificates cannot be used.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// What is set does not make an address.
    #[error("{0}")]
    Address(String),
    /// The store does not know the bucket.
    #[error("there is no such bucket")]
    Missing,
    /// The store knows us not, or not as somebody who may.
    #[error("the store refuses the access key or its secret, or does not let it list the bucket ({0})")]
    Refused(String),
    /// No answer.
    #[error("the store does not answer: {0}")]
    Silent(String),
    /// Another answer than expected.
    #[error("the store fails: {0}")]
    Failed(String),
}

/// Tries after the first one. None begins later than [`LONGEST`] after it.
const RETRIES: usize = 2;
const LONGEST: Duration = Duration::from_secs(30);

/// What a store says when it does not let us in, as far as stores agree on it.
const REFUSALS: [&str; 4] = ["AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "Forbidden"];

/// Longest answer that is repeated, in characters: whatever listens at a wrong address may send a whole page.
const SHOWN: usize = 300;

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint = self.endpoint.as_str();
        f.debug_struct("Bucket").field("endpoint", &endpoint).field("name", &self.name).finish_non_exhaustive()
    }
}

impl Vault {
    /// A bucket that is there. Asks nobody yet; see [`Bucket::greet`].
    ///
    /// # Errors
    /// [`BucketError::Setup`] and [`BucketError::Address`].
    pub fn in_bucket(bucket: &Bucket) -> Result<Self, BucketError> {
        Ok(Self { store: bucket.store(RETRIES)? })
    }
}

impl Bucket {
    /// Asks the store for the first names, once, so that a wrong address, key or bucket is known before a file comes. To
    /// be allowed to list is also what makes a store tell what is missing from what is forbidden.
    ///
    /// # Errors
    /// See [`BucketError`].
    pub async fn greet(&self) -> Result<(), BucketError> {
        let listed = self.store(0)?.list_with_delimiter(None).await;
        listed.map(|_| ()).map_err(|error| judge(&error))
    }

    fn store(&self, max_retries: usize) -> Result<Arc<dyn ObjectStore>, BucketError> {
        self.check()?;
        let backoff = BackoffConfig { max_backoff: Duration::from_secs(2), ..BackoffConfig::default() };
        let store = AmazonS3Builder::new()
            .with_http_connector(Transport::believing(self.certificates.as_deref())?)
            .with_retry(RetryConfig { backoff, max_retries, retry_timeout: LONGEST })
            .with_endpoint(self.address()?.trim_end_matches('/'))
            .with_virtual_hosted_style_request(!self.path_style)
            .with_region(&self.region)
            .with_bucket_name(&self.name)
            .with_access_key_id(&self.access_key_id)
            .with_secret_access_key(&self.secret_access_key)
            // One file goes at a time, and not every store knows the request for many.
            .with_disable_bulk_delete(true)
            .build()
            .map_err(|error| BucketError::Address(error.to_string()))?;
        Ok(match &self.prefix {
            None => Arc::new(store),
            Some(prefix) => Arc::new(PrefixStore::new(store, self::prefix(prefix)?)),
        })
    }

    /// These stand in addresses and in the head of every request.
    fn check(&self) -> Result<(), BucketError> {
        let named = |text: &str| !text.is_empty() && text.bytes().all(is_of_a_name);
        for (what, text) in [("region", &self.region), ("bucket", &self.name)] {
            if !named(text) {
                return Err(BucketError::Address(format!("{text:?} is no name of a {what}")));
            }
        }
        let key = self.access_key_id.as_bytes();
        let fits = !key.is_empty() && key.iter().all(|byte| byte.is_ascii_graphic() && !b"/,".contains(byte));
        if fits { Ok(()) } else { Err(BucketError::Address("the access key id is none".to_owned())) }
    }

    /// The address that names are added to; with the bucket in the path, the client adds that too.
    fn address(&self) -> Result<String, BucketError> {
        let mut url = self.endpoint.clone();
        if !self.path_style {
            let host = format!("{}.{}", self.name, url.host_str().unwrap_or_default());
            let fits = url.set_host(Some(&host)).is_ok() && url.domain().is_some();
            if !fits {
                return Err(BucketError::Address(format!("{host} is no host that the bucket could have")));
            }
        }
        Ok(url.into())
    }
}

const fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

fn prefix(text: &str) -> Result<Path, BucketError> {
    Path::parse(text).map_err(|error| BucketError::Address(format!("the prefix {text:?} does not fit: {error}")))
}

fn judge(error: &object_store::Error) -> BucketError {
    let mut causes = std::iter::successors(Some(error as &(dyn Error + 'static)), |&error| error.source());
    if let Some(http) = causes.find(|cause| cause.is::<HttpError>()) {
        return BucketError::Silent(http.source().unwrap_or(http).to_string());
    }
    let text = error.to_string();
    match code(&text) {
        Some("NoSuchBucket") => BucketError::Missing,
        Some(code) if REFUSALS.contains(&code) => BucketError::Refused(code.to_owned()),
        Some(code) => BucketError::Failed(code.to_owned()),
        None => BucketError::Failed(text.chars().take(SHOWN).collect()),
    }
}

/// The code in the document that a store answers errors with.
fn code(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("<Code>")?;
    rest.split_once("</Code>").map(|(code, _)| code.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket() -> Bucket {
        Bucket {
            endpoint: Url::parse("https://s3.hatinh.gov.vn:9000").unwrap(),
            region: "us-east-1".to_owned(),
            name: "lienthong".to_owned(),
            prefix: None,
            access_key_id: "LTKEY".to_owned(),
            secret_access_key: "hunter2".to_owned(),
            path_style: true,
            certificates: None,
        }
    }

    #[test]
    fn the_bucket_stands_in_the_path_or_in_the_host() {
        assert_eq!(bucket().address().unwrap(), "https://s3.hatinh.gov.vn:9000/");
        let by_host = Bucket { path_style: false, ..bucket() };
        assert_eq!(by_host.address().unwrap(), "https://lienthong.s3.hatinh.gov.vn:9000/");
        let by_number = Bucket { endpoint: Url::parse("https://127.0.0.1:9000").unwrap(), ..by_host };
        assert!(matches!(by_number.address(), Err(BucketError::Address(_))));
    }

    #[test]
    fn a_prefix_is_a_plain_path() {
        for (prefix, fits) in [("media", true), ("/a/b/", true), ("a//b", false), ("../a", false)] {
            let bucket = Bucket { prefix: Some(prefix.to_owned()), ..bucket() };
            assert_eq!(Vault::in_bucket(&bucket).is_ok(), fits, "{prefix}");
        }
    }

    #[test]
    fn names_that_would_end_up_elsewhere_are_refused() {
        for wrong in ["", "a b", "a/b", "a\nb", "á", "a?b"] {
            let wrong = || wrong.to_owned();
            let key = Bucket { access_key_id: format!("{}/", wrong()), ..bucket() };
            for bucket in [Bucket { name: wrong(), ..bucket() }, Bucket { region: wrong(), ..bucket() }, key] {
                assert!(matches!(Vault::in_bucket(&bucket), Err(BucketError::Address(_))), "{bucket:?}");
            }
        }
    }

    #[test]
    fn nothing_that_is_shown_holds_the_secret() {
        let vault = Vault::in_bucket(&bucket()).unwrap();
        let shown = format!("{:?} {vault:#?} {vault:?}", bucket());
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn the_code_of_an_answer_is_found() {
        assert_eq!(code("403: <Error><Code>AccessDenied</Code></Error>"), Some("AccessDenied"));
        assert_eq!(code("<html>"), None);
    }
}
