// Markup that two parsers read differently: what is text, an attribute or a comment to the one is an element to the
// other, at once or when it is written and read again.

/** What comes out of hiding. The first four fire by themselves. */
const HIDDEN = [
  (n) => `<img src=x onerror=fired(${n})>`,
  (n) => `<svg onload=fired(${n})>`,
  (n) => `<details open ontoggle=fired(${n})>x`,
  (n) => `<iframe src=javascript:parent.fired(${n})>`,
  (n) => `<script>fired(${n})</script>`,
  (n) => `<a href=javascript:fired(${n})>x</a>`,
  (n) => `<input onfocus=fired(${n}) autofocus>`,
  (n) => `<style onload=fired(${n})></style>`,
  (n) => `<iframe srcdoc="&lt;script>parent.fired(${n})&lt;/script>">`,
  (n) => `<video><source onerror=fired(${n})>`,
];
const entities = (text) => text.replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Elements the content of which is text to some parsers and markup to others. */
const RAW = `style title textarea noscript noembed noframes xmp iframe script plaintext template select option listing frameset`
  .split(" ");
/** Where HTML, SVG and MathML meet. */
const JUNCTIONS = [
  "", "<svg>", "<math>", "<svg><foreignObject>", "<svg><desc>", "<svg><title>", "<math><mtext>", "<math><mi>", "<math><ms>",
  "<math><annotation-xml encoding=text/html>", "<math><annotation-xml encoding=application/xhtml+xml><svg>",
  "<math><mtext><table><mglyph>", "<form><math><mtext></form><form><mglyph>", "<svg></p>", "<table><caption><svg><desc><p>",
  "<math><mtext><h1><a><h6></a></h6><mglyph><svg><mtext>",
];
/** Ways out of a raw element: its name, and what is hidden. */
const EXITS = [
  (raw, hidden) => `<p title="</${raw}>${hidden}">`,
  (raw, hidden) => `<a alt='</${raw} x>${hidden}'>`,
  (raw, hidden) => `<!--</${raw}>${hidden}-->`,
  (raw, hidden) => `<![CDATA[</${raw}>${hidden}]]>`,
  (raw, hidden) => `<!--</${raw}><img title="--&gt;${entities(hidden)}">`,
  (raw, hidden) => `</${raw}/>${hidden}`,
];

/** Two parsers, two trees. The first of them fires by itself wherever it is shown. */
export function mutations() {
  const made = [];
  for (const [row, junction] of JUNCTIONS.entries()) {
    for (const [column, raw] of RAW.entries()) {
      for (const [depth, exit] of EXITS.entries()) {
        const hidden = HIDDEN[(row + column + depth) % HIDDEN.length];
        made.push((n) => `${junction}<${raw}>${exit(raw, hidden(n))}`);
      }
    }
  }
  return made;
}

/** Broken ends, comments and declarations; `@` is what is hidden. The first of them fires by itself. */
const BROKEN = [
  "<!-->@-->", "<!--->@-->", "<!-- --!>@ -->", "<!--a--!>@", "<!--<!-->@-->", "<!- >@", "<!>@", "<!x>@", "</>@", "</ x>@",
  "<?xml @?>", "<?@", "<![CDATA[>@]]>", "<![endif]--><@", "<!--[if gte IE 4]>@<![endif]-->", "<!DOCTYPE html [<!ENTITY a '@'>]>&a;",
  "<<p>>@", "<p <@", "<p title=\"@", "<p title='@", "<p title=`@`>", '<p title="a"@>', '<p title="\">@">', "<p/@/>", "<p @=@>",
  "<a><a>@</a></a>", "<table>@<tr><td>@</table>", "<table><tr>@</tr></table>", "<select>@</select>", "<p><button><p>@</button>",
  "<b><i></b>@</i>", "<p><table><p>@", "</p>@<p>", "</br>@", "<li><p><li>@", "<svg><![CDATA[@]]></svg>", "<frameset>@</frameset>@",
  "<colgroup>@", "<body><body @>", "<html @><head>@", "<ruby><rt>@", "<object><param @></object>", "<isindex prompt=@>", "<image @>",
];

export function brokenMarkup() {
  return BROKEN.flatMap((place) => HIDDEN.map((hidden) => (n) => place.replaceAll("@", () => hidden(n))));
}

/** What a tokeniser may take for a blank, an end or nothing. */
const ODD = [
  "\u0000", "\u0001", "\u0008", "\u000b", "\u000c", "\r", "\u001f", "\u007f", "\u0080", "\u0085", "\u00a0", "\u00ad", "\u034f",
  "\u061c", "\u115f", "\u1680", "\u180e", "\u200b", "\u200d", "\u200e", "\u2028", "\u2029", "\u202e", "\u2060", "\u2066", "\u3000",
  "\ufeff", "\ufffd", "\ufffe", "\u{e0001}", "\u{10ffff}", "/", "//", "\\",
];
const SPOTS = [
  (odd, n) => `<img src=x${odd}onerror=fired(${n})>`,
  (odd, n) => `<${odd}img src=x onerror=fired(${n})>`,
  (odd, n) => `<im${odd}g src=x onerror=fired(${n})>`,
  (odd, n) => `<img${odd}src=x onerror=fired(${n})>`,
  (odd, n) => `<img src=x on${odd}error=fired(${n})>`,
  (odd, n) => `<img src=x onerror${odd}=fired(${n})>`,
  (odd, n) => `<img src=x onerror=${odd}fired(${n})>`,
  (odd, n) => `<img src=x title="a${odd}"onerror=fired(${n})>`,
  (odd, n) => `<script${odd}>fired(${n})</script${odd}>`,
  (odd, n) => `<a href="${odd}javascript${odd}:fired(${n})">x</a>`,
];

/** The first of them fires by itself: the parser reads on after a NUL. */
export function oddCharacters() {
  return [...ODD.slice(4), ...ODD.slice(0, 4)].flatMap((odd) => SPOTS.map((spot) => (n) => spot(odd, n)));
}

/** Ways to write markup so that it is none, until somebody decodes once too often. */
const ENCODINGS = [
  (text) => text,
  entities,
  (text) => entities(entities(text)),
  (text) => encodeURIComponent(text),
  (text) => text.replaceAll("<", "%3C").replaceAll(">", "%3E"),
  (text) => text.replaceAll("<", "%253C"),
  (text) => text.replaceAll("<", "&#60;").replaceAll(">", "&#62;"),
  (text) => text.replaceAll("<", "&#x3c").replaceAll(">", "&#x3e"),
  (text) => text.replaceAll("<", "&LT").replaceAll(">", "&GT"),
  (text) => text.replaceAll("<", "\\u003c").replaceAll(">", "\\u003e"),
  (text) => text.replaceAll("<", "\\x3c"),
  (text) => text.replaceAll("<", "+ADw-").replaceAll(">", "+AD4-"),
  (text) => text.replaceAll("<", "\uff1c").replaceAll(">", "\uff1e"),
  (text) => text.replaceAll("<", "\u00c0\u00bc").replaceAll(">", "\u00c0\u00be"),
  (text) => text.replaceAll("<", "\u2039").replaceAll(">", "\u203a"),
  (text) => text.replaceAll("<", "<\u0338"),
  (text) => text.replace(/[a-z]/g, (letter) => String.fromCodePoint(letter.codePointAt(0) + 0xfee0)),
  (text) => text.replaceAll("s", "\u017f").replaceAll("k", "\u212a").replaceAll("i", "\u0131"),
];

export function encoded() {
  return ENCODINGS.flatMap((encode) => HIDDEN.map((hidden) => (n) => encode(hidden(n))));
}
