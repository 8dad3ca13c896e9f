// The server's own answers, opened in the browser as somebody opens a link: those that hold the texts, those that repeat
// what is asked, and the two pages with programs.

/** What is put into addresses. */
const ECHOES = [
  "<script>fired(9001)</script>",
  "\"'><img src=x onerror=fired(9002)>",
  "<svg xmlns='http://www.w3.org/2000/svg' onload=fired(9003)>",
  "javascript:fired(9004)",
  "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>fired(9005)</x:script>",
  "]]><script>fired(9006)</script>",
];
const PLACES = [
  "/@", "/v1/@", "/v1/articles?first=@", "/v1/articles?@=1", "/v1/articles?site=@", "/v1/articles?text=@", "/v1/articles?after=@",
  "/v1/articles/@", "/v1/sites/@", "/v1/sites/@/articles/@", "/v1/topics/@", "/v1/units/@", "/v1/procedures/@", "/v1/previews/@",
  "/v1/log/proof?leaf=@&size=@", "/feeds/sites/@.atom", "/feeds/@/x.rss", "/feeds/sites/SITE.json?tag=@", "/feeds/sites/SITE.rss?tag=@",
  "/feeds/sites/SITE.atom?tag=@", "/sitemaps/@/index.xml", "/problems/@", "/graphql?query=@", "/graphql?query={__typename}&variables=@",
  "/graphql?query={__typename}&operationName=@", "/graphql/documents/@", "/media/@/640.webp", "/graphiql/assets/@", "/.well-known/@",
];

/** Addresses of answers that repeat what is asked. */
export function echoes(site) {
  return PLACES.flatMap((place) => ECHOES.map((text) => place.replace("SITE", site).replaceAll("@", () => encodeURIComponent(text))));
}

/** Addresses of answers that hold the texts of articles. */
export function holding(site, articles) {
  const query = "{ articles(first: 40) { nodes { title summary body tags author source { name } cover { alt caption credit } } } }";
  return [
    ...["atom", "rss", "json"].map((form) => `/feeds/sites/${site}.${form}?first=100`),
    ...["atom", "rss", "json"].map((form) => `/feeds/sites/${site}.${form}?order=updated`),
    "/feeds.opml", `/sitemaps/${site}/index.xml`, `/sitemaps/${site}/news.xml`, `/sitemaps/${site}/2024-01.xml`, "/",
    `/v1/articles?site=${site}&first=100`, `/graphql?query=${encodeURIComponent(query)}`,
    ...articles.flatMap(({ id, slug }) => [`/v1/articles/${id}`, `/v1/sites/${site}/articles/${slug}`, `/v1/articles/${id}/signature`]),
  ];
}

/** Opens each address and does there what can be done. */
export async function open({ watched, base }, paths, headers = {}) {
  const fresh = async () => {
    const page = await watched.page();
    await page.setExtraHTTPHeaders(headers);
    return page;
  };
  let page = await fresh();
  let documents = 0;
  for (const path of paths) {
    const response = await page.goto(new URL(path, base).href).catch(withoutDocument);
    if (response === undefined) {
      await page.close();
      page = await fresh();
      continue;
    }
    if (response === null || response.status() >= 500) throw new Error(`${path}: ${response?.status()}`);
    await page.evaluate(() => window.__use?.(document)).catch((error) => Promise.reject(new Error(`${path}: ${error.message}`)));
    documents += 1;
  }
  await page.close();
  return documents;
}

/** A refusal without a body shows the browser's own page, which would get in the way of the next. */
function withoutDocument(error) {
  if (!error.message.includes("ERR_HTTP_RESPONSE_CODE_FAILURE")) throw error;
}

/** GraphiQL and the REST reference with hostile addresses, and with hostile texts in an answer. */
export async function openPrograms({ watched, base }) {
  const page = await watched.page();
  const all = encodeURIComponent(ECHOES.join("\n"));
  const hostile = "http://canary.test/9000/document";
  for (const query of [`?query=${all}&variables=${all}&headers=${all}&operationName=${all}`, `#${all}`]) {
    await page.goto(new URL(`/graphiql${query}`, base).href);
    await page.locator(".graphiql-query-editor .CodeMirror").waitFor();
  }
  const text = "{ articles(first: 40) { nodes { slug title summary body tags author } } }";
  await page.evaluate((query) => document.querySelector(".graphiql-query-editor .CodeMirror").CodeMirror.setValue(query), text);
  await page.locator(".graphiql-query-editor .CodeMirror").click();
  await page.keyboard.press("Control+Enter");
  await page.locator(".result-window", { hasText: '"slug": "vector-' }).waitFor();
  for (const query of [`?url=${hostile}&configUrl=${hostile}&urls=${hostile}`, `?url=data:,${all}#/${all}`, `#/articles/${all}`]) {
    await page.goto(new URL(`/docs${query}`, base).href);
    await page.locator(".opblock").first().waitFor();
  }
  await page.close();
}

/** The HTML in the feeds, read as a reader of feeds reads it. */
export async function feedBodies({ watched, host, base }, site) {
  const read = async (form) => (await fetch(new URL(`/feeds/sites/${site}.${form}?first=100`, base))).text();
  const page = await watched.page();
  await page.goto(host.page("<!DOCTYPE html><title>x</title>"));
  const xml = await page.evaluate(htmlOf, [await read("atom"), await read("rss")]);
  await page.close();
  const json = JSON.parse(await read("json")).items.map((item) => item.content_html);
  return [...xml, ...json].map((html, at) => ({ number: at + 1, html }));
}

function htmlOf(documents) {
  return documents.flatMap((text) => {
    const parsed = new DOMParser().parseFromString(text, "application/xml");
    if (parsed.querySelector("parsererror")) throw new Error(parsed.querySelector("parsererror").textContent);
    return [...parsed.querySelectorAll("content[type=html], item > description, item > encoded")].map((node) => node.textContent);
  });
}
