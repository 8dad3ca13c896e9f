import assert from "node:assert/strict";
import { test } from "node:test";
import { createStorage } from "../src/storage.js";

function stored(value) {
  const kept = new Map();
  createStorage({ setItem: (name, text) => kept.set(name, text) }).setItem("graphiql:queries", value);
  return kept.get("graphiql:queries");
}

test("headers are removed at any depth, the rest is kept", () => {
  const value = { queries: [{ query: "{ headers }", headers: '{"Authorization":"Bearer x"}', variables: "{}" }] };
  assert.deepEqual(JSON.parse(stored(JSON.stringify(value))), { queries: [{ query: "{ headers }", variables: "{}" }] });
});

test("a value that is not an object is kept to the letter", () => {
  for (const value of ["dark", "0.3", '"x"', "null", "{ broken"]) assert.equal(stored(value), value);
});
