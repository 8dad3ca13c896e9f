// node vectors.mjs make FILE SITE           writes the articles that carry the vectors, for `import articles`
// node vectors.mjs check BASE_URL SITE      shows in Chromium what the server has made of them; the token of somebody who
//                                           publishes there stands in TOKEN
//
// Exit code 0 when nothing ran, 1 when something did, 2 for a wrong call.
import { writeFile } from "node:fs/promises";
import { articles, potent, vectors } from "./vectors/all.mjs";
import { openHost, openWatched } from "./vectors/browser.mjs";
import { echoes, feedBodies, holding, open, openPrograms } from "./vectors/outputs.mjs";
import { render } from "./vectors/rendering.mjs";
import { Desk } from "./vectors/server.mjs";

/** So many of what is held are tried to be published after all, so that every output holds some of every family. */
const TRIED = 100;
const faults = [];
const [command, first, site, ...rest] = process.argv.slice(2);
if (rest.length > 0 || site === undefined || !["make", "check"].includes(command)) {
  console.error("usage: node vectors.mjs make FILE SITE | check BASE_URL SITE");
  process.exit(2);
}
if (command === "make") await make(first);
else await check(new URL(first));

async function make(file) {
  const lines = articles(vectors(), site).map((line) => JSON.stringify(line));
  await writeFile(file, `${lines.join("\n")}\n`);
  console.log(`${lines.length} vectors`);
}

async function check(base) {
  const host = await openHost();
  const watched = await openWatched(host, base);
  const at = { watched, host, base };
  try {
    await control(at);
    await stored(at, new Desk(base, process.env.TOKEN));
  } finally {
    await watched.close();
    host.close();
  }
  faults.forEach((fault) => console.log(`FAIL ${fault}`));
  console.log(faults.length === 0 ? "nothing ran" : `${faults.length} faults`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

/** A check that cannot fail proves nothing: unsanitised, one vector of each family must be noticed. */
async function control(at) {
  const raw = potent(vectors());
  const { ran, taken, asked } = await render(at, raw.map(({ number, text }) => ({ number, html: text })));
  const unseen = raw.filter(({ number }) => !ran.has(number) && !taken.has(number) && !asked.some((path) => path.startsWith(`/${number}/`)));
  unseen.forEach(({ family, text }) => faults.push(`not noticed although nobody sanitised it: ${family} ${text}`));
  console.log(`control: ${raw.length - unseen.length} of ${raw.length} unsanitised vectors are noticed`);
}

async function stored(at, desk) {
  const drafts = await desk.drafts(site);
  const live = await desk.live(site);
  const bodies = [...drafts, ...live].map(({ number, body }) => ({ number, html: body }));
  console.log(`stored: ${drafts.length} held, ${live.length} public`);
  judge("stored bodies", await render(at, bodies));
  drafts.sort((one, other) => one.number - other.number);
  const chosen = [];
  for (const draft of everyNth(drafts, TRIED)) if (await desk.publish(draft)) chosen.push(draft);
  console.log(`released: ${chosen.length} published`);
  await outputs(at, desk, { chosen, waiting: drafts.filter((draft) => !chosen.includes(draft)) });
}

async function outputs(at, desk, { chosen, waiting }) {
  const sample = everyNth(waiting, 10);
  const previews = [];
  for (const draft of sample) previews.push(await desk.preview(draft));
  const token = { authorization: `Bearer ${process.env.TOKEN}` };
  const paths = [...holding(site, everyNth(chosen, 10)), ...echoes(site), ...previews];
  const opened = await open(at, paths) + await open(at, sample.map(({ id }) => `/v1/entries/${id}`), token);
  await openPrograms(at);
  console.log(`outputs: ${opened} opened`);
  const feeds = await feedBodies(at, site);
  console.log(`feeds: ${feeds.length} pieces of HTML`);
  judge("outputs and feeds", await render(at, feeds));
}

/** So many of them, from the first to the last. */
function everyNth(all, count) {
  const step = Math.max(1, Math.floor(all.length / count));
  return all.filter((_, index) => index % step === 0).slice(0, count);
}

/** Nothing may run; of what fetches, images are let through, by `src` alone. */
function judge(what, { ran, taken, asked, others }) {
  const text = new Map(vectors().map((vector) => [vector.number, vector.text]));
  for (const number of ran) faults.push(`${what}: ran ${number} ${text.get(number)}`);
  for (const number of taken) faults.push(`${what}: took a name ${number} ${text.get(number)}`);
  for (const path of new Set(asked)) if (!/^\/\d+\/shown/.test(path)) faults.push(`${what}: the canary was asked for ${path}`);
  for (const other of new Set(others)) faults.push(`${what}: ${other}`);
}
