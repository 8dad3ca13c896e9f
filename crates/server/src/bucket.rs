//! The store with the S3 protocol in which files lie, as the configuration has it.

use lienthong_app::library::{Bucket, Vault};

use crate::config::{Config, MediaS3, Secret};
use crate::failure::Failure;
use crate::secret_file;

/// Holds the secret of the access key, where no file does.
const SECRET_VARIABLE: &str = "LIENTHONG_MEDIA_S3_SECRET";

/// The bucket that is configured, if any.
pub(crate) fn configured(config: &Config) -> Result<Option<Bucket>, Failure> {
    settings(config, std::env::var(SECRET_VARIABLE).ok())
}

/// The bucket as a place of files. Asks nobody.
pub(crate) fn vault(bucket: &Bucket) -> Result<Vault, Failure> {
    Vault::in_bucket(bucket).map_err(|error| unusable(bucket, error))
}

/// The same, after the store has answered.
pub(crate) async fn open(bucket: &Bucket) -> Result<Vault, Failure> {
    bucket.greet().await.map_err(|error| unusable(bucket, error))?;
    vault(bucket)
}

/// Whether the bucket could be used, without asking anybody.
pub(crate) fn check(config: &Config) -> Result<(), Failure> {
    configured(config)?.map_or(Ok(()), |bucket| vault(&bucket).map(|_| ()))
}

fn unusable(bucket: &Bucket, error: impl std::fmt::Display) -> Failure {
    let endpoint = bucket.endpoint.as_str().trim_end_matches('/');
    Failure::while_doing(format!("cannot use the bucket {} at {endpoint}", bucket.name), error)
}

fn settings(config: &Config, variable: Option<String>) -> Result<Option<Bucket>, Failure> {
    let s3 = &config.media_s3;
    let Some(endpoint) = &s3.endpoint else {
        let untouched = *s3 == MediaS3::default();
        return if untouched { Ok(None) } else { Err(missing("endpoint")) };
    };
    if config.media.folder.is_some() {
        return Err(Failure::new("files lie in one place: set media.folder or media_s3.endpoint, not both"));
    }
    if endpoint.is_open_to_others() && !s3.plain_http {
        return Err(Failure::new(format!(
            "media_s3.endpoint: everybody on the way to {endpoint} could read and change the files; use https, or set \
             media_s3.plain_http"
        )));
    }
    Ok(Some(Bucket {
        endpoint: endpoint.url().clone(),
        region: s3.region.clone(),
        name: named("bucket", s3.bucket.as_ref())?,
        prefix: s3.prefix.clone(),
        access_key_id: named("access_key_id", s3.access_key_id.as_ref())?,
        secret_access_key: secret(s3, variable)?.expose().to_owned(),
        path_style: s3.path_style,
        certificates: s3.certificates.clone(),
    }))
}

fn named(key: &str, value: Option<&String>) -> Result<String, Failure> {
    value.filter(|text| !text.is_empty()).cloned().ok_or_else(|| missing(key))
}

fn missing(key: &str) -> Failure {
    Failure::new(format!("[media_s3] needs {key} as well"))
}

/// The secret from the file or from the variable, and not from both.
fn secret(s3: &MediaS3, variable: Option<String>) -> Result<Secret, Failure> {
    match (&s3.secret_access_key_file, variable.filter(|text| !text.trim().is_empty())) {
        (Some(_), Some(_)) => {
            Err(Failure::new(format!("set media_s3.secret_access_key_file or {SECRET_VARIABLE}, not both")))
        }
        (Some(file), None) => secret_file::read("media_s3.secret_access_key_file", file),
        (None, Some(text)) => Ok(Secret::new(text.trim())),
        (None, None) => Err(missing(&format!("secret_access_key_file, or {SECRET_VARIABLE} in the environment,"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = r#"
        [media_s3]
        endpoint = "https://s3.hatinh.gov.vn"
        bucket = "lienthong"
        access_key_id = "LTKEY"
    "#;

    fn read(text: &str, variable: Option<&str>) -> Result<Option<Bucket>, Failure> {
        settings(&toml::from_str(text).unwrap(), variable.map(str::to_owned))
    }

    #[test]
    fn without_settings_there_is_no_bucket_and_with_all_there_is_one() {
        assert!(read("", Some("hunter2")).unwrap().is_none());
        let bucket = read(WHOLE, Some("hunter2")).unwrap().unwrap();
        assert_eq!((bucket.endpoint.as_str(), bucket.name.as_str()), ("https://s3.hatinh.gov.vn/", "lienthong"));
        assert_eq!((bucket.region.as_str(), bucket.path_style), ("us-east-1", true));
        assert_eq!(bucket.secret_access_key, "hunter2");
        assert!(!format!("{bucket:?}").contains("hunter2"));
        assert!(vault(&bucket).is_ok());
    }

    #[test]
    fn what_is_missing_or_set_twice_is_told_by_name() {
        let without =
            |line: &str| WHOLE.lines().filter(|it| !it.trim().starts_with(line)).collect::<Vec<_>>().join("\n");
        let cases = [
            (without("endpoint"), "[media_s3] needs endpoint as well"),
            (without("bucket"), "[media_s3] needs bucket as well"),
            (without("access_key_id"), "[media_s3] needs access_key_id as well"),
            (format!("{WHOLE}\n[media]\nfolder = \"/srv\""), "set media.folder or media_s3.endpoint, not both"),
            (format!("{WHOLE}\nsecret_access_key_file = \"x\""), "or LIENTHONG_MEDIA_S3_SECRET, not both"),
        ];
        for (text, expected) in cases {
            let shown = read(&text, Some("hunter2")).unwrap_err().to_string();
            assert!(shown.contains(expected) && !shown.contains("hunter2"), "{shown}");
        }
        let shown = read(WHOLE, None).unwrap_err().to_string();
        assert!(shown.contains("needs secret_access_key_file, or LIENTHONG_MEDIA_S3_SECRET"), "{shown}");
    }

    #[test]
    fn plain_http_stays_on_this_machine_unless_somebody_says_otherwise() {
        for (endpoint, more, fits) in [
            ("http://127.0.0.1:9000", "", true),
            ("http://[::1]:9000", "", true),
            ("http://localhost:9000", "", true),
            ("http://10.7.0.4:9000", "", false),
            ("http://minio:9000", "", false),
            ("http://minio:9000", "plain_http = true", true),
        ] {
            let text = format!("{}\n{more}", WHOLE.replace("https://s3.hatinh.gov.vn", endpoint));
            assert_eq!(read(&text, Some("x")).is_ok(), fits, "{endpoint} {more}");
        }
    }

    #[test]
    fn certificates_that_are_not_there_are_told() {
        let text = format!("{WHOLE}\ncertificates = \"/no/such.pem\"");
        let shown = vault(&read(&text, Some("x")).unwrap().unwrap()).unwrap_err().to_string();
        assert!(
            shown.starts_with("cannot use the bucket lienthong at https://s3.hatinh.gov.vn: /no/such.pem: "),
            "{shown}"
        );
    }
}
