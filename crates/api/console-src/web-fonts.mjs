import { readFile } from "node:fs/promises";

/** Drops `@font-face`, 360 KB of base64 that also needs `font-src data:`. `src/graphiql.css` names system fonts. */
export const withoutWebFonts = {
  name: "without-web-fonts",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const css = await readFile(path, "utf8");
      return { contents: css.replace(/@font-face\s*\{[^}]*\}/g, ""), loader: "css" };
    });
  },
};
