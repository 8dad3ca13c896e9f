// Chromium that reports whatever happens: programs that ran, dialogs, windows, downloads, requests.
import { createServer } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { prepare } from "./shown.mjs";

const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";
const PLAYERS = /^https:\/\/((www\.)?youtube(-nocookie)?\.com\/embed|player\.vimeo\.com\/video|(www|geo)\.dailymotion\.com|www\.facebook\.com\/plugins\/video\.php)/;
/** One transparent pixel. */
const PIXEL = Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64");
/** For one step, in milliseconds: far beyond what it needs on a busy machine. */
export const DEADLINE = 60_000;

/** The host that serves pages with bodies in them, and listens as `canary.test`. */
export async function openHost() {
  const pages = new Map();
  const asked = [];
  const server = createServer(({ url, headers }, response) => {
    if (headers.host.toLowerCase().startsWith("canary.test")) {
      asked.push(url);
      return response.setHeader("content-type", "image/gif").end(PIXEL);
    }
    const page = pages.get(url);
    if (page === undefined) return response.writeHead(404).end();
    response.setHeader("content-type", "text/html; charset=utf-8").end(page);
  }).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const { port } = server.address();
  return {
    port,
    /** The address of a new page. */
    page(html) {
      const path = `/${pages.size}.html`;
      pages.set(path, html);
      return `http://127.0.0.1:${port}${path}`;
    },
    takeAsked: () => asked.splice(0),
    close: () => server.close(),
  };
}

/** Chromium that can reach nothing but the host and the server, and what it noticed. */
export async function openWatched(host, base) {
  const profile = await mkdtemp(join(tmpdir(), "lienthong-vectors-"));
  const resolver = `MAP canary.test 127.0.0.1:${host.port}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`;
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: EXECUTABLE,
    headless: true,
    args: [
      "--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
      "--disable-gpu", "--disable-quic", `--host-resolver-rules=${resolver}`,
    ],
  });
  context.setDefaultTimeout(DEADLINE);
  const noticed = { fired: new Set(), others: [] };
  const other = (text) => noticed.others.push(text);
  await context.exposeBinding("fired", (_, value) => noticed.fired.add(Number(String(value).match(/-?\d+/)?.[0])));
  await context.addInitScript(prepare);
  const isOurs = (url) => url.port === String(host.port) || url.host === base.host || url.hostname === "canary.test";
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && !isOurs(url) && !PLAYERS.test(url.href)) other(`request to ${url}`);
  });
  const watch = (page) => {
    page.on("dialog", (dialog) => (other(`dialog ${dialog.message()}`), dialog.dismiss()));
    page.on("popup", (popup) => other(`window ${popup.url()}`));
    page.on("download", (download) => other(`download ${download.url()}`));
  };
  context.on("page", watch);
  return {
    context,
    noticed,
    async page() {
      return context.newPage();
    },
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** Waits until a condition holds. */
export async function until(what, holds) {
  const begun = Date.now();
  while (!holds()) {
    if (Date.now() - begun > DEADLINE) throw new Error(`in vain: ${what}`);
    await new Promise((next) => setTimeout(next, 5));
  }
}
