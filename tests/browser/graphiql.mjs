import assert from "node:assert/strict";
import { expectAccessible } from "./accessibility.mjs";

const TOKEN = "kiem-tra-trinh-duyet";

/** What a person does in GraphiQL, in this order, with an accessibility check in each state of the page. */
export const graphiqlSteps = [
  ["opens with the example query", opens],
  ["runs a typed query and shows the answer", runsQuery],
  ["takes a pasted Authorization line", pastesAuthorization],
  ["sends the pasted token", sendsToken],
  ["leaves no token in the browser's storage", storesNoToken],
  ["marks an unknown field", marksUnknownField],
  ["suggests fields", suggestsFields],
  ["lets Tab leave the editor in both directions", leavesEditor],
  ["shows the schema's documentation", (visit) => showsPanel(visit, "Show Documentation Explorer", ".graphiql-doc-explorer")],
  ["finds a type in the documentation", searchesDocumentation],
  ["shows the history", (visit) => showsPanel(visit, "Show History", ".graphiql-history")],
  ["shows the keyboard shortcuts", (visit) => showsDialog(visit, "Open short keys dialog")],
  ["shows the settings", (visit) => showsDialog(visit, "Open settings dialog")],
  ["opens a second tab", opensTab],
];

/** Answered here: what a server says to a made-up token is its own affair. */
function answerToken(route) {
  const hasToken = route.request().headers().authorization !== undefined;
  return hasToken ? route.fulfill({ contentType: "application/json", body: '{"data":{"da":"nhan"}}' }) : route.continue();
}

async function opens({ page, open }) {
  await page.route("**/graphql", answerToken);
  await open("/graphiql");
  await page.locator(".graphiql-query-editor .CodeMirror").waitFor();
  await page.locator(".graphiql-spinner").waitFor({ state: "detached" });
  assert.match(await page.locator(".graphiql-query-editor .CodeMirror-code").innerText(), /Liên Thông/);
  await expectAccessible(page);
}

async function pastesAuthorization({ page }) {
  const editor = page.getByRole("region", { name: "Headers" }).locator(".CodeMirror").filter({ visible: true });
  await page.evaluate((token) => navigator.clipboard.writeText(`Authorization: Bearer ${token}`), TOKEN);
  await editor.click();
  await page.keyboard.press("Control+V");
  await page.waitForFunction((token) => document.body.innerText.includes(`Bearer ${token}`), TOKEN);
  await expectAccessible(page);
}

async function runsQuery({ page }) {
  await replaceQuery(page, "{ __typename }");
  await page.keyboard.press("Control+Enter");
  await page.locator(".result-window", { hasText: '"__typename"' }).waitFor();
  await expectAccessible(page);
}

async function sendsToken({ page }) {
  const sent = page.waitForRequest("**/graphql");
  await page.keyboard.press("Control+Enter");
  assert.equal((await sent).headers().authorization, `Bearer ${TOKEN}`);
  await page.locator(".result-window", { hasText: '"nhan"' }).waitFor();
}

async function storesNoToken({ page }) {
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  assert.match(stored, /__typename/, "the history keeps the query");
  assert.ok(!stored.includes(TOKEN), "the token was stored");
}

async function marksUnknownField({ page }) {
  await replaceQuery(page, "{ khongCoTruongNay ");
  await page.locator(".CodeMirror-lint-mark-error").first().hover();
  await page.locator(".CodeMirror-lint-tooltip").waitFor();
  await expectAccessible(page);
}

async function suggestsFields({ page }) {
  await replaceQuery(page, "{ ");
  await page.keyboard.press("Control+Space");
  await page.locator(".CodeMirror-hints").waitFor();
  await expectAccessible(page).finally(() => page.keyboard.press("Escape"));
}

async function leavesEditor({ page }) {
  for (const key of ["Tab", "Shift+Tab"]) {
    await page.locator(".graphiql-query-editor .CodeMirror").click();
    await page.keyboard.press(key);
    const inside = await page.evaluate(() => document.activeElement.matches(".graphiql-query-editor textarea"));
    assert.ok(!inside, `${key} stays in the editor`);
  }
}

async function showsPanel({ page }, button, panel) {
  await page.getByRole("button", { name: button }).click();
  await page.locator(panel).waitFor();
  await page.mouse.move(640, 5);
  await page.getByRole("tooltip").waitFor({ state: "detached" });
  await expectAccessible(page);
}

async function searchesDocumentation({ page }) {
  await page.locator(".graphiql-doc-explorer-search-input").click();
  await page.keyboard.type("name");
  await page.getByRole("option").first().waitFor();
  await expectAccessible(page);
  await page.getByRole("option").first().click();
  await page.locator(".graphiql-doc-explorer-back").waitFor();
  await expectAccessible(page);
}

async function showsDialog({ page }, button) {
  await page.getByRole("button", { name: button }).click();
  await page.getByRole("dialog").waitFor();
  await expectAccessible(page).finally(() => page.keyboard.press("Escape"));
  await page.getByRole("dialog").waitFor({ state: "detached" });
}

async function opensTab({ page }) {
  await page.getByRole("button", { name: "New tab" }).click();
  await page.locator(".graphiql-tab").nth(1).waitFor();
  await expectAccessible(page);
}

async function replaceQuery(page, text) {
  await page.locator(".graphiql-query-editor .CodeMirror").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.type(text);
}
