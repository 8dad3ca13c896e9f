//! Which database it is, whether its schema fits, and the secrets in it.

use std::path::Path;
use std::time::Duration;

use chrono::Utc;
use url::Url;

use lienthong_app::secrets::{SealKey, Secrets};
use lienthong_domain::time::Timestamp;
use lienthong_persistence::{Location, SchemaState, Store};

use crate::config::{Config, Database};
use crate::data_folder::DataFolder;
use crate::failure::Failure;

/// Holds the seal key of an instance on `PostgreSQL`.
const SEAL_KEY_VARIABLE: &str = "LIENTHONG_SEAL_KEY";

/// How long the server of a database may take to accept a connection.
const REACH: Duration = Duration::from_secs(3);

/// Opens the configured database, whatever the state of its schema.
pub(crate) async fn open(config: &Config, folder: &DataFolder) -> Result<Store, Failure> {
    let location = match &config.database.url {
        None => Location::File(folder.database()),
        Some(url) => {
            let url = with_password(url.expose(), config.database.password_file.as_deref())?;
            reach(&url).await?;
            Location::Postgres(url.into())
        }
    };
    Ok(Store::open(location).await?)
}

/// Opens the database for a command. `SQLite` is migrated here, unless a server is at work on it.
pub(crate) async fn open_ready(config: &Config, folder: &DataFolder) -> Result<Store, Failure> {
    let store = open(config, folder).await?;
    if is_sqlite(config) && store.schema_state().await? == SchemaState::Older {
        let _lock = folder.lock()?;
        store.migrate().await?;
    }
    require_current(&store).await?;
    Ok(store)
}

/// Brings the schema up to date where that is allowed, and refuses one that does not fit.
pub(crate) async fn prepare(store: &Store, may_migrate: bool) -> Result<(), Failure> {
    if may_migrate && store.schema_state().await? == SchemaState::Older {
        store.migrate().await?;
    }
    require_current(store).await
}

/// Whether the content lies in the data folder.
pub(crate) const fn is_sqlite(config: &Config) -> bool {
    config.database.url.is_none()
}

/// Where the content lies, for people.
pub(crate) fn shown(config: &Config, folder: &DataFolder) -> String {
    if is_sqlite(config) { folder.database().display().to_string() } else { "PostgreSQL".to_owned() }
}

/// The key that seals the secrets. On `SQLite` it is made with the first secrets, and never again: a new key would
/// open none of them.
pub(crate) async fn seal_key(config: &Config, folder: &DataFolder, store: &Store) -> Result<SealKey, Failure> {
    if !is_sqlite(config) {
        return shared_seal_key(&config.database, std::env::var(SEAL_KEY_VARIABLE).ok());
    }
    let file = folder.seal_key();
    if let Some(key) = SealKey::read(&file)? {
        return Ok(key);
    }
    if Secrets::exist(store).await? {
        return Err(Failure::new(format!(
            "{} is missing, and the secrets of the database are sealed with it: put it back, or see lienthong restore \
             --new-secrets",
            file.display()
        )));
    }
    Ok(SealKey::create(&file)?)
}

/// This moment.
pub(crate) fn now() -> Timestamp {
    Timestamp::from(Utc::now())
}

async fn require_current(store: &Store) -> Result<(), Failure> {
    match store.schema_state().await? {
        SchemaState::Current => Ok(()),
        SchemaState::Older => Err(Failure::new(
            "the schema of the database is older than this program: run lienthong migrate, or serve with --migrate",
        )),
        SchemaState::Newer => Err(Failure::new(
            "the schema of the database is newer than this program: install the version that migrated it",
        )),
    }
}

fn shared_seal_key(config: &Database, variable: Option<String>) -> Result<SealKey, Failure> {
    match (&config.seal_key_file, variable) {
        (Some(_), Some(_)) => Err(Failure::new(format!("set database.seal_key_file or {SEAL_KEY_VARIABLE}, not both"))),
        (None, Some(text)) => Ok(SealKey::from_base64(&text, SEAL_KEY_VARIABLE)?),
        (Some(file), None) => SealKey::read(file)?
            .ok_or_else(|| Failure::new(format!("database.seal_key_file: {} does not exist", file.display()))),
        (None, None) => Err(Failure::new(format!(
            "PostgreSQL needs a seal key, the same on every node: set database.seal_key_file or {SEAL_KEY_VARIABLE} to \
             what openssl rand -base64 32 makes"
        ))),
    }
}

fn with_password(url: &str, password_file: Option<&Path>) -> Result<Url, Failure> {
    let expected = || Failure::new("the database URL is not of the form postgres://user@host:port/database");
    let mut url = Url::parse(url).map_err(|_| expected())?;
    if !matches!(url.scheme(), "postgres" | "postgresql") || url.cannot_be_a_base() {
        return Err(expected());
    }
    if let Some(file) = password_file {
        let password = std::fs::read_to_string(file)
            .map_err(|error| Failure::while_doing(format!("database.password_file: {}", file.display()), error))?;
        url.set_password(Some(password.trim_end_matches(['\r', '\n']))).map_err(|()| expected())?;
    }
    Ok(url)
}

/// The pool would try a dead address again until its patience ends; one attempt tells at once what is wrong.
async fn reach(url: &Url) -> Result<(), Failure> {
    let host = url.host_str().unwrap_or_default();
    let by_socket = host.is_empty() || host.contains('%') || url.query_pairs().any(|(name, _)| name == "host");
    if by_socket {
        return Ok(());
    }
    let host = host.trim_matches(['[', ']']);
    let port = url.port().unwrap_or(5432);
    let doing = format!("cannot reach PostgreSQL at {host}:{port}");
    match tokio::time::timeout(REACH, tokio::net::TcpStream::connect((host, port))).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(Failure::while_doing(doing, error)),
        Err(_) => Err(Failure::while_doing(doing, format!("no answer within {} seconds", REACH.as_secs()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(seal_key_file: Option<&Path>) -> Database {
        Database { seal_key_file: seal_key_file.map(Path::to_owned), ..Database::default() }
    }

    #[test]
    fn the_password_of_a_file_goes_into_the_address_whatever_its_letters() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        std::fs::write(&file, "p@ss/w:rd\n").unwrap();
        let url = with_password("postgres://me@db/lienthong", Some(&file)).unwrap();
        assert_eq!(url.as_str(), "postgres://me:p%40ss%2Fw%3Ard@db/lienthong");
    }

    #[test]
    fn an_address_of_another_kind_is_refused_without_repeating_it() {
        for url in ["mysql://me:hunter2@db/x", "me:hunter2@db", "postgres:hunter2", "hunter2", ""] {
            let refused = with_password(url, None).unwrap_err().to_string();
            assert!(refused.contains("postgres://user@host") && !refused.contains("hunter2"), "{refused}");
        }
    }

    #[test]
    fn postgresql_takes_its_seal_key_from_exactly_one_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("seal.key");
        let missing = shared_seal_key(&database(Some(&file)), None).err().unwrap().to_string();
        assert!(missing.contains("does not exist"), "{missing}");
        SealKey::create(&file).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(shared_seal_key(&database(Some(&file)), None).is_ok());
        assert!(shared_seal_key(&database(None), Some(text.clone())).is_ok());
        for (config, variable) in [(database(Some(&file)), Some(text)), (database(None), None)] {
            let refused = shared_seal_key(&config, variable).err().unwrap().to_string();
            assert!(refused.contains("seal_key_file") && refused.contains("LIENTHONG_SEAL_KEY"), "{refused}");
        }
    }

    #[tokio::test]
    async fn a_dead_address_is_told_at_once() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let url = Url::parse(&format!("postgres://me:hunter2@127.0.0.1:{port}/x")).unwrap();
        let refused = reach(&url).await.unwrap_err().to_string();
        assert!(refused.starts_with(&format!("cannot reach PostgreSQL at 127.0.0.1:{port}: ")), "{refused}");
        assert!(!refused.contains("hunter2"));
    }
}
