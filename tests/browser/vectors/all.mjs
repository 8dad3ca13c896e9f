// Every vector, and the articles that carry them. All of it is made from families: no list of others is copied.
import { fetches, programs } from "./addresses.mjs";
import { handlers } from "./handlers.mjs";
import { brokenMarkup, encoded, mutations, oddCharacters } from "./markup.mjs";
import { clobbering, documents, frames, styles } from "./rest.mjs";

const FAMILIES = {
  handlers, programs, fetches, mutations, brokenMarkup, oddCharacters, encoded, styles, frames, clobbering, documents,
};

/** Distinct vectors, numbered from 1: each calls `fired` with its number, or asks the canary for a path that begins with it. */
export function vectors() {
  const seen = new Set();
  const all = [];
  for (const [family, make] of Object.entries(FAMILIES)) {
    for (const template of make()) {
      const text = template(0);
      if (seen.has(text)) continue;
      seen.add(text);
      const number = all.length + 1;
      all.push({ family, number, text: template(number) });
    }
  }
  return all;
}

/** One vector of each family that has an effect by itself, or when it is clicked. */
export function potent(all) {
  return Object.keys(FAMILIES).map((family) => all.find((vector) => vector.family === family));
}

/** Lines for `import articles`: the vector in every field, as far as its rules take it. */
export function articles(all, site) {
  return all.map((vector) => article(vector, site));
}

function article({ number, text }, site) {
  const line = fitting(text, 290) ?? `<b onclick=fired(${number})>${number}`;
  const title = fitting(text, 490) ?? `<b onclick=fired(${number})>${number}</b>`;
  const address = `http://canary.test/${number}/field?"'><script>fired(${number})</script>`;
  return {
    sourceId: `vector-${number}`,
    site,
    category: "tin-tuc",
    slug: `vector-${number}`,
    title,
    summary: fitting(text, 1990) ?? line,
    body: text,
    publishedAt: new Date(Date.UTC(2024, 0, 1) + number * 60_000).toISOString(),
    tags: [line, `"><img src=x onerror=fired(${number})>`],
    author: line,
    source: { name: line, author: line, url: address, verbatim: false },
    cover: { url: address, alt: line, caption: line, credit: line },
    originalUrl: address,
  };
}

/** The text, unless it is longer or blank to the rules of a line. */
function fitting(text, longest) {
  return [...text].length <= longest && text.trim() !== "" ? text : undefined;
}
