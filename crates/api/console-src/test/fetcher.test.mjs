import assert from "node:assert/strict";
import { test } from "node:test";
import { createFetcher } from "../src/fetcher.js";

const answer = (body, init) => async () => new Response(body, init);
const json = { headers: { "content-type": "application/graphql-response+json; charset=utf-8" } };

async function sentFor(params, options) {
  let sent;
  const send = async (...request) => {
    sent = request;
    return new Response("{}", json);
  };
  await createFetcher("/graphql", send)(params, options);
  return { address: sent[0], ...sent[1], body: JSON.parse(sent[1].body) };
}

test("the headers of the editor are sent beside the media types of the specification", async () => {
  const sent = await sentFor({ query: "{ a }" }, { headers: { Authorization: "Bearer x" } });
  assert.equal(sent.address, "/graphql");
  assert.equal(sent.headers.Authorization, "Bearer x");
  assert.match(sent.headers.accept, /^application\/graphql-response\+json/);
});

test("an operation name is sent only while the document defines it", async () => {
  const named = await sentFor({ query: "query Tin { a }", operationName: "Tin" });
  assert.equal(named.body.operationName, "Tin");
  for (const query of ["{ a }", "query TinMoi { a }"]) {
    const sent = await sentFor({ query, operationName: "Tin" });
    assert.equal(sent.body.operationName, undefined, query);
  }
});

test("an answer in JSON is passed on, also when its status is an error", async () => {
  const fetcher = createFetcher("/graphql", answer('{"errors":[{"message":"quá sâu"}]}', { ...json, status: 400 }));
  assert.deepEqual(await fetcher({ query: "{ a }" }), { errors: [{ message: "quá sâu" }] });
});

test("an answer that is not JSON becomes an error that names the status", async () => {
  const fetcher = createFetcher("/graphql", answer("<h1>Bad Gateway</h1>", { status: 502 }));
  const { errors } = await fetcher({ query: "{ a }" });
  assert.match(errors[0].message, /^HTTP 502/);
});
