//! HTML read leniently and in one pass, as raw as it comes: what a browser might make of it matters, not whether it is valid.

/// A piece of markup.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Text between tags, with its character references.
    Text(&'a str),
    /// `<a href=…>`.
    Open(Tag),
    /// `</a>`.
    Close(String),
    /// What nobody is shown: `<!-- … -->`.
    Comment(&'a str),
    /// The content of a `script` or `style`.
    Raw(&'static str, &'a str),
}

/// A start tag; names in lower case, values decoded.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
}

impl Tag {
    /// The value of an attribute.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// Whether text holds anything that a browser would take for a tag.
pub(super) fn is_markup(text: &str) -> bool {
    text.split('<').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '/'))
}

/// Reads markup piece by piece.
pub(super) struct Tokens<'a> {
    rest: &'a str,
    raw: Option<&'static str>,
}

impl<'a> Tokens<'a> {
    /// Of this HTML.
    pub(super) fn of(html: &'a str) -> Self {
        Self { rest: html, raw: None }
    }

    fn cut(&mut self, at: usize) -> &'a str {
        let (piece, rest) = self.rest.split_at_checked(at).unwrap_or((self.rest, ""));
        self.rest = rest;
        piece
    }

    fn raw(&mut self, name: &'static str) -> Token<'a> {
        let mut at = 0;
        while let Some(next) = self.rest.get(at..).and_then(|rest| rest.find("</")) {
            at += next;
            let closes = self.rest.get(at + 2..at + 2 + name.len()).is_some_and(|end| end.eq_ignore_ascii_case(name));
            if closes {
                return Token::Raw(name, self.cut(at));
            }
            at += 2;
        }
        Token::Raw(name, self.cut(self.rest.len()))
    }

    fn comment(&mut self) -> Token<'a> {
        let (text, length) = if let Some(body) = self.rest.strip_prefix("<!--") {
            body.find("-->").map_or((body, self.rest.len()), |end| (body.get(..end).unwrap_or(""), end + 7))
        } else {
            let end = self.rest.find('>').map_or(self.rest.len(), |end| end + 1);
            (self.rest.get(2..end).unwrap_or(""), end)
        };
        self.cut(length);
        Token::Comment(text)
    }

    fn close(&mut self) -> Token<'a> {
        let end = self.rest.find('>').map_or(self.rest.len(), |end| end + 1);
        // `trim_start_matches` makes a searcher for each tag.
        let mut name = self.cut(end);
        while let Some(rest) = name.strip_prefix("</") {
            name = rest;
        }
        let name = name.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or_default();
        Token::Close(name.to_ascii_lowercase())
    }

    fn open(&mut self) -> Token<'a> {
        let mut reader = Attributes { rest: self.rest.get(1..).unwrap_or_default() };
        let mut tag = Tag { name: reader.word().to_ascii_lowercase(), attributes: Vec::new() };
        while let Some(attribute) = reader.next() {
            tag.attributes.push(attribute);
        }
        self.rest = reader.rest;
        self.raw = match tag.name.as_str() {
            "script" => Some("script"),
            "style" => Some("style"),
            _ => None,
        };
        Token::Open(tag)
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(name) = self.raw.take() {
            return Some(self.raw(name));
        }
        let mut chars = self.rest.chars();
        let (first, second) = (chars.next()?, chars.next());
        Some(match (first, second) {
            ('<', Some('!' | '?')) => self.comment(),
            ('<', Some('/')) => self.close(),
            ('<', Some(c)) if c.is_ascii_alphabetic() => self.open(),
            _ => {
                let end = self.rest.get(1..).and_then(|rest| rest.find('<')).map_or(self.rest.len(), |end| end + 1);
                Token::Text(if first == '<' || self.rest.is_char_boundary(1) { self.cut(end) } else { self.text() })
            }
        })
    }
}

impl<'a> Tokens<'a> {
    /// Text whose first character is longer than a byte.
    fn text(&mut self) -> &'a str {
        let end = self.rest.find('<').unwrap_or(self.rest.len());
        self.cut(end)
    }
}

/// The inside of a start tag.
struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Attributes<'a> {
    fn word(&mut self) -> &'a str {
        let end =
            self.rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/')).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn value(&mut self) -> String {
        let Some(value) = self.rest.trim_start().strip_prefix('=') else { return String::new() };
        let value = value.trim_start();
        let (value, rest) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value.get(1..).unwrap_or_default().split_once(quote).unwrap_or((value, "")),
            _ => value.split_at(value.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(value.len())),
        };
        self.rest = rest;
        decoded(value)
    }

    fn next(&mut self) -> Option<(String, String)> {
        self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/' || c == '=');
        if let Some(rest) = self.rest.strip_prefix('>') {
            self.rest = rest;
            return None;
        }
        if self.rest.is_empty() {
            return None;
        }
        let name = self.word().to_ascii_lowercase();
        Some((name, self.value()))
    }
}

/// Text with its character references read: numbers, and the names that matter for reading Vietnamese.
pub(super) fn decoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut parts = text.split('&');
    out.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let end = part.bytes().take(24).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
        let (name, rest) = part.split_at(end);
        if reference(name, &mut out) {
            out.push_str(rest.strip_prefix(';').unwrap_or(rest));
        } else {
            out.push('&');
            out.push_str(part);
        }
    }
    out
}

fn reference(name: &str, out: &mut String) -> bool {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok());
        out.extend(code.and_then(char::from_u32));
        return code.is_some();
    }
    let simple = match name {
        "amp" | "AMP" => '&',
        "lt" | "LT" => '<',
        "gt" | "GT" => '>',
        "quot" | "QUOT" => '"',
        "apos" => '\'',
        "nbsp" | "ensp" | "emsp" | "thinsp" | "Tab" | "NewLine" => ' ',
        "colon" => ':',
        "sol" => '/',
        "period" => '.',
        "lpar" => '(',
        "rpar" => ')',
        "num" => '#',
        "commat" => '@',
        "dstrok" => 'đ',
        "Dstrok" => 'Đ',
        "eth" => 'ð',
        "ETH" => 'Ð',
        "shy" | "zwj" | "zwnj" | "ZeroWidthSpace" | "NoBreak" => '\u{200b}',
        _ => return letter_with_mark(name, out),
    };
    out.push(simple);
    true
}

/// `&aacute;`, `&ecirc;`, `&atilde;`: a letter and the name of its mark.
fn letter_with_mark(name: &str, out: &mut String) -> bool {
    let (Some(letter), Some(mark)) = (name.chars().next(), name.get(1..)) else { return false };
    let mark = match mark {
        "grave" => '\u{300}',
        "acute" => '\u{301}',
        "tilde" => '\u{303}',
        "circ" => '\u{302}',
        "breve" => '\u{306}',
        _ => return false,
    };
    out.push(letter);
    out.push(mark);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_text_and_comments_are_told_apart() {
        let tokens: Vec<_> = Tokens::of("é<A HREF='x>y' hidden>a<!-- c --><script>1</s></SCRIPT>z</a>< b").collect();
        let attributes = vec![("href".to_owned(), "x>y".to_owned()), ("hidden".to_owned(), String::new())];
        assert_eq!(
            tokens,
            [
                Token::Text("é"),
                Token::Open(Tag { name: "a".to_owned(), attributes }),
                Token::Text("a"),
                Token::Comment(" c "),
                Token::Open(Tag { name: "script".to_owned(), attributes: vec![] }),
                Token::Raw("script", "1</s>"),
                Token::Close("script".to_owned()),
                Token::Text("z"),
                Token::Close("a".to_owned()),
                Token::Text("< b"),
            ]
        );
    }

    #[test]
    fn character_references_are_read() {
        assert_eq!(
            decoded("t&agrave;i x&#x1EC9;u &amp; &khong; java&Tab;script&colon;"),
            "ta\u{300}i xỉu & &khong; java script:"
        );
    }
}
