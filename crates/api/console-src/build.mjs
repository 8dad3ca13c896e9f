// Builds ../assets from the locked packages. The same lock file gives the same bytes.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { drawIcon } from "./icon.mjs";
import { collectLicences } from "./licences.mjs";
import { withoutWebFonts } from "./web-fonts.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const assets = fileURLToPath(new URL("../assets/", import.meta.url));

await bundle("graphiql", "src/graphiql.jsx");
await bundle("swagger", "src/swagger.jsx");
const drawing = await readFile(`${here}src/favicon.svg`);
await write("icon", { "favicon.svg": drawing, "favicon.ico": drawIcon() });

async function bundle(name, entry) {
  const result = await build({
    entryPoints: { [name]: entry },
    absWorkingDir: here,
    outdir: "out",
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    jsx: "automatic",
    legalComments: "none",
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
    alias: { "react-style-singleton": "./src/adopted-styles.js" },
    plugins: [withoutWebFonts],
  });
  const files = result.outputFiles.map(({ path, contents }) => [basename(path), contents]);
  const licences = await collectLicences(here, Object.keys(result.metafile.inputs));
  await write(name, { ...Object.fromEntries(files), "LICENSES.txt": licences });
}

/** Writes the files of one folder and, beside them, the SHA-256 of each as `sha256sum --check` reads it. */
async function write(folder, files) {
  await rm(`${assets}${folder}`, { recursive: true, force: true });
  await mkdir(`${assets}${folder}`, { recursive: true });
  const sums = [];
  for (const [name, contents] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    await writeFile(`${assets}${folder}/${name}`, contents);
    sums.push(`${createHash("sha256").update(contents).digest("hex")}  ${name}\n`);
    console.log(`${folder}/${name}: ${contents.length} bytes`);
  }
  await writeFile(`${assets}${folder}/CHECKSUMS`, sums.join(""));
}
