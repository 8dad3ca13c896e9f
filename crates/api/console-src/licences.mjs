import { readdir, readFile } from "node:fs/promises";

const PACKAGE = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;
const LICENCE_FILE = /^(licen[cs]es?|copying|notice)\b/i;
// Identifiers whose texts allow what we do: embed, pass on with the notice. Anything else stops the build.
const ALLOWED = new Set(["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "Unlicense", "(MPL-2.0 OR Apache-2.0)"]);
// Packages that state their licence elsewhere than in `package.json`.
const STATED = { format: "MIT" };

/** The licence and notice texts of every package that has a file among the bundle's inputs. */
export async function collectLicences(root, inputs) {
  const folders = new Set(inputs.map((input) => PACKAGE.exec(input)?.[0]).filter(Boolean));
  const entries = await Promise.all([...folders].map((folder) => describe(`${root}${folder}`)));
  const unique = new Map(entries.map((entry) => [entry.title, entry]));
  const sorted = [...unique.values()].sort((a, b) => (a.title < b.title ? -1 : 1));
  const list = sorted.map(({ title, licence }) => `${title}: ${licence}`).join("\n");
  const texts = sorted.map(({ title, text }) => `${"=".repeat(80)}\n${title}\n\n${text.trim()}\n`).join("\n");
  return Buffer.from(`Packages in this bundle\n\n${list}\n\n${texts}`);
}

async function describe(folder) {
  const manifest = JSON.parse(await readFile(`${folder}/package.json`, "utf8"));
  const licence = manifest.license ?? STATED[manifest.name];
  const title = `${manifest.name} ${manifest.version}`;
  if (!ALLOWED.has(licence)) throw new Error(`${title}: licence ${licence} is not on the list`);
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && LICENCE_FILE.test(entry.name)).map(({ name }) => name);
  const texts = await Promise.all(names.sort().map((name) => readFile(`${folder}/${name}`, "utf8")));
  return { title, licence, text: texts.join("\n\n") || withoutText(manifest, licence) };
}

function withoutText({ author, homepage }, licence) {
  const name = typeof author === "string" ? author : author?.name;
  return `The package carries no licence text. Stated licence: ${licence}. Author: ${name ?? "not stated"}. ${homepage ?? ""}`;
}
