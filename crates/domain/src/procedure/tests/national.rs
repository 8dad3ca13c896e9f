//! Whole national records, counted.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::super::{Parsed, Reason, file};

/// A file of real data beside the workspace, when it is there.
fn shared_data(name: &str) -> Option<PathBuf> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("shared/data").join(name))
        .find(|path| path.is_file())
}

#[test]
fn dump() {
    let Some(path) = shared_data("procedures-sample.jsonl.gz") else { return };
    let source = BufReader::new(flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()));
    let mut all: Vec<Parsed> = Vec::new();
    let report = file::read(source, |_, parsed| all.push(parsed));
    println!("{report:#?}");
    for parsed in &all {
        for piece in &parsed.not_understood {
            println!("NU {} {:?} {:?} {:?}", parsed.procedure.code, piece.field, piece.reason, piece.text.chars().take(300).collect::<String>());
        }
        let p = &parsed.procedure;
        println!("{}", serde_json::to_string(&serde_json::json!({"code": p.code, "legal": p.legal_bases, "dossier": p.dossier, "results": p.results, "channels": p.channels, "steps": p.steps, "keywords": p.keywords, "description": p.description, "related": p.related})).unwrap());
    }
    let _ = Reason::GluedDigits;
}
