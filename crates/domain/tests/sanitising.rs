//! Attacks on the sanitiser. What comes out is read again as a browser reads it, and the tree is looked at, not the text.

use std::rc::Rc;

use html5ever::tendril::TendrilSink as _;
use html5ever::{ParseOpts, parse_document};
use lienthong_domain::html::SafeHtml;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use proptest::prelude::*;
use url::Url;

/// Elements that an article may have once it is stored, with those that the parser adds around them.
const ELEMENTS: &str = " html head body a abbr acronym article aside b bdi bdo blockquote br caption center cite code col \
    colgroup data dd del details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i iframe img \
    ins kbd li mark nav ol p pre q rp rt rtc ruby s samp section small span strike strong sub summary sup table tbody td \
    tfoot th thead time tr tt u ul var wbr ";

/// Programs, as an attacker brings them.
const PAYLOADS: [&str; 12] = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java&#10;script:alert(1)",
    "&#106;avascript:alert(1)",
    "javascript&colon;alert(1)",
    " \u{1}javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:image/svg+xml;base64,PHN2Zz4=",
    "vbscript:msgbox(1)",
    "jav&#x0A;ascript&#58;alert(1)",
    "feed:javascript:alert(1)",
];

/// Places for an address; `{}` is where it goes.
const ADDRESSES: [&str; 26] = [
    "<a href=\"{}\">x</a>",
    "<a href='{}'>x",
    "<a href={}>x",
    "<img src=\"{}\">",
    "<iframe src=\"{}\"></iframe>",
    "<iframe srcdoc=\"{}\">",
    "<form action=\"{}\"><input type=submit>",
    "<button formaction=\"{}\">x",
    "<object data=\"{}\">",
    "<embed src=\"{}\">",
    "<svg><a xlink:href=\"{}\"><text>x",
    "<svg><use href=\"{}\">",
    "<math href=\"{}\">x",
    "<base href=\"{}\">",
    "<link rel=stylesheet href=\"{}\">",
    "<meta http-equiv=refresh content=\"0;url={}\">",
    "<body background=\"{}\">",
    "<table background=\"{}\"><td>x",
    "<video poster=\"{}\" src=\"{}\">",
    "<audio src=\"{}\">",
    "<source srcset=\"{}\">",
    "<area href=\"{}\">",
    "<q cite=\"{}\">x</q>",
    "<del cite=\"{}\">x</del>",
    "<div style=\"background:url({})\">x",
    "<a ping=\"{}\" href=\"/a\">x",
];

/// Places for an event handler; `{}` is its name.
const HANDLERS: [&str; 8] = [
    "<p {}=alert(1)>x",
    "<img src=x {}=alert(1)>",
    "<svg {}=alert(1)>",
    "<a href=/a title='x'{}='alert(1)'>x",
    "<details open {}=alert(1)>x",
    "<iframe src=https://www.youtube.com/embed/x {}=alert(1)></iframe>",
    "<td/{}=alert(1)>x",
    "<xyz {}=alert(1) contenteditable>x",
];
const EVENTS: [&str; 14] = [
    "onclick",
    "onerror",
    "onload",
    "ONMOUSEOVER",
    "onfocus autofocus",
    "ontoggle",
    "onanimationstart",
    "onpointerrawupdate",
    "onwheel",
    "onbegin",
    "onbeforetoggle",
    "onscrollend",
    "oncontentvisibilityautostatechange",
    "onsearch",
];

/// What confuses parsers: foreign content, raw text, broken ends.
const CONFUSIONS: [&str; 24] = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<script src=//evil.example></script>",
    "<<script>alert(1)//<</script>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<style><img src=\"</style><img src=x onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\">",
    "<title><a title=\"</title><img src=x onerror=alert(1)>\">",
    "<svg><iframe><a title=\"</iframe><img src onerror=alert(1)>\">x",
    "<iframe><img title=\"</iframe><img src onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!-- --!><img src=x onerror=alert(1)> -->",
    "<![CDATA[><img src=x onerror=alert(1)>]]>",
    "<?xml <img src=x onerror=alert(1)>?>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
    "<select><option><style></select><img src=x onerror=alert(1)></style>",
    "<table><caption><svg><foreignObject><p><style><g title=\"</style><img src=x onerror=alert(1)>\">",
    "<svg><script>alert(1)</script></svg>",
    "<a href=/a><table><td><a href=javascript:alert(1)>x",
];

fn vectors() -> Vec<String> {
    let mut all: Vec<String> = CONFUSIONS.iter().map(|&text| text.to_owned()).collect();
    for place in ADDRESSES {
        all.extend(PAYLOADS.iter().map(|payload| place.replace("{}", payload)));
    }
    for place in HANDLERS {
        all.extend(EVENTS.iter().map(|event| place.replace("{}", event)));
    }
    let wrapped = |text: &String| format!("<p>Tin <b>xã</b></p><table><tr><td>{text}</table><svg><desc>{text}");
    let nested: Vec<_> = all.iter().map(wrapped).collect();
    all.extend(nested);
    all
}

/// What of the tree could run, lead astray or hide, if anything.
fn active(html: &str) -> Option<String> {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
    let mut open: Vec<Handle> = vec![Rc::clone(&dom.document)];
    while let Some(node) = open.pop() {
        if let NodeData::Element { name, attrs, .. } = &node.data {
            let element = name.local.to_string();
            let foreign = &*name.ns != "http://www.w3.org/1999/xhtml";
            if foreign || !ELEMENTS.contains(&format!(" {element} ")) {
                return Some(element);
            }
            let bad = attrs.borrow().iter().find_map(|a| is_active(&element, &a.name.local, &a.value));
            if bad.is_some() {
                return bad;
            }
        }
        open.extend(node.children.borrow().iter().map(Rc::clone));
    }
    None
}

fn is_active(element: &str, attribute: &str, value: &str) -> Option<String> {
    let address = matches!(attribute, "href" | "src" | "cite" | "longdesc");
    let scheme = Url::parse(value.trim()).ok().map(|url| url.scheme().to_owned());
    let bad_scheme =
        address && scheme.is_some_and(|scheme| !["https", "http", "mailto", "tel"].contains(&scheme.as_str()));
    let framed = element == "iframe" && attribute == "src" && !value.starts_with("https://www.youtube.com/embed/");
    let named = attribute.starts_with("on")
        || matches!(
            attribute,
            "style" | "srcdoc" | "action" | "formaction" | "background" | "poster" | "srcset" | "ping" | "id" | "class"
        );
    (bad_scheme || framed || named).then(|| format!("{element} {attribute}={value}"))
}

#[test]
fn nothing_active_survives() {
    let all = vectors();
    assert!(all.len() > 800, "{}", all.len());
    for vector in all {
        let (safe, _) = SafeHtml::sanitise(&vector);
        assert_eq!(active(safe.as_str()), None, "{vector}\n  became {}", safe.as_str());
        let (again, _) = SafeHtml::sanitise(safe.as_str());
        assert_eq!(again, safe, "{vector}");
    }
}

#[test]
fn the_check_itself_sees_what_is_active() {
    for html in [
        "<script>1</script>",
        "<p onclick=x>",
        "<a href='java\nscript:x'>",
        "<svg>",
        "<iframe src=//x>",
        "<p style=x>",
        "<form>",
    ] {
        assert!(active(html).is_some(), "{html}");
    }
    assert_eq!(active("<p>a<a href=/x rel=nofollow title=b>c</a>"), None);
}

#[test]
fn every_link_is_told_not_to_be_followed() {
    let (safe, _) = SafeHtml::sanitise("<a href=/a rel=opener target=_blank>a</a><a href=https://a.example/>b</a>");
    assert_eq!(safe.as_str().matches("rel=\"noopener noreferrer nofollow\"").count(), 2);
    assert!(!safe.as_str().contains("target"));
}

#[test]
fn deep_nesting_is_survived() {
    let html = format!("{}x{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
    let (safe, _) = SafeHtml::sanitise(&html);
    assert!(safe.as_str().contains('x'));
}

/// Pieces of markup that confuse when put together.
const PIECES: [&str; 36] = [
    "<",
    ">",
    "</",
    "<a ",
    "href=",
    "src=",
    "onerror=",
    "\"",
    "'",
    "=",
    "<script>",
    "</script>",
    "<style>",
    "</style>",
    "<svg>",
    "<math>",
    "<iframe ",
    "</iframe>",
    "<!--",
    "-->",
    "<p title=",
    "<img ",
    "javascript:",
    "alert(1)",
    "&lt;",
    "&quot;",
    "<table>",
    "<td>",
    "<noscript>",
    "<template>",
    "<mtext>",
    "<textarea>",
    "</textarea>",
    " ",
    "x",
    "ế",
];

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![4 => prop::sample::select(PIECES.to_vec()).prop_map(str::to_owned), 1 => ".{0,4}"]
}

proptest! {
    #[test]
    fn nothing_active_survives_of_scrambled_markup(pieces in prop::collection::vec(piece(), 0..40)) {
        let (safe, _) = SafeHtml::sanitise(&pieces.concat());
        prop_assert_eq!(active(safe.as_str()), None);
    }
}
