// node check.mjs BASE_URL [--screenshots DIR]
//
// Exit code 0 when every step passed, 1 when one failed, 2 for a wrong call.
import { mkdir } from "node:fs/promises";
import { openBrowser } from "./browser.mjs";
import { docsSteps } from "./docs.mjs";
import { graphiqlSteps } from "./graphiql.mjs";

const { base, screenshots } = parseArguments(process.argv.slice(2));
if (screenshots) await mkdir(screenshots, { recursive: true });
const browser = await openBrowser(base);
let passed = 0;
let failed = 0;
try {
  await walk("GraphiQL, light", graphiqlSteps, "light");
  await walk("GraphiQL, dark", graphiqlSteps, "dark");
  await walk("REST reference", docsSteps, "light");
} finally {
  await browser.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** A step fails by throwing, or when the page did something forbidden meanwhile. The steps build on
 * each other: the first that fails ends the walk. */
async function walk(title, steps, colorScheme) {
  const visit = await browser.visit(colorScheme);
  for (const [name, step] of steps) {
    const faults = await step(visit).then(
      () => [],
      (error) => [error.message],
    );
    if (screenshots) await visit.page.screenshot({ path: `${screenshots}/${slug(`${title} ${name}`)}.png` });
    if (!report(`${title}: ${name}`, [...faults, ...visit.takeFaults()])) break;
  }
  await visit.page.close();
}

function report(title, faults) {
  if (faults.length === 0) passed += 1;
  else failed += 1;
  console.log([`${faults.length === 0 ? "ok  " : "FAIL"} ${title}`, ...faults.map((fault) => `     ${fault}`)].join("\n"));
  return faults.length === 0;
}

function slug(text) {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}

function parseArguments([address, flag, folder, ...rest]) {
  const known = flag === undefined || (flag === "--screenshots" && folder !== undefined);
  if (!URL.canParse(address ?? "") || !known || rest.length > 0) {
    console.error("usage: node check.mjs BASE_URL [--screenshots DIR]");
    process.exit(2);
  }
  return { base: new URL(address), screenshots: folder };
}
