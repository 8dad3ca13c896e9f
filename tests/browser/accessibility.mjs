import axe from "axe-core";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Throws with rule, element and reason for each violation of WCAG 2 level A or AA in the page as it stands. */
export async function expectAccessible(page) {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async (values) => {
    const { violations } = await window.axe.run(document, { runOnly: { type: "tag", values } });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, any, all, none }) => `${id} at ${target.join(" ")}: ${[...any, ...all, ...none][0]?.message}`),
    );
  }, TAGS);
  if (violations.length > 0) throw new Error(`${violations.length} violations\n       ${violations.join("\n       ")}`);
}
