//! Article HTML for feeds: addresses made absolute, and the same text without markup.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use url::Url;

use crate::text;

/// HTML in which every address is absolute: feed readers resolve none reliably. Made by [`absolutise`] only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContentHtml(String);

impl ContentHtml {
    /// The HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text without markup, one line per block, as JSON Feed wants beside the HTML.
    pub fn to_text(&self) -> String {
        plain_text(&self.0)
    }
}

/// The text of HTML without its markup, one line per block.
pub fn plain_text(html: &str) -> String {
    let mut text = PlainText::default();
    tokenise(html, |token| text.take(&token));
    text.finished()
}

/// Resolves every address in `sanitised_html` against `base`, the address of the page that shows it (HTML standard,
/// "resolving URLs"). An address that cannot be resolved loses its attribute; so does `srcset`, whose images `src`
/// already offers.
///
/// This works on tokens and does not sanitise: elements and their order stay as they are, entities are decoded and
/// written again as the HTML standard serialises them. What the sanitiser lets through, apart from addresses, therefore
/// comes out unchanged. Comments, which it never lets through, are dropped.
pub fn absolutise(sanitised_html: &str, base: &Url) -> ContentHtml {
    let mut html = String::with_capacity(sanitised_html.len() * 9 / 8);
    tokenise(sanitised_html, |token| match token {
        Token::CharacterTokens(text) => escape_into(&mut html, &text),
        Token::TagToken(tag) => write_tag(&mut html, &tag, base),
        _ => {}
    });
    ContentHtml(text::block(&html).into_owned())
}

/// Plain text as HTML that shows it.
pub fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len() * 9 / 8);
    escape_into(&mut html, text);
    html
}

/// Attributes that hold one address, whatever element they stand on; HTML gives these names no other meaning on the
/// elements that a sanitiser lets through.
const ADDRESSES: [&str; 10] =
    ["href", "src", "cite", "poster", "data", "longdesc", "background", "action", "formaction", "xlink:href"];

/// Attributes that hold several addresses.
const ADDRESS_LISTS: [&str; 3] = ["srcset", "imagesrcset", "ping"];

fn write_tag(html: &mut String, tag: &Tag, base: &Url) {
    html.push_str(if tag.kind == TagKind::EndTag { "</" } else { "<" });
    html.push_str(&tag.name);
    for attribute in &tag.attrs {
        let name: &str = &attribute.name.local;
        if ADDRESSES.contains(&name) {
            if let Ok(address) = base.join(&attribute.value) {
                write_attribute(html, name, address.as_str());
            }
        } else if !ADDRESS_LISTS.contains(&name) {
            write_attribute(html, name, &attribute.value);
        }
    }
    html.push('>');
}

fn write_attribute(html: &mut String, name: &str, value: &str) {
    html.push(' ');
    html.push_str(name);
    html.push_str("=\"");
    for (index, part) in value.split('"').enumerate() {
        html.push_str(if index == 0 { "" } else { "&quot;" });
        escape_into(html, part);
    }
    html.push('"');
}

/// "Escaping a string" of the HTML standard, for text.
fn escape_into(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '\u{A0}' => html.push_str("&nbsp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            c => html.push(c),
        }
    }
}

/// Elements that do not interrupt a line of text.
const INLINE: [&str; 30] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img",
    "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "u",
];

/// Collects text; blanks collapse, blocks and `br` end a line, table cells are set apart by a blank.
#[derive(Default)]
struct PlainText {
    text: String,
    blank: bool,
}

impl PlainText {
    fn take(&mut self, token: &Token) {
        match token {
            Token::CharacterTokens(text) => text.chars().for_each(|c| self.push(c)),
            Token::TagToken(tag) if matches!(&*tag.name, "td" | "th" | "wbr") => self.blank |= &*tag.name != "wbr",
            Token::TagToken(tag) if !INLINE.contains(&&*tag.name) => self.end_line(),
            _ => {}
        }
    }

    fn push(&mut self, c: char) {
        if c.is_ascii_whitespace() {
            self.blank = true;
            return;
        }
        if self.blank && !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push(' ');
        }
        self.blank = false;
        self.text.push(c);
    }

    fn end_line(&mut self) {
        self.blank = false;
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn finished(self) -> String {
        text::block(&self.text).into_owned()
    }
}

fn tokenise(html: &str, take: impl FnMut(Token)) {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    // A byte order mark means something at the start of a file, not of a fragment.
    let options = TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() };
    let tokenizer = Tokenizer::new(Sink(RefCell::new(take)), options);
    // A sink that never asks for a script or an encoding is fed in one go.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
}

struct Sink<F>(RefCell<F>);

impl<F: FnMut(Token)> TokenSink for Sink<F> {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        (self.0.borrow_mut())(token);
        TokenSinkResult::Continue
    }
}
