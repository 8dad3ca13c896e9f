//! The parser against the facts of real procedures, against hostile text and against a real file.

mod national;
mod properties;
mod real;

use unicode_normalization::UnicodeNormalization as _;

use super::{Channel, Field, Method, Parsed, RawRecord, Refused, parse};

/// Parses a record with these parts.
fn record(parts: &[(Field, &str)]) -> Result<Parsed, Refused> {
    let pairs = parts.iter().map(|(field, text)| (field.key().to_owned(), (*text).into()));
    parse(RawRecord::from(pairs.collect::<serde_json::Map<_, _>>()))
}

/// The text of a part as the parser must hand it back.
fn kept(raw: &RawRecord, field: Field) -> String {
    let text = raw.as_map().get(field.key()).and_then(|value| value.as_str()).unwrap_or_default();
    text.nfc().collect()
}

/// What is left of a row when every cell the parser found is taken off its text in order.
fn after_cells(row: &Channel) -> Option<&str> {
    let method = match row.method {
        Method::Online => "Trực tuyến",
        Method::Post => "Dịch vụ bưu chính",
        Method::InPerson => "Trực tiếp",
    };
    let silent = |rest| str::strip_prefix(rest, "Không có thông tin").unwrap_or(rest);
    let rest = row.verbatim.strip_prefix(method)?;
    let rest = row.time.as_ref().map_or(Some(silent(rest)), |time| rest.strip_prefix(time.verbatim.as_str()))?;
    row.fees.iter().try_fold(rest, |rest, fee| silent(rest).strip_prefix(fee.verbatim.as_str()))
}

/// Whether nothing stands between the cells and the description but cells that say nothing.
fn is_whole(rest: &str, description: &str) -> bool {
    let silent = rest.trim().strip_suffix(description);
    silent.is_some_and(|silent| silent.replace("Không có thông tin", "").trim().is_empty())
}

/// Asserts that the parts of a parsed record, put together, are its text again.
fn assert_nothing_lost(parsed: &Parsed) {
    let procedure = &parsed.procedure;
    let table = kept(&procedure.raw, Field::Channels);
    let absent = |text: &str| text.trim().is_empty() || text.trim() == "Không có thông tin";
    if !absent(&table) {
        assert_eq!(procedure.channels.text(), table);
    }
    for row in &procedure.channels.rows {
        let rest = after_cells(row).unwrap_or_else(|| panic!("{row:?}"));
        assert!(is_whole(rest, row.description.as_deref().unwrap_or_default()), "{row:?}");
    }
    let dossier: String = procedure
        .dossier
        .iter()
        .flat_map(|case| {
            let items = case.items.iter().map(|item| item.verbatim.as_str());
            [case.heading.as_str()].into_iter().chain(items).chain([case.trailing.as_str()])
        })
        .collect();
    let text = kept(&procedure.raw, Field::Dossier);
    assert!(dossier == text || procedure.dossier.is_empty(), "{dossier} != {text}");
    let bases: String = procedure.legal_bases.iter().map(|basis| basis.verbatim.as_str()).collect();
    assert!(kept(&procedure.raw, Field::LegalBases).ends_with(&bases), "{bases}");
    let results: String = procedure.results.iter().map(|result| result.verbatim.as_str()).collect();
    assert!(kept(&procedure.raw, Field::Results).starts_with(&results), "{results}");
}
