//! Names of uploaded files: kept for readers, without what a name can do to a system or to the eye.

use std::fmt;

use crate::media::MediaType;
use crate::text::nfc;

/// Longest name without its ending, in bytes: with the ending it fits every file system.
const MAX_STEM: usize = 150;

/// The name of a file, without folders, without characters that steer, and with the ending that its bytes ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// The name as `given` by the client, for a file of this type.
    pub fn new(given: &str, media_type: MediaType) -> Self {
        let given = nfc(given);
        let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
        let plain: String = last.chars().filter(|c| !steers(*c)).collect();
        let stem = without_ending(plain.trim(), media_type);
        let mut stem = stem.trim_matches(|c: char| c == '.' || c.is_whitespace());
        while stem.len() > MAX_STEM {
            stem = stem.char_indices().next_back().map_or("", |(last, _)| &stem[..last]);
        }
        let stem = if stem.is_empty() { "tep" } else { stem.trim_end() };
        Self(format!("{stem}.{}", media_type.ending()))
    }

    /// Wraps a name that was made before it was stored.
    pub const fn from_stored(name: String) -> Self {
        Self(name)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Control characters, those that turn the direction of writing or that nobody sees, and those that file systems reserve.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        || matches!(c, '"' | '*' | ':' | '<' | '>' | '?' | '|')
}

/// The right ending goes, to be put back in one spelling; another one stays, for people to see what it was called.
fn without_ending(name: &str, media_type: MediaType) -> &str {
    let Some((stem, ending)) = name.rsplit_once('.') else { return name };
    let is_right = ending.eq_ignore_ascii_case(media_type.ending())
        || (media_type == MediaType::Jpeg && ending.eq_ignore_ascii_case("jpeg"));
    if is_right { stem } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_steers_and_keep_what_people_read() {
        for (given, kept) in [
            ("QĐ 26-UBND.PDF", "QĐ 26-UBND.pdf"),
            ("C:\\Users\\lan\\Kế hoạch.pdf", "Kế hoạch.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("bao\u{202e}fdp.exe", "baofdp.exe.pdf"),
            ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
            ("<img src=x>.pdf", "img src=x.pdf"),
            (" .pdf", "tep.pdf"),
            ("", "tep.pdf"),
            ("Ke\u{302}\u{301} hoa\u{323}ch", "Kế hoạch.pdf"),
        ] {
            assert_eq!(FileName::new(given, MediaType::Pdf).as_str(), kept, "{given:?}");
        }
        let long = FileName::new(&"ế".repeat(400), MediaType::Docx);
        assert!(long.as_str().len() <= MAX_STEM + 5 && long.as_str().ends_with("ế.docx"));
    }
}
