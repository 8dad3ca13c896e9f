const ACCEPT = "application/graphql-response+json, application/json;q=0.9";

/**
 * One POST per operation, after the GraphQL-over-HTTP specification. An answer that is not JSON (a proxy's error page,
 * an empty body) becomes a GraphQL error that names the status, so that the person sees what happened.
 */
export function createFetcher(endpoint, send = (...request) => fetch(...request)) {
  return async ({ query, variables, operationName }, { headers } = {}) => {
    const response = await send(endpoint, {
      method: "POST",
      credentials: "same-origin",
      headers: { "content-type": "application/json", accept: ACCEPT, ...headers },
      body: JSON.stringify({ query, variables, operationName: definedName(query, operationName) }),
    });
    return readAnswer(response);
  };
}

/** GraphiQL learns of a renamed operation only 100 ms after the last key and would name one that is gone. */
function definedName(query, name) {
  return name && new RegExp(`\\b(query|mutation|subscription)\\s+${name}\\b`).test(query) ? name : undefined;
}

async function readAnswer(response) {
  const type = response.headers.get("content-type") ?? "";
  if (/[/+]json\b/.test(type)) return response.json();
  const status = `HTTP ${response.status} ${response.statusText}`.trim();
  return { errors: [{ message: `${status}: máy chủ không trả lời bằng JSON.` }] };
}
