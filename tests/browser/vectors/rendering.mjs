// Shows bodies in the browser, in batches, each way that front ends show them. Every batch ends with bodies that nobody
// has sanitised: when they have run, what stands before them had its chance, and the watch is known to see.
import { NAMES } from "./rest.mjs";
import { show } from "./shown.mjs";
import { until } from "./browser.mjs";

const BATCH = 500;
/** Set by a script, set again from what was read back, parsed in a document of its own, and parsed in one document. */
export const WAYS = ["innerHTML", "twice", "written", "served"];
const SENTINELS = [
  { number: -1, html: "<img src=x onerror=fired(-1)>" },
  { number: -2, html: "<a href='javascript:fired(-2)'>x</a>" },
];
const PAGE = (content) => `<!DOCTYPE html><html lang=vi><title>x</title><body>${content}`;

/** What happened: the numbers of bodies that ran, took a name or made the canary be asked, and everything else. */
export async function render({ watched, host }, bodies) {
  const effects = { ran: new Set(), taken: new Set(), asked: [], others: [] };
  for (const way of WAYS) {
    for (let from = 0; from < bodies.length; from += BATCH) {
      const taken = await batch({ watched, host }, { way, bodies: [...bodies.slice(from, from + BATCH), ...SENTINELS] });
      taken.forEach((number) => effects.taken.add(number));
      SENTINELS.forEach(({ number }) => watched.noticed.fired.delete(number));
      watched.noticed.fired.forEach((number) => effects.ran.add(number));
      watched.noticed.fired.clear();
    }
  }
  effects.asked = host.takeAsked();
  effects.others = watched.noticed.others.splice(0);
  return effects;
}

async function batch({ watched, host }, { way, bodies }) {
  const page = await watched.page();
  const isServed = way === "served";
  const content = isServed ? bodies.map(({ number, html }) => `<article data-n="${number}">${html}</article>`).join("\n") : "";
  await page.goto(host.page(PAGE(content)));
  const taken = isServed ? await page.evaluate(useServed, NAMES) : await page.evaluate(show, { bodies, way, names: NAMES });
  await until(`the sentinels run, ${way}`, () => SENTINELS.every(({ number }) => watched.noticed.fired.has(number)));
  await page.waitForFunction(() => [...document.images].every((image) => image.complete));
  await page.close();
  return taken;
}

function useServed(names) {
  window.__use(document);
  return [...document.querySelectorAll("article[data-n]")]
    .filter((place) => window.__taken(document, names, place))
    .map((place) => Number(place.dataset.n));
}
