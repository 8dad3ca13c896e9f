import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const EXECUTABLE = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** For one step, in milliseconds: far beyond what it needs on a busy machine. */
const DEADLINE = 30_000;
const QUIET = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-gpu",
  "--disable-quic",
];

/** Chromium with an empty profile that can resolve no name but the server's: the network is off. */
export async function openBrowser(base) {
  const profile = await mkdtemp(join(tmpdir(), "lienthong-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: EXECUTABLE,
    headless: true,
    viewport: { width: 1280, height: 800 },
    locale: "vi-VN",
    permissions: ["clipboard-read", "clipboard-write"],
    args: [...QUIET, `--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE ${base.hostname}`],
  });
  context.setDefaultTimeout(DEADLINE);
  return {
    visit: (colorScheme) => visit(context, base, colorScheme),
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** A fresh page without stored state that notes every fault: foreign requests, console errors, policy violations. */
async function visit(context, base, colorScheme) {
  const page = await context.newPage();
  let faults = [];
  const fault = (text) => faults.push(text);
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.exposeFunction("noteViolation", (text) => fault(`policy violation: ${text}`));
  await page.addInitScript(watchPolicy);
  page.on("request", (request) => isForeign(request.url(), base) && fault(`request to ${request.url()}`));
  page.on("websocket", (socket) => isForeign(socket.url(), base) && fault(`socket to ${socket.url()}`));
  page.on("console", (message) => message.type() === "error" && fault(`console: ${message.text()}`));
  page.on("pageerror", (error) => fault(`uncaught: ${error.message}`));
  return {
    page,
    async open(path) {
      await page.goto(new URL(path, base).href);
      await page.evaluate(() => localStorage.clear());
      await page.reload();
    },
    takeFaults() {
      const taken = [...new Set(faults)];
      faults = [];
      return taken;
    },
  };
}

function watchPolicy() {
  document.addEventListener("securitypolicyviolation", (event) => {
    window.noteViolation(`${event.effectiveDirective} blocked ${event.blockedURI} ${event.sample}`);
  });
}

function isForeign(address, base) {
  const { protocol, host } = new URL(address);
  return protocol !== "data:" && protocol !== "blob:" && host !== base.host;
}
