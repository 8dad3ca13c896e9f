import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHeaderLines } from "../src/header-paste.js";

test("header lines become an object", () => {
  assert.deepEqual(parseHeaderLines("Authorization: Bearer a.b.c\r\n X-Request-Id:7 \n\n"), {
    Authorization: "Bearer a.b.c",
    "X-Request-Id": "7",
  });
});

test("anything else is left to the editor", () => {
  for (const text of ["", "Bearer a.b.c", '{"Authorization": "Bearer a"}', "Authorization:", "A: 1\nnot a header"]) {
    assert.equal(parseHeaderLines(text), null, text);
  }
});
