//! A real file of national records, when it lies beside the workspace: what is understood, counted.

use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::super::{ContentHash, Field, Parsed, Procedure, file, parse};
use super::assert_nothing_lost;

/// A file of real data beside the workspace or one of its parents.
fn shared_data(name: &str) -> Option<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared/data").join(name))
        .find(|path| path.is_file())
}

/// The file, parsed once for all tests.
fn national() -> Option<&'static (file::ParseReport, Vec<Parsed>)> {
    static NATIONAL: LazyLock<Option<(file::ParseReport, Vec<Parsed>)>> = LazyLock::new(|| {
        let source = std::fs::File::open(shared_data("procedures-sample.jsonl.gz")?).unwrap();
        let mut all = Vec::new();
        let report = file::read(BufReader::new(flate2::read::GzDecoder::new(source)), |_, parsed| all.push(parsed));
        Some((report, all))
    });
    NATIONAL.as_ref()
}

/// Measured on 640 records: 639 procedures and one list of procedures, 1,716 rows of channels, 53 pieces not understood:
/// 10 parentheses never closed, 2 rows whose digits part in two ways, 6 dossiers that the export cut in the wrong place,
/// 26 file names without a clear beginning, 8 legal bases without a number, 1 table of legal bases that is none.
#[test]
fn the_national_sample_is_understood_but_for_few_pieces() {
    let Some((report, all)) = national() else { return };
    println!("{report:#?}");
    assert_eq!((report.records, report.refused.len(), report.broken_lines.len()), (639, 1, 0));
    assert!(report.not_understood_total() <= 53, "{} pieces", report.not_understood_total());
    assert!(report.channels >= 1716 && report.without_channels == 0, "{} channels", report.channels);
    assert!(report.dossier_items >= 3348 && report.legal_bases >= 2500 && report.results >= 889, "{report:?}");
    let not_understood = |field| report.not_understood.get(&field).map_or(0, |reasons| reasons.values().sum::<usize>());
    let most = [(Field::Channels, 12), (Field::Dossier, 32), (Field::LegalBases, 9)];
    for field in Field::ALL {
        let limit = most.iter().find(|(limited, _)| *limited == field).map_or(0, |(_, limit)| *limit);
        assert!(not_understood(field) <= limit, "{field:?}: {} pieces not understood", not_understood(field));
    }
    assert!(all.iter().filter(|parsed| !parsed.procedure.steps.steps.is_empty()).count() >= 385);
}

#[test]
fn every_national_record_gives_its_text_back() {
    let Some((_, all)) = national() else { return };
    for parsed in all {
        assert_nothing_lost(parsed);
    }
}

#[test]
fn importing_a_national_record_twice_changes_nothing() {
    let Some((_, all)) = national() else { return };
    for parsed in all {
        let json = serde_json::to_string(&parsed.procedure).unwrap();
        let stored: Procedure = serde_json::from_str(&json).unwrap();
        assert_eq!(stored, parsed.procedure);
        assert_eq!(ContentHash::of(&stored.raw), parsed.procedure.content_hash);
        assert_eq!(parse(stored.raw).unwrap(), *parsed);
    }
}

/// The records of the demonstration are written by hand in the national format.
#[test]
fn every_demonstration_record_is_understood_completely() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo/data/procedures.jsonl");
    let mut all = Vec::new();
    let report = file::read(BufReader::new(std::fs::File::open(path).unwrap()), |_, parsed| all.push(parsed));
    assert_eq!((report.records, report.refused.as_slice(), report.broken_lines.as_slice()), (32, &[][..], &[][..]));
    for parsed in &all {
        let procedure = &parsed.procedure;
        assert_eq!(parsed.not_understood, [], "{}", procedure.code);
        assert_nothing_lost(parsed);
        assert!(procedure.steps.steps.len() >= 4 && !procedure.results.is_empty(), "{}", procedure.code);
        assert!(procedure.dossier.iter().all(|case| !case.items.is_empty()), "{}", procedure.code);
        assert!(procedure.legal_bases.iter().all(|basis| basis.title.is_some() && basis.number.is_some()));
    }
    let contradictions =
        all.iter().flat_map(|parsed| &parsed.procedure.channels.rows).flat_map(|row| &row.discrepancies);
    assert_eq!(contradictions.count(), report.discrepancies);
    assert_eq!((report.channels, report.without_unit, report.discrepancies), (74, 30, 11));
}
