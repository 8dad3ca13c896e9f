//! What a password must be: long, and nothing that is tried first. NIST SP 800-63B-4 section 3.1.1: a minimum length, a list
//! of common values, no rules of composition, no expiry.

use std::collections::BTreeSet;
use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

use super::SignInName;
use crate::article::FieldRule;
use crate::text::fold;

/// Shortest password, in characters.
pub const MIN_PASSWORD: usize = 12;
/// Longest password, in characters: whole sentences fit, and hashing stays cheap.
pub const MAX_PASSWORD: usize = 128;

/// Words that make up the passwords that are tried first, in Vietnamese (without marks) and English.
const COMMON: &str = include_str!("../../data/common-passwords.txt");

/// A password as somebody typed it, in one normal form whatever the keyboard. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// The password of a sign-in: whatever was typed, up to the length that can be hashed.
    pub fn typed(text: &str) -> Option<Self> {
        let text: String = text.nfkc().take(MAX_PASSWORD + 1).collect();
        (text.chars().count() <= MAX_PASSWORD).then_some(Self(text))
    }

    /// A password that somebody chooses for an account of this name.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn chosen(text: &str, name: &SignInName, display_name: &str) -> Result<Self, FieldRule> {
        let password = Self::typed(text).ok_or(FieldRule::TooLong(MAX_PASSWORD))?;
        if password.0.chars().count() < MIN_PASSWORD {
            return Err(FieldRule::TooShort(MIN_PASSWORD));
        }
        if is_guessable(&password.0, &[name.as_str(), name.local(), display_name]) {
            return Err(FieldRule::Guessable);
        }
        Ok(password)
    }

    /// What is hashed.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

/// Whether it is among what is tried first: a common word or the person's own name with figures around it, once or
/// repeated, a run such as `abcdef` or `987654`, or hardly any different characters.
fn is_guessable(password: &str, names: &[&str]) -> bool {
    let distinct: BTreeSet<char> = password.chars().collect();
    if distinct.len() < 5 || is_run(password) {
        return true;
    }
    let names: Vec<String> = names.iter().flat_map(|name| parts(name)).collect();
    let is_known = |word: &str| COMMON.lines().any(|line| line == word) || names.iter().any(|name| name == word);
    [core(password), core(&without_leet(password))].iter().any(|core| {
        let once = unrepeated(core);
        once.is_empty() || is_known(once) || is_two(once, &is_known)
    })
}

/// A name as a whole and its words, each of at least four letters: `Lan` within a password says nothing.
fn parts(name: &str) -> Vec<String> {
    let folded = fold(name);
    let whole: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    let words = folded.split(|c: char| !c.is_alphanumeric()).map(str::to_owned);
    words.chain([whole]).filter(|word| word.chars().count() >= 4).collect()
}

/// What stands between the figures and signs at both ends, without marks and spaces.
fn core(password: &str) -> String {
    let folded = fold(password);
    folded.trim_matches(|c: char| !c.is_alphabetic()).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Letters for the figures and signs that stand for them.
fn without_leet(password: &str) -> String {
    let letter = |c| match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        other => other,
    };
    password.trim_end_matches(|c: char| !c.is_alphabetic()).chars().map(letter).collect()
}

/// The shortest text of which the whole is a repetition.
fn unrepeated(text: &str) -> &str {
    let lengths = (1..text.len()).filter(|length| text.len().is_multiple_of(*length) && text.is_char_boundary(*length));
    let once = lengths.map(|length| text.split_at(length).0).find(|once| once.repeat(text.len() / once.len()) == text);
    once.unwrap_or(text)
}

/// Whether the text is two of these words, one after the other.
fn is_two(text: &str, is_known: &impl Fn(&str) -> bool) -> bool {
    text.char_indices().skip(1).map(|(at, _)| text.split_at(at)).any(|(one, two)| is_known(one) && is_known(two))
}

/// Whether nearly every character follows the one before it: `abcdefghijkl`, `210987654321`.
fn is_run(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let steps: Vec<i64> = codes.iter().zip(codes.iter().skip(1)).map(|(one, next)| next - one).collect();
    // From 9 to 0 and back a run goes on.
    let follows = |step: i64| steps.iter().filter(|it| **it == step || **it == -9 * step).count();
    steps.len() >= 4 && [1, -1].into_iter().any(|step| follows(step) * 5 >= steps.len() * 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(text: &str) -> Result<Password, FieldRule> {
        let name = SignInName::parse("nguyenlan@hatinh.gov.vn").unwrap();
        Password::chosen(text, &name, "Nguyễn Thị Lan Hương")
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(chosen("ngắn quá nhé"), Password::typed("ngắn quá nhé").ok_or(FieldRule::Blank));
        assert_eq!(chosen("mười một ch"), Err(FieldRule::TooShort(12)));
        assert!(chosen(&"cây đa bến nước sân đình ".repeat(5)).is_ok());
        assert_eq!(chosen(&"dài quá ".repeat(17)), Err(FieldRule::TooLong(128)));
        assert!(Password::typed(&"x".repeat(100_000)).is_none());
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        let guesses = [
            "123456789012",
            "987654321098",
            "abcdefghijkl",
            "aaaaaaaaaaaa",
            "121212121212",
            "password1234",
            "Password@1234",
            "P@ssw0rd1234",
            "matkhau12345",
            "Mật khẩu 12345",
            "matkhaumatkhau",
            "qwertyuiop123",
            "anhyeuem@2026",
            "vietnam@12345",
            "quantri123456",
            "admin@123456789",
            "nguyenlan1234",
            "nguyenlan@hatinh.gov.vn",
            "Nguyễn2026!!!",
            "Huong1234567",
            "NguyenThiLanHuong",
            "2026-11-25!!",
            "adminadmin123",
            "xinchaovietnam1",
        ];
        let taken: Vec<_> = guesses.into_iter().filter(|guess| chosen(guess) != Err(FieldRule::Guessable)).collect();
        assert!(taken.is_empty(), "{taken:?}");
    }

    #[test]
    fn words_that_belong_to_nobody_are_taken_without_figures_or_signs() {
        for good in [
            "cầu treo qua suối",
            "trauvangngoidongxanh",
            "correct horse battery",
            "k3Vq8zT1mLw0",
            "lan thích hoa sen trắng",
        ] {
            assert!(chosen(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn the_same_password_from_another_keyboard_is_the_same() {
        let [composed, decomposed] = ["mật khẩu của tôi", "ma\u{323}\u{302}t kha\u{302}\u{309}u cu\u{309}a to\u{302}i"];
        assert_eq!(Password::typed(composed), Password::typed(decomposed));
        assert_eq!(format!("{:?}", Password::typed(composed).unwrap()), "Password");
    }
}
