//! One line of an article file, as `import articles` reads and `export articles` writes it
//! (docs/formats/articles-jsonl.md).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use lienthong_domain::article::{ArticleKind, Cover, Source};
use lienthong_domain::audience::Audience;
use lienthong_domain::time::Timestamp;

/// The keys of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ArticleLine {
    pub(crate) source_id: String,
    pub(crate) site: String,
    pub(crate) category: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) slug: Option<String>,
    #[serde(default)]
    pub(crate) kind: ArticleKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) audience: Option<Audience>,
    pub(crate) title: String,
    pub(crate) summary: String,
    pub(crate) body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) language: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) author: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<SourceLine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cover: Option<CoverLine>,
    pub(crate) published_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) updated_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) topic: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) series: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) corrects: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) original_url: Option<String>,
}

/// The origin of a repost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SourceLine {
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    author: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published_at: Option<Timestamp>,
    #[serde(default)]
    verbatim: bool,
}

/// The lead image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct CoverLine {
    url: String,
    alt: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    caption: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    credit: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
}

/// What is wrong with a line: the key, empty for the line as a whole, and the rule.
pub(crate) type Wrong = (String, String);

/// Reads a line.
///
/// # Errors
/// Every key that is missing, not known, or of the wrong type.
pub(crate) fn parse(line: &[u8]) -> Result<ArticleLine, Vec<Wrong>> {
    // What is known to be UTF-8 is not looked at again string by string.
    let parsed = match simdutf8::basic::from_utf8(line) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(line),
    };
    parsed.map_err(|error| explain(line, &error))
}

const REQUIRED: [&str; 7] = ["sourceId", "site", "category", "title", "summary", "body", "publishedAt"];
#[rustfmt::skip]
const OPTIONAL: [&str; 13] = [
    "slug", "kind", "audience", "language", "tags", "author", "source", "cover", "updatedAt", "topic", "series",
    "corrects", "originalUrl",
];

/// The parser names one fault and seldom the key: look at each key by itself.
fn explain(line: &[u8], error: &serde_json::Error) -> Vec<Wrong> {
    let Ok(found) = serde_json::from_slice::<Map<String, Value>>(line) else {
        return vec![(String::new(), format!("must be one JSON object on one line: {error}"))];
    };
    let missing = REQUIRED.iter().filter(|key| !found.contains_key(**key));
    let mut wrong: Vec<Wrong> = missing.map(|key| ((*key).to_owned(), "is required".to_owned())).collect();
    wrong.extend(found.into_iter().filter_map(|(key, value)| wrong_value(key, value)));
    if wrong.is_empty() {
        wrong.push((String::new(), error.to_string()));
    }
    wrong
}

fn wrong_value(key: String, value: Value) -> Option<Wrong> {
    if !REQUIRED.contains(&key.as_str()) && !OPTIONAL.contains(&key.as_str()) {
        return Some((key, "is not a key of an article".to_owned()));
    }
    let mut sound = json!({
        "sourceId": "", "site": "", "category": "", "title": "", "summary": "", "body": "",
        "publishedAt": Timestamp::default(),
    });
    sound.as_object_mut()?.insert(key.clone(), value);
    let error = serde_json::from_value::<ArticleLine>(sound).err()?;
    Some((key, error.to_string()))
}

impl From<SourceLine> for Source {
    fn from(line: SourceLine) -> Self {
        let SourceLine { name, url, author, published_at, verbatim } = line;
        Self { name, url, author, published_at, verbatim }
    }
}

impl From<Source> for SourceLine {
    fn from(source: Source) -> Self {
        let Source { name, url, author, published_at, verbatim } = source;
        Self { name, url, author, published_at, verbatim }
    }
}

impl From<CoverLine> for Cover {
    fn from(line: CoverLine) -> Self {
        let CoverLine { url, alt, caption, credit, width, height } = line;
        Self { media: None, url, alt, caption, credit, width, height }
    }
}

impl From<Cover> for CoverLine {
    fn from(cover: Cover) -> Self {
        // Another instance has no such file; it gets the address.
        let Cover { media: _, url, alt, caption, credit, width, height } = cover;
        Self { url, alt, caption, credit, width, height }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const FULL: &str = r#"{"sourceId":"7","site":"a.example","category":"tin","slug":"a","kind":"photo","audience":"internal","title":"A",
        "summary":"B","body":"<p>C</p>","language":"vi","tags":["D"],"author":"E",
        "source":{"name":"F","url":"https://f.example/","author":"G","publishedAt":"2024-01-01T00:00:00Z","verbatim":true},
        "cover":{"url":"https://h.example/","alt":"I","caption":"J","credit":"K","width":1,"height":2},
        "publishedAt":"2024-01-02T00:00:00Z","updatedAt":"2024-01-03T00:00:00Z","topic":"tt.tin",
        "series":"nong-thon-moi","corrects":"6","originalUrl":"https://l.example/"}"#;

    #[test]
    fn a_line_is_written_as_it_was_read() {
        let line = parse(FULL.as_bytes()).unwrap();
        let written: Value = serde_json::to_value(&line).unwrap();
        assert_eq!(written, serde_json::from_str::<Value>(FULL).unwrap());
        let keys: BTreeSet<&str> = written.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, REQUIRED.into_iter().chain(OPTIONAL).collect());
    }

    #[test]
    fn every_key_that_is_missing_unknown_or_of_the_wrong_type_is_named() {
        let line = r#"{"sourceId":7,"site":"a","titel":"A","title":"A","summary":"","body":"","publishedAt":"2024-13-01",
            "source":{"name":"F","link":"x"}}"#;
        let wrong = parse(line.as_bytes()).unwrap_err();
        let keys: BTreeSet<&str> = wrong.iter().map(|(key, _)| key.as_str()).collect();
        assert_eq!(keys, BTreeSet::from(["category", "publishedAt", "source", "sourceId", "titel"]));
        assert!(wrong.iter().any(|(_, rule)| rule.contains("`link`")), "{wrong:?}");
    }

    #[test]
    fn what_is_no_object_is_wrong_as_a_whole() {
        for line in ["", "[]", "{", "{} {}", "\u{0}"] {
            let wrong = parse(line.as_bytes()).unwrap_err();
            assert_eq!((wrong.len(), wrong[0].0.as_str()), (1, ""), "{line}: {wrong:?}");
        }
        let twice = FULL.replacen("\"title\":\"A\"", "\"title\":\"A\",\"title\":\"B\"", 1);
        assert!(parse(twice.as_bytes()).unwrap_err()[0].1.contains("duplicate"));
    }
}
