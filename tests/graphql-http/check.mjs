// node check.mjs ADDRESS_OF_THE_ENDPOINT
//
// Exit code 0 when every audit passed, 1 when one did not, 2 for a wrong call.
import { serverAudits } from "graphql-http";

const [url, ...rest] = process.argv.slice(2);
if (!URL.canParse(url ?? "") || rest.length > 0) {
  console.error("usage: node check.mjs ADDRESS_OF_THE_ENDPOINT");
  process.exit(2);
}
const audits = serverAudits({ url });
let failed = audits.length === 0 ? 1 : 0;
for (const audit of audits) {
  const result = await audit.fn();
  // What the specification only recommends (SHOULD, MAY) counts as much as what it demands.
  if (result.status === "ok") continue;
  failed += 1;
  console.log(`FAIL ${result.id} ${result.name}: ${result.reason}`);
  console.log(`     ${result.response.status} ${await result.response.text().catch(() => "(body was read)")}`);
}
console.log(`${audits.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
