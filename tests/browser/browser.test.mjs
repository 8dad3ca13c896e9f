// The check itself, against a page with one fault of each sort: a check that cannot fail proves nothing.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { expectAccessible } from "./accessibility.mjs";
import { openBrowser } from "./browser.mjs";

const POLICY = "default-src 'none'; script-src 'self'; img-src * data:";
const PAGES = {
  "/clean": "<p>Chào</p>",
  "/foreign": '<img alt="" src="http://elsewhere.example/a.png">',
  "/inline": "<script>document.title = 'x'</script>",
  "/broken": '<script src="/broken.js"></script>',
  "/unlabelled": "<input>",
};

let server;
let browser;

before(async () => {
  server = createServer(answer).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  browser = await openBrowser(new URL(`http://127.0.0.1:${server.address().port}`));
});

after(async () => {
  await browser?.close();
  server.close();
});

test("a clean page has no fault", async () => {
  const { page, faults } = await visit("/clean");
  assert.deepEqual(faults, []);
  await expectAccessible(page);
});

test("a request to another origin is a fault", async () => expectFault("/foreign", /request to http:\/\/elsewhere/));
test("an inline script is a fault", async () => expectFault("/inline", /policy violation: script-src/));
test("an uncaught error is a fault", async () => expectFault("/broken", /uncaught: hỏng/));

test("a field without a name is a violation", async () => {
  const { page } = await visit("/unlabelled");
  await assert.rejects(expectAccessible(page), /label at input/);
});

async function expectFault(path, expected) {
  const { faults } = await visit(path);
  assert.ok(faults.some((fault) => expected.test(fault)), faults.join("\n"));
}

async function visit(path) {
  const { page, open, takeFaults } = await browser.visit("light");
  await open(path);
  return { page, faults: takeFaults() };
}

function answer({ url }, response) {
  if (url === "/broken.js") return response.setHeader("content-type", "text/javascript").end("throw new Error('hỏng')");
  response.setHeader("content-security-policy", POLICY);
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.end(`<!DOCTYPE html><html lang="vi"><title>Kiểm tra</title><link rel="icon" href="data:,">${PAGES[url] ?? ""}`);
}
