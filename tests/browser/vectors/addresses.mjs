// Addresses that run something, and addresses that fetch something: each in every attribute that takes one.
import { Buffer } from "node:buffer";

const decimal = (text) => [...text].map((letter) => `&#${letter.codePointAt(0)};`).join("");
const padded = (text) => [...text].map((letter) => `&#x${letter.codePointAt(0).toString(16).padStart(7, "0")}`).join("");
const base64 = (text) => Buffer.from(text).toString("base64");

/** Addresses with a program in them. */
const PROGRAMS = [
  (n) => `javascript:fired(${n})`,
  (n) => `JaVaScRiPt:fired(${n})`,
  (n) => `  javascript:fired(${n})`,
  (n) => `\u0001\u001fjavascript:fired(${n})`,
  (n) => `java\tscript:fired(${n})`,
  (n) => `java\r\nscript:fired(${n})`,
  (n) => `java&Tab;script&colon;fired(${n})`,
  (n) => `java&NewLine;script:fired&lpar;${n}&rpar;`,
  (n) => decimal(`javascript:fired(${n})`),
  (n) => padded(`javascript:fired(${n})`),
  (n) => `&#106avascript:fired(${n})`,
  (n) => `javascript://a.example/%0Afired(${n})`,
  (n) => `javascript:/*--></title></style></textarea></script><svg/onload='+/"/+/onmouseover=1/+/[*/[]/+fired(${n})//'>`,
  (n) => `javascript:%66ired(${n})`,
  (n) => `javascript:\\u0066ired(${n})`,
  (n) => `javascript:onerror=fired;throw ${n}`,
  (n) => `javascript:fired\`${n}\``,
  (n) => `javas&#99;ript&#0000058fired(${n})`,
  (n) => `\u00a0javascript:fired(${n})`,
  (n) => `\u3000javascript:fired(${n})`,
  (n) => `\ufeffjavascript:fired(${n})`,
  (n) => `java\u0000script:fired(${n})`,
  (n) => `java\u00adscript:fired(${n})`,
  (n) => `javascript\u200b:fired(${n})`,
  (n) => `javascript\uff1afired(${n})`,
  (n) => `javas\u0441ript:fired(${n})`,
  (n) => `vbscript:fired(${n})`,
  (n) => `livescript:fired(${n})`,
  (n) => `feed:javascript:fired(${n})`,
  (n) => `view-source:javascript:fired(${n})`,
  (n) => `jar:javascript:fired(${n})!/`,
  (n) => `data:text/html,<script>parent.fired(${n})</script>`,
  (n) => `data:text/html;base64,${base64(`<script>parent.fired(${n})</script>`)}`,
  (n) => `data:text/html;charset=utf-7,+ADw-script+AD4-parent.fired(${n})+ADw-/script+AD4-`,
  (n) => `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="parent.fired(${n})"/>`,
  (n) => `data:application/xhtml+xml,<x:script xmlns:x="http://www.w3.org/1999/xhtml">parent.fired(${n})</x:script>`,
  (n) => `data:text/javascript,fired(${n})`,
  (n) => `data:,fired(${n})`,
  (n) => `d&#97;ta:text/html,<svg/onload=parent.fired(${n})>`,
  (n) => `about:blank?javascript:fired(${n})`,
];

/** Attributes that take an address; `@` is where it goes. Two of them stand without quotes. */
const CARRIERS = [
  '<a href="@">x</a>',
  "<a href='@' title=x>x",
  "<a href=@>x",
  '<img src="@">',
  '<iframe src="@"></iframe>',
  '<iframe srcdoc="<a href=\'@\'>x">',
  '<form action="@"><input type=submit autofocus>',
  '<button formaction="@">x',
  '<object data="@"></object>',
  '<embed src="@">',
  '<svg><a xlink:href="@"><text>x',
  '<svg><use href="@"/>',
  '<svg><animate attributeName=href values="@" /><a id=a><text>x',
  '<svg><script href="@"></script>',
  '<math href="@">x',
  '<math><mtext xlink:href="@">x',
  '<base href="@"><a href=#>x</a>',
  '<link rel=stylesheet href="@">',
  '<link rel=import href="@">',
  '<meta http-equiv=refresh content="0;url=@">',
  '<body background="@">',
  '<table background="@"><td background="@">x',
  '<video poster="@"><source src="@">',
  '<audio src="@" autoplay>',
  '<picture><source srcset="@"><img>',
  '<img srcset="@ 1x">',
  '<map name=m><area href="@"></map><img usemap=#m>',
  '<q cite="@">x</q>',
  '<del cite="@">x</del>',
  '<p style="background:url(@)">x',
  '<a ping="@" href="/a">x',
  '<script src="@"></script>',
  '<frameset><frame src="@">',
  '<applet code="@"></applet>',
  '<portal src="@">',
];

/** The first of them fires when it is clicked. */
export function programs() {
  return CARRIERS.flatMap((carrier) => PROGRAMS.map((program) => (n) => carrier.replaceAll("@", () => program(n))));
}

/** Elements that fetch by themselves, and what they would fetch it as. Only `img` may be shown, and only by `src`. */
const FETCHING = [
  ["<p style=\"background:url('@')\">x</p>", "style"],
  ["<style>@import '@';</style>", "import"],
  ["<style>p{background:url(@)}</style><p>x", "background"],
  ['<link rel=stylesheet href="@">', "stylesheet"],
  ['<link rel=preload as=image href="@">', "preload"],
  ['<link rel=prefetch href="@">', "prefetch"],
  ['<link rel=icon href="@">', "icon"],
  ['<img src="@">', "shown"],
  ['<script src="@"></script>', "script"],
  ['<script type=module src="@"></script>', "module"],
  ['<iframe src="@"></iframe>', "frame"],
  ['<iframe srcdoc="<img src=@>"></iframe>', "srcdoc"],
  ['<object data="@"></object>', "object"],
  ['<embed src="@">', "embed"],
  ['<video src="@" autoplay></video>', "video"],
  ['<video poster="@"></video>', "poster"],
  ['<audio src="@" autoplay></audio>', "audio"],
  ['<video><track src="@" default kind=captions></video>', "track"],
  ['<input type=image src="@">', "input"],
  ['<body background="@">', "body"],
  ['<table background="@"><tr><td>x</table>', "table"],
  ['<img srcset="@ 1x">', "srcset"],
  ['<picture><source srcset="@"><img></picture>', "source"],
  ['<svg><image href="@" width=1 height=1></image></svg>', "image"],
  ['<svg><use href="@#a"></use></svg>', "use"],
  ['<svg><filter id=f><feImage href="@"/></filter><rect filter="url(#f)" width=9 height=9></svg>', "feImage"],
  ['<meta http-equiv=refresh content="0;url=@">', "refresh"],
  ['<form action="@"><button autofocus>x</button></form>', "form"],
  ["<p style=\"list-style:url('@')\">x</p>", "list"],
  ["<p style=\"cursor:url('@'),auto\">x</p>", "cursor"],
  ["<style>@font-face{font-family:f;src:url(@)}</style><p style='font-family:f'>x", "font"],
];

/** Ways to write the address of a server that listens. */
const LISTENERS = [
  (n, what) => `http://canary.test/${n}/${what}`,
  (n, what) => `//canary.test/${n}/${what}`,
  (n, what) => `HTTP://CANARY.test:80/${n}/${what}?a=1`,
  (n, what) => `http:\\\\canary.test\\${n}\\${what}`,
  (n, what) => `http://canary.test/${n}/${what}#${n}`,
];

/** The first of them fetches by itself wherever it is shown. */
export function fetches() {
  return FETCHING.flatMap(([place, what]) =>
    LISTENERS.map((address) => (n) => place.replace(/@(?!import|font-face)/g, () => address(n, what))),
  );
}
