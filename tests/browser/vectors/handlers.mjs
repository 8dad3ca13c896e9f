// Event handlers: every event on elements that an article may have and on those that it may not, written in every way
// that a parser forgives.

const EVENTS = `abort afterprint animationcancel animationend animationiteration animationstart auxclick beforecopy beforecut
  beforeinput beforematch beforepaste beforeprint beforetoggle beforeunload begin blur bounce cancel canplay canplaythrough change
  click close command contentvisibilityautostatechange contextlost contextmenu contextrestored copy cuechange cut dblclick drag
  dragend dragenter dragexit dragleave dragover dragstart drop durationchange emptied end ended error finish focus focusin focusout
  formdata fullscreenchange fullscreenerror gotpointercapture hashchange input invalid keydown keypress keyup languagechange load
  loadeddata loadedmetadata loadstart lostpointercapture message messageerror mousedown mouseenter mouseleave mousemove mouseout
  mouseover mouseup mousewheel offline online pagehide pageshow paste pause play playing pointercancel pointerdown pointerenter
  pointerleave pointermove pointerout pointerover pointerrawupdate pointerup popstate progress propertychange ratechange
  readystatechange repeat reset resize scroll scrollend scrollsnapchange search securitypolicyviolation seeked seeking select
  selectionchange selectstart show slotchange stalled start storage submit suspend timeupdate toggle touchcancel touchend touchmove
  touchstart transitioncancel transitionend transitionrun transitionstart unhandledrejection unload volumechange waiting
  webkitanimationend webkitanimationiteration webkitanimationstart webkittransitionend wheel`
  .trim()
  .split(/\s+/);

/** Elements that an article may have; `@` is where the attribute goes. */
const KEPT = [
  "<img src=x @>",
  "<p @>x</p>",
  "<a href=/a @>x</a>",
  "<details open @>x</details>",
  "<iframe src=https://www.youtube.com/embed/x @></iframe>",
  "<table><tr><td @>x</td></tr></table>",
  "<div @ tabindex=0 contenteditable>x</div>",
  "<figure @><figcaption @>x</figcaption></figure>",
  "<ul><li @>x",
];

/** Elements that it may not have. */
const DROPPED = [
  "<svg @></svg>",
  "<video src=x @></video>",
  "<input @ autofocus>",
  "<body @>",
  "<marquee @>x</marquee>",
  "<object data=x @></object>",
  "<math><mi @>x</mi></math>",
  "<xyz-abc @ tabindex=1>x</xyz-abc>",
  "<select @ autofocus><option>x",
  "<svg><animate @ attributeName=x dur=1s></svg>",
];

/** Ways to write one handler: the name, and the number of the vector. */
const WRITINGS = [
  (name, n) => `${name}=fired(${n})`,
  (name, n) => `${name}="fired(${n})"`,
  (name, n) => `${name}='fired(${n})'`,
  (name, n) => `${name.toUpperCase()}\n=\n"fired(${n})"`,
  (name, n) => `title="a"${name}="fired(${n})"`,
  (name, n) => `/${name}=fired(${n})/`,
  (name, n) => `${name}="&#102;ired&lpar;${n}&rpar;"`,
  (name, n) => `\f${name}\t=\f'\\u0066ired(${n})'`,
  (name, n) => `title='"' ${name}="fired\`${n}\`"`,
  (name, n) => `x="&quot;>" ${name}='window["fi"+"red"](${n})'`,
  (name, n) => `"${name}=fired(${n}) ${name}=fired(${n})`,
  (name, n) => `=${name}=x ${name}="top.fired(${n})"`,
];

/** Of the places, how many each event is tried in; which ones goes around. */
const PLACES = 7;

/** The first of them fires by itself wherever it is shown. */
export function handlers() {
  const all = [...KEPT, ...DROPPED];
  const made = [(n) => `<img src=x onerror=fired(${n})>`];
  for (const [row, event] of EVENTS.entries()) {
    const places = Array.from({ length: PLACES }, (_, at) => all[(row + at) % all.length]);
    for (const [column, place] of places.entries()) {
      const write = WRITINGS[(row * 5 + column) % WRITINGS.length];
      made.push((n) => place.replaceAll("@", () => write(`on${event}`, n)));
    }
  }
  return made;
}
