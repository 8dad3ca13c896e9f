import assert from "node:assert/strict";
import { expectAccessible } from "./accessibility.mjs";

/** What a person does in the REST reference, with an accessibility check in each state of the page. */
export const docsSteps = [
  ["lists the operations", listsOperations],
  ["opens an operation of each method", opensOperations],
  ["runs an operation", runsOperation],
  ["opens a schema", opensSchema],
  ["asks for a token", asksForToken],
];

async function listsOperations({ page, open }) {
  await open("/docs");
  await page.locator(".opblock").first().waitFor();
  await expectAccessible(page);
}

async function opensOperations({ page }) {
  const methods = await page.locator(".opblock-summary-method").allInnerTexts();
  for (const method of new Set(methods)) {
    const operation = page.locator(".opblock").filter({ has: page.getByText(method, { exact: true }) }).first();
    await operation.locator(".opblock-summary-control").click();
    await operation.locator(".opblock-body").waitFor();
  }
  await expectAccessible(page);
}

async function runsOperation({ page }) {
  const operation = page.locator(".opblock-get.is-open").first();
  await operation.getByRole("button", { name: "Try it out" }).click();
  await operation.getByRole("button", { name: "Execute" }).click();
  await operation.locator(".live-responses-table").waitFor();
  assert.match(await operation.locator(".live-responses-table .response .response-col_status").first().innerText(), /^\d{3}/);
  await expectAccessible(page);
}

async function opensSchema({ page }) {
  const schemas = page.locator("section.models");
  await schemas.scrollIntoViewIfNeeded();
  await schemas.locator(".json-schema-2020-12-accordion, .model-toggle").first().click();
  await expectAccessible(page);
}

async function asksForToken({ page }) {
  const authorize = page.locator(".btn.authorize");
  if ((await authorize.count()) === 0) return;
  await authorize.first().click();
  await page.locator(".dialog-ux .modal-ux").waitFor();
  await expectAccessible(page);
}
