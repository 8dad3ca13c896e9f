//! Writing XML that is well formed whatever the text: elements nest by construction, and every text and attribute
//! value passes through here.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::text;

/// Name and value of an attribute.
pub(crate) type Attribute<'a> = (&'a str, &'a str);

/// A document being written into one buffer.
pub(crate) struct Xml {
    writer: Writer<Vec<u8>>,
}

impl Xml {
    /// A whole UTF-8 document with one root element.
    pub(crate) fn document(
        capacity: usize,
        root: &str,
        attributes: &[Attribute<'_>],
        body: impl FnOnce(&mut Self),
    ) -> String {
        let mut xml = Self { writer: Writer::new(Vec::with_capacity(capacity)) };
        xml.put(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        xml.element(root, attributes, body);
        xml.finish()
    }

    /// An element with child elements.
    pub(crate) fn element(&mut self, name: &str, attributes: &[Attribute<'_>], body: impl FnOnce(&mut Self)) {
        self.put(Event::Start(start(name, attributes)));
        body(self);
        self.put(Event::End(BytesEnd::new(name)));
    }

    /// An element without content.
    pub(crate) fn empty(&mut self, name: &str, attributes: &[Attribute<'_>]) {
        self.put(Event::Empty(start(name, attributes)));
    }

    /// An element with one line of text.
    pub(crate) fn line(&mut self, name: &str, attributes: &[Attribute<'_>], text: &str) {
        self.text(name, attributes, &text::line(text));
    }

    /// An element with one line of text, unless there is none.
    pub(crate) fn some_line(&mut self, name: &str, attributes: &[Attribute<'_>], text: &str) {
        if let Some(line) = text::some_line(text) {
            self.text(name, attributes, &line);
        }
    }

    /// An element with text of several lines, unless there is none.
    pub(crate) fn some_block(&mut self, name: &str, attributes: &[Attribute<'_>], text: &str) {
        let block = text::block(text);
        if !block.is_empty() {
            self.text(name, attributes, &block);
        }
    }

    /// `BytesText` escapes `<`, `>`, `&` and quotes: `]]>` cannot occur and no section mark is needed.
    fn text(&mut self, name: &str, attributes: &[Attribute<'_>], text: &str) {
        self.element(name, attributes, |xml| xml.put(Event::Text(BytesText::new(text))));
    }

    #[expect(clippy::expect_used, reason = "io::Write for Vec<u8> returns no error")]
    fn put(&mut self, event: Event<'_>) {
        self.writer.write_event(event).expect("a vector takes every write");
    }

    #[expect(clippy::expect_used, reason = "every event was made of strings")]
    fn finish(self) -> String {
        String::from_utf8(self.writer.into_inner()).expect("strings are UTF-8")
    }
}

fn start<'a>(name: &'a str, attributes: &[Attribute<'a>]) -> BytesStart<'a> {
    let mut start = BytesStart::new(name);
    for (name, value) in attributes {
        start.push_attribute((*name, text::line(value).as_str()));
    }
    start
}
