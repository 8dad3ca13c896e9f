//! Text as one row of bare letters in which words are only a note in the margin, so that spread and glued letters read
//! the same.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;

use super::glyph::{ALPHABET, Alphabet, DISGUISED, Glyph, glyph};

/// The letters and digits of a text, in order.
#[derive(Debug, Default)]
pub(super) struct Stream {
    /// a-z and 0-9.
    pub(super) letters: Vec<u8>,
    /// Marks of each letter, see `glyph`.
    pub(super) marks: Vec<u8>,
    /// The words that have letters.
    words: Vec<Word>,
    /// Number of the word that is being read.
    word: u32,
    /// It has letters already.
    is_within_word: bool,
    hidden_before: bool,
    /// The last letter a-z of the word, and how often it stands there in a row.
    run: (u8, u32),
    /// Where sentences begin.
    sentences: Vec<usize>,
    /// Where paragraphs begin.
    paragraphs: Vec<usize>,
    /// What stands between quotation marks.
    quotes: Vec<Range<usize>>,
    quote: Option<(char, usize)>,
    last: char,
}

/// Where a word begins, and its number among all that stands between two ends of words, letters or not.
#[derive(Debug, Clone, Copy)]
struct Word {
    start: usize,
    number: u32,
}

/// Characters between the letters of a word that is spread, at most.
const WIDEST_GAP: usize = 20;

/// Letters that a quotation has at most; behind that the mark was a stray one.
const LONGEST_QUOTE: usize = 160;

impl Stream {
    /// Reads text.
    pub(super) fn of(text: &str) -> Self {
        let mut stream = Self::with_room_for(text);
        stream.push(text);
        stream
    }

    /// Few texts have more than a letter for each byte, a word for each five or a sentence for each fifty.
    fn with_room_for(text: &str) -> Self {
        let room = text.len();
        Self {
            letters: Vec::with_capacity(room),
            marks: Vec::with_capacity(room),
            words: Vec::with_capacity(room / 5),
            sentences: Vec::with_capacity(room / 50),
            paragraphs: Vec::with_capacity(room / 50),
            ..Self::default()
        }
    }

    /// Reads text as symbols and digits in the place of letters: `t4i x1u`, `c@ cuoc`.
    pub(super) fn leet(text: &str) -> Self {
        let mut stream = Self::with_room_for(text);
        let mut before = ' ';
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            let after = rest.peek().copied().unwrap_or(' ');
            let (c, was) = stand_in(c, before, after).map_or((c, false), |letter| (letter, true));
            // What cannot be seen between the letters does not make a sign of the next one.
            stream.hidden_before = was;
            stream.push(c.encode_utf8(&mut [0; 4]));
            before = c;
        }
        stream
    }

    /// Adds text behind what is there, in the same word unless the text says otherwise.
    pub(super) fn push(&mut self, text: &str) {
        let alphabet = &*ALPHABET;
        for c in text.chars() {
            self.read(c, alphabet);
        }
    }

    /// Nearly all of a text is letters and the spaces between them.
    #[inline]
    fn read(&mut self, c: char, alphabet: &Alphabet) {
        if let Some((letter, marks)) = alphabet.letter(c) {
            let disguised = if std::mem::take(&mut self.hidden_before) { DISGUISED } else { 0 };
            self.letter(letter, marks | disguised);
            self.last = 'a';
        } else if c == ' ' && self.last == 'a' {
            self.separate();
            self.last = c;
        } else {
            self.read_apart(c);
        }
    }

    /// What is no letter by itself, kept out of the loop that reads them.
    #[inline(never)]
    fn read_apart(&mut self, c: char) {
        if c.is_ascii() {
            self.take(glyph(c), false);
        } else {
            let styled = is_styled(c);
            std::iter::once(c).nfkd().for_each(|part| self.take(glyph(part), styled));
        }
    }

    fn take(&mut self, glyph: Glyph, styled: bool) {
        match glyph {
            Glyph::Letter(letter, marks) => {
                let disguised = std::mem::take(&mut self.hidden_before) || styled;
                self.letter(letter, if disguised { marks | DISGUISED } else { marks });
                self.last = 'a';
            }
            Glyph::Foreign(c) => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    self.letter(byte, 0);
                }
                self.last = c;
            }
            Glyph::Mark(mark) => {
                if let Some(marks) = self.marks.last_mut() {
                    *marks |= mark;
                }
            }
            Glyph::Invisible => self.hidden_before = self.is_within_word,
            Glyph::Break(c) => {
                self.separate();
                self.punctuate(c);
                self.last = c;
            }
        }
    }

    /// Adds a letter. No word has one three times in a row: `xỉuuuu` is `xỉu`.
    #[inline]
    fn letter(&mut self, letter: u8, marks: u8) {
        if letter == self.run.0 {
            self.again(letter, marks);
        } else {
            self.run = (if letter.is_ascii_lowercase() { letter } else { 0 }, 1);
            self.put(letter, marks);
        }
    }

    /// Of three letters and more one is kept.
    fn again(&mut self, letter: u8, marks: u8) {
        self.run.1 += 1;
        match self.run.1 {
            ..=2 => self.put(letter, marks),
            3 => {
                self.letters.pop();
                self.marks.pop();
            }
            _ => {}
        }
    }

    #[inline]
    fn put(&mut self, letter: u8, marks: u8) {
        if !self.is_within_word {
            self.words.push(Word { start: self.letters.len(), number: self.word });
            self.is_within_word = true;
        }
        self.letters.push(letter);
        self.marks.push(marks);
    }

    fn punctuate(&mut self, c: char) {
        let here = self.letters.len();
        if matches!(c, '\n' | '!' | '?' | '…') || (c.is_whitespace() && self.last == '.') {
            self.sentences.push(here);
        }
        if c == '\n' {
            self.paragraphs.push(here);
        }
        let beside_letter = self.last.is_alphanumeric();
        match (c, self.quote) {
            ('"' | '”' | '»', Some((_, start))) | ('\'' | '’', Some(('\'', start))) => self.end_quote(start..here),
            ('"' | '“' | '«' | '”', None) => self.quote = Some(('"', here)),
            ('\'' | '‘', None) if !beside_letter => self.quote = Some(('\'', here)),
            _ => {}
        }
    }

    fn end_quote(&mut self, quote: Range<usize>) {
        self.quote = None;
        if quote.len() <= LONGEST_QUOTE {
            self.quotes.push(quote);
        }
    }

    /// Whether a letter stands between quotation marks.
    pub(super) fn is_quoted(&self, at: usize) -> bool {
        let before = self.quotes.partition_point(|quote| quote.start <= at);
        before.checked_sub(1).and_then(|last| self.quotes.get(last)).is_some_and(|quote| quote.contains(&at))
    }

    /// The sentence that a letter stands in.
    pub(super) fn sentence(&self, at: usize) -> Range<usize> {
        self.piece(&self.sentences, at)
    }

    /// The paragraph that a letter stands in.
    pub(super) fn paragraph(&self, at: usize) -> Range<usize> {
        self.piece(&self.paragraphs, at)
    }

    fn piece(&self, starts: &[usize], at: usize) -> Range<usize> {
        let next = starts.partition_point(|start| *start <= at);
        let start = next.checked_sub(1).and_then(|last| starts.get(last)).copied().unwrap_or(0);
        start..starts.get(next).copied().unwrap_or(self.len())
    }

    /// Ends the word.
    pub(super) fn separate(&mut self) {
        self.word = self.word.saturating_add(1);
        self.run = (0, 0);
        self.is_within_word = false;
        self.hidden_before = false;
    }

    /// How many letters there are.
    pub(super) fn len(&self) -> usize {
        self.letters.len()
    }

    /// Whether a word begins or ends before letter `at`. Between a letter and a digit a name may end: `taixiu88`.
    pub(super) fn at_boundary(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return true };
        let (Some(left), Some(right)) = (self.letters.get(before), self.letters.get(at)) else { return true };
        left.is_ascii_digit() != right.is_ascii_digit() || self.word_of(at).is_some_and(|word| word.start == at)
    }

    /// How many words the letters of a range stand in.
    pub(super) fn words_in(&self, start: usize, end: usize) -> u32 {
        if start >= end || end > self.len() {
            return 0;
        }
        match (self.word_of(start), self.word_of(end - 1)) {
            (Some(first), Some(last)) => last.number - first.number + 1,
            _ => 0,
        }
    }

    /// The word that a letter stands in.
    fn word_of(&self, at: usize) -> Option<Word> {
        let begun = self.words.partition_point(|word| word.start <= at);
        begun.checked_sub(1).and_then(|last| self.words.get(last)).copied()
    }

    /// The words, each as its range of letters.
    pub(super) fn each_word(&self) -> impl Iterator<Item = (usize, &[u8])> {
        self.words.iter().enumerate().filter_map(|(at, word)| {
            let end = self.words.get(at + 1).map_or(self.len(), |next| next.start);
            Some((word.start, self.letters.get(word.start..end)?))
        })
    }
}

/// Full-width, mathematical and circled letters: compatibility characters, not composed Vietnamese ones.
fn is_styled(c: char) -> bool {
    matches!(u32::from(c), 0x2100..=0x214f | 0x2460..=0x24ff | 0xff01..=0xff5e | 0x1d400..=0x1d7ff | 0x1f100..=0x1f1ff)
}

/// The pieces of a text in which a digit or a symbol may stand in the place of a letter, each with `reach` letters and more
/// to both sides: all that a phrase with such a sign in it can be part of. Each character is looked at a few times at most.
pub(super) fn leet_pieces(text: &str, reach: usize) -> impl Iterator<Item = &str> {
    let mut signs = leet_signs(text).peekable();
    std::iter::from_fn(move || {
        let first = signs.next()?;
        let (before, _) = text.split_at_checked(first)?;
        let start = passed(before.char_indices().rev(), reach).unwrap_or(0);
        let mut last = first;
        loop {
            let end = passed(text.get(last..)?.char_indices(), reach).map_or(text.len(), |length| last + length);
            let further = std::iter::from_fn(|| signs.next_if(|sign| *sign < end)).last();
            let Some(further) = further else { return text.get(start..end) };
            last = further;
        }
    })
}

/// Where a character stands that has more than `reach` letters before it, one that is drawn out counted once: [`Stream`] keeps
/// no fewer of them.
fn passed(characters: impl Iterator<Item = (usize, char)>, reach: usize) -> Option<usize> {
    let alphabet = &*ALPHABET;
    let (mut letters, mut run) = (0, ' ');
    for (at, c) in characters {
        if letters > reach {
            return Some(at);
        }
        if c != run && (alphabet.letter(c).is_some() || matches!(glyph(c), Glyph::Letter(..) | Glyph::Foreign(_))) {
            letters += 1;
            run = c;
        }
    }
    None
}

/// Where a digit or a symbol of a text may stand in the place of a letter: in a word with letters, or alone among letters
/// that stand alone too (`t 4 i`). Most numbers do neither, nor does a mark at the end of a word.
fn leet_signs(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    let mut next = 0;
    std::iter::from_fn(move || {
        loop {
            let is_sign = |byte: &u8| matches!(byte, b'0' | b'1' | b'3'..=b'9' | b'@' | b'$' | b'!' | b'|');
            let here = next + bytes.get(next..)?.iter().position(is_sign)?;
            next = here + 1;
            if is_among_letters(text, here) {
                return Some(here);
            }
        }
    })
}

/// Whether the sign at `here` has a letter beside it, or one that stands alone near it.
fn is_among_letters(text: &str, here: usize) -> bool {
    let before = || text.get(..here).unwrap_or_default().chars().rev();
    let after = || text.get(here + 1..).unwrap_or_default().chars();
    let is_mark = matches!(text.as_bytes().get(here), Some(b'!' | b'|'));
    if is_mark && !after().next().is_some_and(is_letter_or_digit) {
        return false;
    }
    let joins = |c: char| c.is_ascii_alphabetic() || !c.is_ascii();
    before().next().is_some_and(joins)
        || after().next().is_some_and(joins)
        || begins_with_one_letter(before())
        || begins_with_one_letter(after())
}

/// Whether the first word, if it is near, is one letter.
fn begins_with_one_letter(text: impl Iterator<Item = char>) -> bool {
    let mut text = text.take(WIDEST_GAP).skip_while(|c| !is_letter_or_digit(*c));
    text.next().is_some_and(char::is_alphabetic) && !text.next().is_some_and(is_letter_or_digit)
}

/// `char::is_alphanumeric`, which searches long for the letters of Vietnamese.
fn is_letter_or_digit(c: char) -> bool {
    matches!(c, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ' | 'Ạ'..='ỹ') || c.is_alphanumeric()
}

/// The letter a digit or a symbol stands in for, next to letters.
fn stand_in(c: char, before: char, after: char) -> Option<char> {
    let letter = match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        '!' | '|' if after.is_alphanumeric() => 'i',
        '9' | '6' => 'g',
        '8' => 'b',
        _ => return None,
    };
    let beside = before.is_alphabetic() || after.is_alphabetic();
    let spread = [before, after].into_iter().any(|c| matches!(c, ' ' | '.') || glyph(c) == Glyph::Invisible);
    (beside || spread).then_some(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> String {
        String::from_utf8(Stream::of(text).letters).unwrap()
    }

    #[test]
    fn every_disguise_reads_the_same() {
        for text in [
            "tài xỉu",
            "T.À.I X.Ỉ.U",
            "tai-xiu",
            "t\u{200b}ài xỉu",
            "tаі хіu",
            "ｔａｉ　ｘｉｕ",
            "𝐭𝐚𝐢 𝐱𝐢𝐮",
            "🅣🅐🅘 🅧🅘🅤",
            "tài xỉuuuu",
            "tàiiii xỉu",
        ] {
            assert_eq!(letters(text), "taixiu", "{text}");
        }
        assert_eq!(Stream::leet("t4i x1u").letters, b"taixiu");
        assert_eq!(Stream::leet("c@ cu0c").letters, b"cacuoc");
    }

    #[test]
    fn a_letter_or_a_digit_is_what_unicode_takes_for_one() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_letter_or_digit(c), c.is_alphanumeric(), "{c:?}");
        }
    }

    #[test]
    fn what_cannot_be_seen_within_a_word_disguises_it_and_between_words_does_not() {
        let disguised = |text| Stream::of(text).marks.iter().filter(|marks| **marks & DISGUISED != 0).count();
        assert_eq!(disguised("t\u{200b}ài x\u{feff}ỉu"), 2);
        assert_eq!(disguised("\u{feff}tài\u{200b} \u{200b}xỉu\u{200b}."), 0);
    }

    #[test]
    fn quotations_and_sentences_are_noted() {
        let stream = Stream::of("Gỡ bỏ “nổ hũ”. Họp lúc 8h! xong 'kèo'");
        let at = |text: &[u8]| stream.letters.windows(text.len()).position(|w| w == text).unwrap();
        assert!(stream.is_quoted(at(b"nohu")) && stream.is_quoted(at(b"keo")) && !stream.is_quoted(at(b"hop")));
        assert_eq!(stream.sentence(at(b"hop")), at(b"hop")..at(b"xong"));
        assert_eq!(stream.sentence(0), 0..at(b"hop"));
    }

    #[test]
    fn a_word_ends_between_a_letter_and_a_digit() {
        let stream = Stream::of("taixiu88");
        assert!(stream.at_boundary(6) && stream.at_boundary(8) && !stream.at_boundary(3));
    }
}
