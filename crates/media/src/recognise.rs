//! What a file is, by its bytes. Names and what clients declare count for nothing.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use lienthong_domain::media::MediaType;

use crate::refusal::Refusal;

/// How much of the beginning decides what family a file belongs to.
const HEAD: usize = 8 << 10;

/// What the file is.
///
/// # Errors
/// [`Refusal::Unrecognised`] for every type that is not taken, [`Refusal::ActiveContent`] for documents with macros or, as
/// far as they are in clear, scripts; [`Refusal::Io`].
pub fn recognise(file: &mut File) -> Result<MediaType, Refusal> {
    file.seek(SeekFrom::Start(0))?;
    let mut head = Vec::with_capacity(HEAD);
    file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    let found = infer::get(&head).ok_or(Refusal::Unrecognised)?;
    match (found.mime_type(), head.as_slice()) {
        ("image/jpeg", _) => Ok(MediaType::Jpeg),
        ("image/png", _) => Ok(MediaType::Png),
        ("image/webp", _) => Ok(MediaType::WebP),
        ("image/gif", _) => Ok(MediaType::Gif),
        ("application/pdf", _) => pdf(file),
        (_, [b'P', b'K', 3, 4, ..]) => zipped(file),
        (_, [0xd0, 0xcf, 0x11, 0xe0, ..]) => compound(file),
        _ => Err(Refusal::Unrecognised),
    }
}

/// Scripts within compressed streams are not seen; readers get the file to save, never shown by the portal.
fn pdf(file: &mut File) -> Result<MediaType, Refusal> {
    let [script, launch] = contains(file, [b"/JavaScript".as_slice(), b"/Launch"])?;
    if script || launch { Err(Refusal::ActiveContent) } else { Ok(MediaType::Pdf) }
}

/// Office Open XML and `OpenDocument`, told by the names of their parts, which stand in clear in the directory of the archive.
fn zipped(file: &mut File) -> Result<MediaType, Refusal> {
    const OPEN_DOCUMENT: &[u8] = b"mimetypeapplication/vnd.oasis.opendocument.";
    let [macros, basic, word, excel, slides, open] = contains(
        file,
        [
            b"vbaProject.bin".as_slice(),
            b"Basic/script-lc.xml",
            b"word/document.xml",
            b"xl/workbook.xml",
            b"ppt/presentation.xml",
            OPEN_DOCUMENT,
        ],
    )?;
    if macros || basic {
        return Err(Refusal::ActiveContent);
    }
    if open {
        return open_document(file);
    }
    match [word, excel, slides] {
        [true, false, false] => Ok(MediaType::Docx),
        [false, true, false] => Ok(MediaType::Xlsx),
        [false, false, true] => Ok(MediaType::Pptx),
        _ => Err(Refusal::Unrecognised),
    }
}

fn open_document(file: &mut File) -> Result<MediaType, Refusal> {
    // The first part is the type itself, stored as it is (OpenDocument 1.3 part 2, section 3.3).
    file.seek(SeekFrom::Start(30))?;
    let mut name = [0; 64];
    let mut read = 0;
    while let Some(rest) = name.get_mut(read..).filter(|rest| !rest.is_empty()) {
        match file.read(rest)? {
            0 => break,
            more => read += more,
        }
    }
    let types = [MediaType::Odt, MediaType::Ods, MediaType::Odp];
    let is = |media_type: &MediaType| {
        let stored = format!("mimetype{}PK", media_type.as_str());
        name.starts_with(stored.as_bytes())
    };
    types.into_iter().find(is).ok_or(Refusal::Unrecognised)
}

/// The formats of Office before 2007, told by the names of their streams, which are in UTF-16.
fn compound(file: &mut File) -> Result<MediaType, Refusal> {
    let names = ["_VBA_PROJECT", "WordDocument", "Workbook", "PowerPoint Document"].map(utf16);
    let [macros, word, excel, slides] = contains(file, names.each_ref().map(Vec::as_slice))?;
    match [macros, word, excel, slides] {
        [true, ..] => Err(Refusal::ActiveContent),
        [_, true, false, false] => Ok(MediaType::Doc),
        [_, false, true, false] => Ok(MediaType::Xls),
        [_, false, false, true] => Ok(MediaType::Ppt),
        _ => Err(Refusal::Unrecognised),
    }
}

fn utf16(name: &str) -> Vec<u8> {
    name.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Which of the patterns occur in the file. Reads it piece by piece: memory does not grow with the file.
fn contains<const N: usize>(file: &mut File, patterns: [&[u8]; N]) -> Result<[bool; N], io::Error> {
    const PIECE: usize = 64 << 10;
    let longest = patterns.iter().map(|pattern| pattern.len()).max().unwrap_or(0);
    let mut found = [false; N];
    let mut window: Vec<u8> = Vec::with_capacity(PIECE + longest);
    file.seek(SeekFrom::Start(0))?;
    loop {
        // What may be the beginning of a pattern is looked at again with what follows.
        let kept = window.len().min(longest.saturating_sub(1));
        window.drain(..window.len() - kept);
        if file.by_ref().take(PIECE as u64).read_to_end(&mut window)? == 0 {
            return Ok(found);
        }
        for (found, pattern) in found.iter_mut().zip(&patterns) {
            *found = *found || occurs(&window, pattern);
        }
    }
}

fn occurs(window: &[u8], pattern: &[u8]) -> bool {
    let Some((first, rest)) = pattern.split_first() else { return false };
    let mut left = window;
    while let Some(at) = left.iter().position(|byte| byte == first) {
        left = left.get(at + 1..).unwrap_or_default();
        if left.starts_with(rest) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn what(bytes: &[u8]) -> Result<MediaType, String> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        recognise(&mut file).map_err(|refusal| refusal.to_string())
    }

    fn zip(names: &[&str]) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.resize(30, 0);
        bytes.extend(names.join("\0\0PK").as_bytes());
        bytes
    }

    fn unrecognised() -> Result<MediaType, String> {
        Err(Refusal::Unrecognised.to_string())
    }

    #[test]
    fn documents_are_told_by_their_parts() {
        assert_eq!(what(b"%PDF-1.7\n1 0 obj"), Ok(MediaType::Pdf));
        assert_eq!(what(&zip(&["[Content_Types].xml", "word/document.xml"])), Ok(MediaType::Docx));
        assert_eq!(what(&zip(&["_rels/.rels", "xl/workbook.xml"])), Ok(MediaType::Xlsx));
        assert_eq!(what(&zip(&["ppt/presentation.xml"])), Ok(MediaType::Pptx));
        let open = ["mimetypeapplication/vnd.oasis.opendocument.text", "content.xml"].join("PK");
        assert_eq!(what(&zip(&[&open])), Ok(MediaType::Odt));
        let old = [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..], &[0; 600], &utf16("WordDocument")].concat();
        assert_eq!(what(&old), Ok(MediaType::Doc));
    }

    #[test]
    fn what_runs_is_refused_whatever_it_is_called() {
        let active = Err(Refusal::ActiveContent.to_string());
        assert_eq!(what(&zip(&["word/document.xml", "word/vbaProject.bin"])), active);
        assert_eq!(what(b"%PDF-1.7\n<< /S /JavaScript /JS (app.alert(1)) >>"), active);
        let filler = vec![b' '; 200_000];
        assert_eq!(what(&[b"%PDF-1.4", &filler[..], b"/S /Launch"].concat()), active);
    }

    #[test]
    fn nothing_else_is_taken() {
        let svg = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
        assert_eq!(what(svg), unrecognised());
        for bytes in [
            &b"<!DOCTYPE html><script>alert(1)</script>"[..],
            b"<svg onload=alert(1)>",
            b"MZ\x90\0",
            b"\x7fELF",
            b"#!/bin/sh",
            b"<?php phpinfo();",
            b"",
            &zip(&["evil.exe"]),
            &zip(&["word/document.xml", "xl/workbook.xml"]),
            &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1],
        ] {
            assert_eq!(what(bytes), unrecognised(), "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn a_pattern_over_the_seam_of_two_pieces_is_found() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&vec![b'x'; (64 << 10) - 3]).unwrap();
        file.write_all(b"needle").unwrap();
        assert_eq!(contains(&mut file, [b"needle".as_slice(), b"thread"]).unwrap(), [true, false]);
    }
}
