//! A body of HTML as a reader sees it, and what the reader does not see.

use std::collections::{HashMap, HashSet};

use super::evidence::{self, Reading};
use super::link::{self, Use};
use super::markup::{Tag, Token, Tokens, decoded};
use super::style::Look;
use super::{Hit, Length};

/// More different links than any article has; behind them nobody looks at each.
const MOST_LINKS: usize = 2_000;
/// Letters and digits that make hidden text more than a stray sign.
const LEAST_HIDDEN: usize = 24;
/// Characters of a rule in a style sheet that are read, since they are read again for each element.
const LONGEST_STYLE: usize = 300;
/// Elements that have no content and no end.
const VOID: [&str; 14] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];
/// Elements that stand within a word or a line.
const INLINE: [&str; 24] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "ins", "kbd", "label", "mark", "s",
    "small", "span", "strike", "strong", "sub", "sup", "u", "wbr",
];
/// What a program does that sends the reader elsewhere or writes the page anew.
const LIVELY: [&str; 12] = [
    "location",
    "open(",
    "eval",
    "document",
    "window.",
    "http",
    "fetch",
    "atob",
    "fromcharcode",
    "import",
    "alert",
    "src",
];

/// What is wrong with a body, if anything.
pub(super) fn examine(html: &str) -> Vec<Hit> {
    let mut page = Page { visible: String::with_capacity(html.len()), ..Page::default() };
    for token in Tokens::of(html) {
        page.take(token);
    }
    page.finish()
}

/// An element that is open.
struct Element {
    name: String,
    look: Look,
}

#[derive(Default)]
struct Page {
    open: Vec<Element>,
    /// How often each name is open, so that a stray end tag costs nothing.
    names: HashMap<String, usize>,
    by_class: HashMap<String, String>,
    visible: String,
    hidden: String,
    links: HashSet<(String, Use)>,
    anchor: Option<Anchor>,
    hits: Vec<Hit>,
    /// The script that is open holds data, no program.
    data_script: bool,
}

/// A link to a stranger, until its end shows whether there was anything to click on.
struct Anchor {
    address: String,
    letters: usize,
    picture: bool,
}

impl Page {
    fn take(&mut self, token: Token<'_>) {
        match token {
            Token::Text(text) => self.text(text),
            Token::Open(tag) => self.open(&tag),
            Token::Close(name) => self.close(&name),
            Token::Comment(text) => {
                self.hidden.push('\n');
                // Links in a comment are no links, but what is sold in it was put there for search engines.
                self.hidden.extend(evidence::names_a_topic(text).then_some(text));
            }
            Token::Raw("style", css) => self.style_sheet(css),
            Token::Raw(_, script) => self.script(script),
        }
    }

    fn look(&self) -> Look {
        self.open.last().map(|element| element.look).unwrap_or_default()
    }

    fn text(&mut self, text: &str) {
        let text = decoded(text);
        if self.look().is_hidden() {
            self.hidden.push_str(&text);
            return;
        }
        self.visible.push_str(&text);
        if let Some(anchor) = &mut self.anchor {
            anchor.letters += text.chars().filter(|c| c.is_alphanumeric()).count();
        }
    }

    fn open(&mut self, tag: &Tag) {
        let name = tag.name.as_str();
        if !INLINE.contains(&name) {
            self.visible.push('\n');
            self.hidden.push('\n');
            // The next block ends a paragraph that nobody closed.
            if self.open.last().is_some_and(|last| last.name == "p") {
                self.close("p");
            }
        }
        let look = self.look_of(tag);
        self.attributes(tag);
        self.element(tag, look);
        if !VOID.contains(&name) {
            *self.names.entry(tag.name.clone()).or_default() += 1;
            self.open.push(Element { name: tag.name.clone(), look });
        }
    }

    fn close(&mut self, name: &str) {
        if !INLINE.contains(&name) {
            self.visible.push('\n');
        }
        if name == "a" {
            self.end_anchor();
        }
        if self.names.get(name).copied().unwrap_or(0) == 0 {
            return;
        }
        while let Some(element) = self.open.pop() {
            if let Some(count) = self.names.get_mut(&element.name) {
                *count -= 1;
            }
            if element.name == name {
                break;
            }
        }
    }

    fn look_of(&self, tag: &Tag) -> Look {
        let mut look = self.look();
        for (name, value) in &tag.attributes {
            match name.as_str() {
                "class" | "id" => {
                    look.paint();
                    let prefix = if name == "class" { '.' } else { '#' };
                    for word in value.split_whitespace().take(8) {
                        if let Some(style) = self.by_class.get(&format!("{prefix}{word}")) {
                            look.apply(style);
                        }
                    }
                }
                "bgcolor" => look.background(value),
                "background" => look.paint(),
                "color" => look.colour(value),
                "hidden" => look.vanish(),
                _ => {}
            }
        }
        if let Some(style) = tag.get("style") {
            look.apply(style);
        }
        let size_zero = |name: &str| tag.get(name).is_some_and(|size| matches!(size.trim(), "0" | "1" | "0px" | "1px"));
        if tag.name == "marquee" && (size_zero("width") || size_zero("height")) {
            look.vanish();
        }
        if matches!(tag.name.as_str(), "template" | "noembed" | "noframes" | "datalist") {
            look.vanish();
        }
        look
    }

    /// What any element may carry.
    fn attributes(&mut self, tag: &Tag) {
        for (name, value) in &tag.attributes {
            if name.len() > 2 && name.starts_with("on") && is_lively(name, value) {
                self.hits.push(Hit::of("markup.handler", &format!("{name}={value}")));
            }
            if name == "style" && is_active(value) {
                self.hits.push(Hit::of("markup.script", value));
            }
            if matches!(name.as_str(), "title" | "alt" | "aria-label" | "content" | "value" | "placeholder" | "summary")
            {
                self.visible.push('\n');
                self.visible.push_str(value);
                self.visible.push('\n');
            }
        }
    }

    fn element(&mut self, tag: &Tag, look: Look) {
        match tag.name.as_str() {
            "a" | "area" => self.anchor(tag, look),
            "base" => self.base(tag),
            "meta" => self.meta(tag),
            "img" | "source" | "video" | "audio" | "image" => self.picture(tag),
            "iframe" | "frame" | "embed" | "object" | "portal" => self.frame(tag),
            "form" | "button" | "input" => self.form(tag),
            "script" => {
                self.data_script = tag.get("type").is_some_and(|kind| kind.trim().ends_with("json"));
                self.script_from(tag);
            }
            "link" => self.head_link(tag),
            _ => {}
        }
    }

    fn anchor(&mut self, tag: &Tag, look: Look) {
        self.end_anchor();
        let Some(address) = tag.get("href").or_else(|| tag.get("xlink:href")) else { return };
        self.link(address, Use::Follow);
        if !link::leaves(address) {
            return;
        }
        if look.is_hidden() {
            self.hits.push(Hit::of("hidden.link", address));
        } else if tag.name == "a" {
            self.anchor = Some(Anchor { address: address.to_owned(), letters: 0, picture: false });
        }
    }

    /// A link without a letter or a picture is there for search engines only.
    fn end_anchor(&mut self) {
        if let Some(anchor) = self.anchor.take().filter(|anchor| anchor.letters == 0 && !anchor.picture) {
            self.hits.push(Hit::of("hidden.link", &anchor.address));
        }
    }

    fn base(&mut self, tag: &Tag) {
        let address = tag.get("href").unwrap_or_default();
        if !link::is_own_path(address) {
            self.hits.push(Hit::of("markup.base", address));
        }
    }

    fn meta(&mut self, tag: &Tag) {
        let content = tag.get("content").unwrap_or_default();
        let address = refresh_target(content).unwrap_or_default();
        let refreshes = tag.get("http-equiv").is_some_and(|value| value.trim().eq_ignore_ascii_case("refresh"));
        if refreshes && !link::is_own_path(address) {
            self.hits.push(Hit::of("markup.refresh", content));
        }
    }

    fn picture(&mut self, tag: &Tag) {
        if let Some(anchor) = &mut self.anchor {
            anchor.picture = true;
        }
        if let Some(address) = tag.get("src").or_else(|| tag.get("href")) {
            self.link(address, Use::Picture);
        }
    }

    fn frame(&mut self, tag: &Tag) {
        let address = tag.get("src").or_else(|| tag.get("data")).unwrap_or_default();
        self.link(address, Use::Follow);
        if tag.get("srcdoc").is_some() || (!address.is_empty() && !link::may_embed(address)) {
            self.hits.push(Hit::of("markup.frame", address));
        }
    }

    fn form(&mut self, tag: &Tag) {
        let Some(address) = tag.get("action").or_else(|| tag.get("formaction")) else { return };
        self.link(address, Use::Follow);
        if link::leaves(address) {
            self.hits.push(Hit::of("markup.form", address));
        }
    }

    fn script_from(&mut self, tag: &Tag) {
        if let Some(address) = tag.get("src") {
            self.hits.push(Hit::of("markup.script", address));
        }
    }

    /// A canonical address or a style sheet elsewhere.
    fn head_link(&mut self, tag: &Tag) {
        if let Some(address) = tag.get("href").filter(|address| link::leaves(address)) {
            self.hits.push(Hit::of("markup.link", address));
        }
    }

    fn script(&mut self, script: &str) {
        if self.data_script {
            self.visible.push('\n');
            self.visible.push_str(script);
        } else if !script.trim().is_empty() {
            self.hits.push(Hit::of("markup.script", script.trim()));
        }
    }

    /// Remembers what simple selectors (`.a`, `#b`) say.
    fn style_sheet(&mut self, css: &str) {
        if css.contains("content") && evidence::names_a_topic(css) {
            self.hidden.push('\n');
            self.hidden.push_str(css);
        }
        for (selectors, style) in css.split('}').filter_map(|rule| rule.split_once('{')).take(2_000) {
            for selector in selectors.split(',').map(str::trim).filter(|one| one.starts_with(['.', '#'])) {
                self.by_class.insert(selector.to_owned(), style.chars().take(LONGEST_STYLE).collect());
            }
        }
    }

    fn link(&mut self, address: &str, used: Use) {
        if self.links.len() < MOST_LINKS {
            if self.links.insert((address.to_owned(), used)) {
                self.hits.extend(link::examine(address, used));
            }
        } else if self.links.len() == MOST_LINKS && self.links.insert((String::from("\0"), used)) {
            self.hits.push(Hit::of("link.flood", address));
        }
    }

    fn finish(mut self) -> Vec<Hit> {
        self.end_anchor();
        let visible = std::mem::take(&mut self.visible);
        let reading = Reading::of(&visible);
        self.hits.extend(reading.judge(Length::Long, 0));
        self.hits.extend(evidence::judge(&self.hidden, Length::Hidden));
        let letters = self.hidden.chars().filter(|c| c.is_alphanumeric()).take(LEAST_HIDDEN).count();
        if letters == LEAST_HIDDEN {
            self.hits.push(Hit::of("hidden.text", self.hidden.trim()));
        }
        let mut written_out = addresses(&visible).peekable();
        if written_out.peek().is_some() && !reading.is_report() {
            written_out.for_each(|address| self.link(address, Use::Follow));
        }
        self.hits
    }
}

/// Styles that ran programs in browsers of their day.
fn is_active(style: &str) -> bool {
    let style: String = style.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    ["javascript:", "expression(", "-moz-binding", "behavior:"].iter().any(|word| style.contains(word))
}

/// `5; url='/trang-chu'`. Browsers take more for an address than this.
fn refresh_target(content: &str) -> Option<&str> {
    let (_, rest) = content.split_once(';')?;
    let (name, address) = rest.split_once('=')?;
    name.trim().eq_ignore_ascii_case("url").then(|| address.trim().trim_matches(['"', '\'']))
}

fn is_lively(name: &str, value: &str) -> bool {
    if link::is_inert(value) {
        return false;
    }
    let value = value.to_ascii_lowercase();
    matches!(name, "onerror" | "onload" | "ontoggle" | "onfocus" | "onanimationstart")
        || LIVELY.iter().any(|word| value.contains(word))
}

/// Addresses written out in text.
pub(super) fn addresses(text: &str) -> impl Iterator<Item = &str> {
    dotted_words(text)
        .map(|word| before_next_sentence(word).trim_end_matches(['.', ';', ':', '!', '?', '\'', '’']))
        .filter(|word| word.len() > 3 && is_address(word))
}

/// Words with a dot or a slash, which every address has and few other words do.
fn dotted_words(text: &str) -> impl Iterator<Item = &str> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '"' | '<' | '>' | ',' | '“' | '”');
    let mut rest = text;
    std::iter::from_fn(move || {
        let at = rest.bytes().position(|byte| matches!(byte, b'.' | b'/'))?;
        let (before, behind) = rest.split_at_checked(at)?;
        let start = at - before.rsplit(ends).next().map_or(0, str::len);
        let end = behind.find(ends).map_or(rest.len(), |end| at + end);
        let word = rest.get(start..end);
        rest = rest.get(end..)?;
        word
    })
}

/// `xa.gov.vn.Các` lacks a space.
fn before_next_sentence(word: &str) -> &str {
    let next = word.match_indices('.').find(|(at, _)| {
        let before = word.get(..*at).and_then(|text| text.chars().next_back());
        let after = word.get(at + 1..).and_then(|text| text.chars().next());
        before.is_some_and(char::is_lowercase) && after.is_some_and(char::is_uppercase)
    });
    next.and_then(|(at, _)| word.get(..at)).unwrap_or(word)
}

fn is_address(word: &str) -> bool {
    if word.contains("://") || word.starts_with("www.") || word.starts_with("//") {
        return true;
    }
    let host = word.split(['/', '?', ':']).next().unwrap_or_default();
    let plain = !host.contains('@') && host.is_ascii() && !host.starts_with('.');
    plain
        && host
            .rsplit_once('.')
            .is_some_and(|(_, last)| last.len() >= 2 && last.bytes().all(|b| b.is_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(html: &str) -> Vec<&'static str> {
        let mut rules: Vec<_> = examine(html).iter().map(Hit::id).collect();
        rules.dedup();
        rules
    }

    #[test]
    fn what_a_reader_does_not_see_is_seen() {
        let table = [
            ("<div style='display:none'><a href='https://a.example'>x</a></div>", "hidden.link"),
            ("<p>Tin</p><a href=https://a.example></a>", "hidden.link"),
            ("<style>.q{position:absolute;left:-9999px}</style><p class=q><a href=//a.example>x</a>", "hidden.link"),
            ("<p hidden>một đoạn dài mà không người đọc nào thấy</p>", "hidden.text"),
            ("<base href=//a.example>", "markup.base"),
            ("<meta http-equiv=Refresh content='0;url=//a.example'>", "markup.refresh"),
            ("<script>location='//a'</script>", "markup.script"),
            ("<img src=x onerror=alert(1)>", "markup.handler"),
            ("<iframe src=https://a.example></iframe>", "markup.frame"),
            ("<a href='java&#10;script:alert(1)'>x</a>", "link.script"),
        ];
        for (html, rule) in table {
            assert!(rules(html).contains(&rule), "{html}: {:?}", rules(html));
        }
    }

    #[test]
    fn what_stays_on_the_portal_leads_nowhere() {
        for html in [
            "<base href='/'><p>Tin</p>",
            "<meta http-equiv=refresh content='5; url=/trang-chu'>",
            "<a href='javascript:void(0)' onclick='window.print()'>In trang</a>",
        ] {
            assert!(rules(html).is_empty(), "{html}: {:?}", rules(html));
        }
        for html in ["<base href='/\\a.example'>", "<meta http-equiv=refresh content='0;//a.example/?b=/c'>"] {
            assert!(!rules(html).is_empty(), "{html}");
        }
    }

    #[test]
    fn the_markup_of_offices_passes() {
        for html in [
            "<p style=\"text-align:justify\"><span style=\"font-size:14pt;color:#000\">Ngày 05/7, UBND xã họp.</span></p>",
            "<table bgcolor='#c00'><tr><td><font color=white>Lịch tiếp công dân tháng 7</font></td></tr></table>",
            "<div style='background:#0a5;color:#fff'>Chào mừng Đại hội Đảng bộ xã</div>",
            "<div style='position:relative;height:0;padding-bottom:56%;overflow:hidden'><iframe src='https://www.youtube.com/embed/x'></iframe></div>",
            "<a href='https://baohatinh.vn/x'><img src='data:image/png;base64,AA' alt='Ảnh'></a>",
            "<a href='javascript'>a</a><p onclick='this.focus()'>x</p><!-- hết bài -->",
        ] {
            assert_eq!(rules(html), [""; 0], "{html}");
        }
    }
}
