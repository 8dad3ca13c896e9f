//! Vietnamese text: normal form, folding for search and comparison, spelling keys, alphabetical order, and the
//! reading of tables (CSV) that registries and catalogues come in.
//!
//! | question | function |
//! |---|---|
//! | How is text stored? | [`nfc`] |
//! | Do a reader's words occur, with or without marks? | [`fold`] |
//! | Is this the same name in another spelling (hoá/hóa, NFC/NFD, M'Drắk/M’Drắk)? | [`spelling`] |
//! | Which name comes first? | [`collation_key`] |
//! | What has changed between two texts? | [`difference`] |

mod collation;
mod difference;
mod fold;
mod syllable;
pub mod table;

pub use collation::{CollationKey, collation_key};
pub use difference::{Piece, difference};
pub use fold::{fold, nfc, storable};
pub use syllable::spelling;

/// What a character does to the word it stands in, shared by folding, spelling and collation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A letter or digit.
    Letter,
    /// A combining mark; it belongs to the letter before it.
    Mark,
    /// Leaves no trace and does not end the word: apostrophes of highland names (`M'Drắk`, `Ch’ơm`) and invisible
    /// characters that copying from a web page leaves behind.
    Joiner,
    /// Ends the word: spaces, hyphens, every other punctuation and symbol.
    Separator,
}

fn role(character: char) -> Role {
    match character {
        c if is_apostrophe(c) || is_invisible(c) => Role::Joiner,
        c if unicode_normalization::char::is_combining_mark(c) => Role::Mark,
        c if c.is_alphanumeric() => Role::Letter,
        _ => Role::Separator,
    }
}

fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '`' | '´' | '‘' | '’' | '‛' | 'ʻ' | 'ʼ' | '′' | '＇')
}

/// Soft hyphen, zero-width characters, byte-order mark.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// The letter đ has no decomposition and is often typed as the Icelandic eth, which looks the same in capitals.
fn is_d_with_stroke(character: char) -> bool {
    matches!(character, 'đ' | 'Đ' | 'ð' | 'Ð')
}
