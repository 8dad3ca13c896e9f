//! What a character is to a reader: a bare letter with Vietnamese marks, whatever alphabet or alphabet of symbols it was
//! taken from to deceive.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Tone of a syllable, in the low bits; 0 is none.
pub(super) const TONE: u8 = 0b111;
const CIRCUMFLEX: u8 = 1 << 3;
const BREVE: u8 = 1 << 4;
const HORN: u8 = 1 << 5;
/// The stroke of đ.
pub(super) const STROKE: u8 = 1 << 6;
/// Marks of letters (not tones).
pub(super) const LETTER_MARKS: u8 = CIRCUMFLEX | BREVE | HORN | STROKE;
/// The letter was written in look-alike characters, or with invisible ones before it.
pub(super) const DISGUISED: u8 = 1 << 7;

/// What one character of decomposed text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Glyph {
    /// A letter a-z or a digit, with its marks so far.
    Letter(u8, u8),
    /// Marks for the letter before.
    Mark(u8),
    /// Nothing to see.
    Invisible,
    /// A letter of another script.
    Foreign(char),
    /// Ends a word; the character itself tells sentences and quotations.
    Break(char),
}

/// Reads one character of text in form NFKD.
pub(super) fn glyph(c: char) -> Glyph {
    if c.is_ascii() {
        return ascii(c);
    }
    if let Some(mark) = mark(c) {
        return Glyph::Mark(mark);
    }
    if is_invisible(c) {
        return Glyph::Invisible;
    }
    if is_combining_mark(c) {
        return Glyph::Mark(0);
    }
    match c {
        'đ' | 'Đ' => Glyph::Letter(b'd', STROKE),
        'ð' | 'Ð' | 'ɖ' | 'Ɖ' | 'ɗ' | 'Ɗ' => Glyph::Letter(b'd', STROKE | DISGUISED),
        _ => match look_alike(c) {
            Some(letter) => Glyph::Letter(letter, DISGUISED),
            None if c.is_alphabetic() => Glyph::Foreign(c),
            None => Glyph::Break(c),
        },
    }
}

/// The letters and digits of ASCII, of Vietnamese and of its neighbours, each written as one character: most of a text, and
/// looked up instead of taken apart each time.
pub(super) struct Alphabet([Option<(u8, u8)>; LATIN + VIETNAMESE]);

/// The alphabet, which is worth keeping at hand while a text is read.
pub(super) static ALPHABET: LazyLock<Alphabet> = LazyLock::new(|| {
    let mut letters = [None; LATIN + VIETNAMESE];
    for (at, c) in ('\0'..FIRST_NOT_LATIN).chain(FIRST_VIETNAMESE..=LAST_VIETNAMESE).enumerate() {
        if let Some(letter) = letters.get_mut(at) {
            *letter = taken_apart(c);
        }
    }
    Alphabet(letters)
});

/// Behind Latin-1, Latin Extended-A and -B.
const FIRST_NOT_LATIN: char = '\u{250}';
/// The Vietnamese part of Latin Extended Additional.
const FIRST_VIETNAMESE: char = '\u{1ea0}';
const LAST_VIETNAMESE: char = '\u{1ef9}';
const LATIN: usize = FIRST_NOT_LATIN as usize;
const VIETNAMESE: usize = LAST_VIETNAMESE as usize - FIRST_VIETNAMESE as usize + 1;

impl Alphabet {
    /// The letter or digit that `c` is by itself, with its marks; `None` for what has to be taken apart.
    pub(super) fn letter(&self, c: char) -> Option<(u8, u8)> {
        let code = c as usize;
        let vietnamese = || code.checked_sub(FIRST_VIETNAMESE as usize).map(|at| at + LATIN);
        let at = if code < LATIN { Some(code) } else { vietnamese() };
        at.and_then(|at| self.0.get(at)).copied().flatten()
    }
}

fn taken_apart(c: char) -> Option<(u8, u8)> {
    let mut parts = std::iter::once(c).nfkd().map(glyph);
    let Some(Glyph::Letter(letter, mut marks)) = parts.next() else { return None };
    for part in parts {
        let Glyph::Mark(mark) = part else { return None };
        marks |= mark;
    }
    Some((letter, marks))
}

fn ascii(c: char) -> Glyph {
    match u8::try_from(c) {
        Ok(byte) if byte.is_ascii_alphanumeric() => Glyph::Letter(byte.to_ascii_lowercase(), 0),
        Ok(byte) if byte.is_ascii_control() && !byte.is_ascii_whitespace() => Glyph::Invisible,
        _ => Glyph::Break(c),
    }
}

fn mark(c: char) -> Option<u8> {
    Some(match c {
        '\u{300}' | '\u{340}' | '\u{2cb}' => 1,
        '\u{301}' | '\u{341}' | '\u{2ca}' => 2,
        // Half of the country does not tell these two apart: "tài xĩu" is "tài xỉu".
        '\u{303}' | '\u{309}' => 3,
        '\u{323}' => 4,
        '\u{302}' => CIRCUMFLEX,
        '\u{306}' => BREVE,
        '\u{31b}' => HORN,
        // Other accents that stand beside their letter.
        '\u{2b9}'..='\u{2df}' => 0,
        _ => return None,
    })
}

/// Characters that leave no trace on the page: joiners, direction marks, fillers, variation selectors, tags.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Look-alikes, each group behind the letter it is read as. Unicode UTS 39 confusables, those of a-z and 0-9 that a
/// keyboard or a "fancy text" page gives.
const LOOK_ALIKES: [(u8, &str); 26] = [
    (b'a', "аАαΑɑᴀӑӓΆά∀Ⱥⱥ"),
    (b'b', "вВΒβьЬʙƀɓЪ"),
    (b'c', "сСϲϹᴄƈцⲥ¢"),
    (b'd', "ԁԀᴅ"),
    (b'e', "еЕεΕєЄᴇɛёЁ℮ə"),
    (b'f', "ғҒꜰƒ"),
    (b'g', "ɡɢԍցǥ"),
    (b'h', "нНΗһҺʜհի"),
    (b'i', "іІιΙıɪїЇɩ¡"),
    (b'j', "јЈᴊϳ"),
    (b'k', "кКκΚᴋҚқ"),
    (b'l', "ʟłŁӏӀⅼƖ"),
    (b'm', "мМΜᴍ"),
    (b'n', "ηΝɴпПոռ"),
    (b'o', "оОοΟσᴏөӨɵøØօ"),
    (b'p', "рРρΡᴘ"),
    (b'q', "ԛԚգϙ"),
    (b'r', "гГʀяЯ"),
    (b's', "ѕЅꜱƨ"),
    (b't', "тТτΤᴛŧŦ₮Ⱦⱦ"),
    (b'u', "υսᴜцʋμ"),
    (b'v', "νѵѴᴠ"),
    (b'w', "ԝԜωᴡшШѡ"),
    (b'x', "хХχΧ×ӾӿҲҳ"),
    (b'y', "уУγΥʏүҮ"),
    (b'z', "ζΖᴢ"),
];

fn look_alike(c: char) -> Option<u8> {
    enclosed(c).or_else(|| LOOK_ALIKES.iter().find(|(_, group)| group.contains(c)).map(|(letter, _)| *letter))
}

/// Letters in black circles and squares, and flags spelled by letters, have no decomposition.
fn enclosed(c: char) -> Option<u8> {
    let code = u32::from(c);
    let first = [0x1f150, 0x1f170, 0x1f1e6].into_iter().find(|first| (*first..first + 26).contains(&code))?;
    u8::try_from(code - first).ok().map(|offset| b'a' + offset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_and_marks_are_read() {
        assert_eq!(glyph('а'), Glyph::Letter(b'a', DISGUISED));
        assert_eq!(glyph('đ'), Glyph::Letter(b'd', STROKE));
        assert_eq!(glyph('🅰'), Glyph::Letter(b'a', DISGUISED));
        assert_eq!(glyph('\u{200b}'), Glyph::Invisible);
        assert_eq!(glyph('\u{336}'), Glyph::Mark(0));
        assert_eq!(glyph('語'), Glyph::Foreign('語'));
        assert_eq!(glyph('。'), Glyph::Break('。'));
    }
}
