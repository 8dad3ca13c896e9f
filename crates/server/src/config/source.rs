//! Where settings come from.

use std::path::Path;

use toml::{Table, Value};

use super::settings::{Config, SECTIONS};
use crate::failure::Failure;
use crate::telemetry;

/// Every variable of ours begins with this.
const PREFIX: &str = "LIENTHONG_";

/// Variables that are no settings: those of the command line, the seal key, the secret of the store of files, and the
/// commit of a build.
const OTHERS: [&str; 5] =
    ["LIENTHONG_CONFIG", "LIENTHONG_DATA", "LIENTHONG_SEAL_KEY", "LIENTHONG_MEDIA_S3_SECRET", "LIENTHONG_COMMIT"];

/// What the harness of the tests tells its own processes.
const HARNESS: &str = "LIENTHONG_TEST_";

/// Secrets of identity providers, by the provider's key.
const PROVIDER_SECRETS: &str = "LIENTHONG_OIDC_SECRET_";

/// Reads the file, then the variables over it.
pub(crate) fn load(
    file: Option<&Path>,
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, Failure> {
    let mut table = file.map(read).transpose()?.unwrap_or_default();
    let defaults = Table::try_from(Config::default()).map_err(Failure::new)?;
    let mut seen = Table::new();
    for (name, text) in variables {
        let Some((section, key)) = setting_of(&name)? else { continue };
        let value = value_of(&text, defaults.get(section).and_then(|section| section.get(key)));
        check_alone(section, key, &value).map_err(|error| Failure::while_doing(&name, error))?;
        if put(&mut seen, section, key, value.clone()).is_some() {
            return Err(Failure::new(format!("{section}.{key} is set by two variables; {name} is one of them")));
        }
        put(&mut table, section, key, value);
    }
    let config: Config = table.try_into().map_err(Failure::new)?;
    telemetry::filter(&config.log.filter)?;
    if config.server.listen.is_empty() {
        return Err(Failure::new("server.listen names no address"));
    }
    Ok(config)
}

/// The name of the variable of a setting.
pub(super) fn variable(section: &str, key: &str) -> String {
    format!("{PREFIX}{section}__{key}").to_uppercase()
}

/// Reads a file and checks it by itself, so that messages can tell the line.
fn read(file: &Path) -> Result<Table, Failure> {
    let text = std::fs::read_to_string(file).map_err(|error| Failure::while_doing(file.display(), error))?;
    let checked = toml::from_str::<Config>(&text).and_then(|_| toml::from_str::<Table>(&text));
    checked.map_err(|error| {
        let line = error.span().map(|span| text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1);
        let line = line.map(|line| format!(", line {line}")).unwrap_or_default();
        Failure::new(format!("{}{line}: {}", file.display(), error.message()))
    })
}

/// The setting that a variable means; `None` when it is none of ours. One underscore between section and key is
/// understood as two.
fn setting_of(name: &str) -> Result<Option<(&'static str, &'static str)>, Failure> {
    if !name.starts_with(PREFIX)
        || OTHERS.contains(&name)
        || [HARNESS, PROVIDER_SECRETS].iter().any(|it| name.starts_with(it))
    {
        return Ok(None);
    }
    let plain = |name: &str| name.replace("__", "_");
    let settings =
        SECTIONS.iter().flat_map(|section| section.settings.iter().map(|setting| (section.name, setting.key)));
    settings.into_iter().find(|(section, key)| plain(&variable(section, key)) == plain(name)).map(Some).ok_or_else(
        || Failure::new(format!("the environment variable {name} is no setting; see lienthong check-config")),
    )
}

/// The text as the type that the default has; what does not fit stays text, and is refused as such.
fn value_of(text: &str, default: Option<&Value>) -> Value {
    let plain = || Value::String(text.to_owned());
    match default {
        Some(Value::Integer(_)) => text.trim().parse().map_or_else(|_| plain(), Value::Integer),
        Some(Value::Boolean(_)) => text.trim().parse().map_or_else(|_| plain(), Value::Boolean),
        Some(Value::Array(_)) => text
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .map(|item| Value::String(item.to_owned()))
            .collect::<Vec<_>>()
            .into(),
        _ => plain(),
    }
}

fn check_alone(section: &str, key: &str, value: &Value) -> Result<(), String> {
    let mut alone = Table::new();
    put(&mut alone, section, key, value.clone());
    alone.try_into::<Config>().map(|_| ()).map_err(|error| error.message().to_owned())
}

fn put(table: &mut Table, section: &str, key: &str, value: Value) -> Option<Value> {
    let section = table.entry(section).or_insert_with(|| Table::new().into());
    section.as_table_mut().and_then(|section| section.insert(key.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::super::value::Span;
    use super::*;

    fn from_file(text: &str) -> Result<Config, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("lienthong.toml");
        std::fs::write(&file, text).unwrap();
        load(Some(&file), [])
    }

    fn from_variables(variables: &[(&str, &str)]) -> Result<Config, Failure> {
        load(None, variables.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())))
    }

    fn refusal(result: Result<Config, Failure>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn without_a_source_everything_is_as_documented() {
        assert_eq!(load(None, []).unwrap(), Config::default());
    }

    #[test]
    fn a_mistake_in_the_file_is_told_with_its_line_and_what_would_be_right() {
        let table = [
            ("[server]\nlisten = []\nlisten_on = 1\n", "line 3: unknown field `listen_on`, expected one of `listen`"),
            ("\n[sever]\n", "line 2: unknown field `sever`, expected one of `server`"),
            ("[server]\nlisten = \"127.0.0.1:1\"\n", "line 2: invalid type: string"),
            ("[server]\nlisten = [\"localhost\"]\n", "line 2: invalid socket address"),
            ("[server]\nheader_timeout = \"soon\"\n", "line 2: \"soon\" is no length of time"),
            ("[server]\ntrusted_proxies = [\"10.0.0.0/33\"]\n", "line 2: invalid IP address"),
            ("[server\n", "line 1: "),
            ("[log]\nfilter = \"a=b=c\"\n", "log.filter"),
            ("[server]\nlisten = []\n", "names no address"),
        ];
        for (text, expected) in table {
            let shown = refusal(from_file(text));
            assert!(shown.contains(expected), "{shown}");
        }
    }

    #[test]
    fn variables_go_over_the_file_and_reach_every_type() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.toml");
        std::fs::write(&file, "[server]\nmax_connections = 1\nidle_timeout = \"1s\"\n").unwrap();
        let variables = [
            ("LIENTHONG_SERVER__MAX_CONNECTIONS", "7"),
            ("LIENTHONG_SERVER__LISTEN", "127.0.0.1:1, [::1]:2"),
            ("LIENTHONG_SERVER_HEADER_TIMEOUT", "3s"),
            ("LIENTHONG_DATABASE__URL", "postgres://a@b/c"),
            ("LIENTHONG_LOG__FORMAT", "text"),
            ("LIENTHONG_TOKEN__ISSUER", "42"),
            ("LIENTHONG_SEAL_KEY", "x"),
            ("LIENTHONG_TEST_ANYTHING", "x"),
            ("PATH", "/bin"),
        ];
        let config = load(Some(&file), variables.map(|(name, text)| (name.to_owned(), text.to_owned()))).unwrap();
        assert_eq!(config.server.max_connections, 7);
        assert_eq!(config.server.idle_timeout, Span::seconds(1));
        assert_eq!(config.server.header_timeout, Span::seconds(3));
        assert_eq!(config.server.listen, ["127.0.0.1:1".parse().unwrap(), "[::1]:2".parse().unwrap()]);
        assert_eq!(config.token.issuer, "42");
    }

    #[test]
    fn a_variable_that_is_no_setting_or_has_no_fitting_value_is_refused_by_name() {
        let table: [(&[(&str, &str)], &str); 5] = [
            (&[("LIENTHONG_SERVER__LISTEM", "x")], "LIENTHONG_SERVER__LISTEM is no setting"),
            (&[("LIENTHONG_PORT", "1")], "LIENTHONG_PORT is no setting"),
            (&[("LIENTHONG_SERVER__MAX_CONNECTIONS", "many")], "LIENTHONG_SERVER__MAX_CONNECTIONS: invalid type"),
            (&[("LIENTHONG_SERVER__MAX_CONNECTIONS", "-1")], "LIENTHONG_SERVER__MAX_CONNECTIONS: invalid value"),
            (&[("LIENTHONG_LOG__FILTER", "a"), ("LIENTHONG_LOG_FILTER", "b")], "log.filter is set by two variables"),
        ];
        for (variables, expected) in table {
            let shown = refusal(from_variables(variables));
            assert!(shown.contains(expected), "{shown}");
        }
    }

    #[test]
    fn no_two_settings_have_the_same_variable() {
        let mut names: Vec<_> = SECTIONS
            .iter()
            .flat_map(|section| section.settings.iter().map(|setting| variable(section.name, setting.key)))
            .map(|name| name.replace("__", "_"))
            .chain(OTHERS.map(str::to_owned))
            .collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
