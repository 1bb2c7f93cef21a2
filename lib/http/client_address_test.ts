import assert from "node:assert/strict";
import { clientAddress, publicOrigin } from "./client_address.ts";

const peer = { transport: "tcp", hostname: "10.0.0.1", port: 1 } as const;

function from(headers: Record<string, string>): Request {
  return new Request("http://10.0.0.2:8000/docs", { headers });
}

Deno.test("clientAddress() trusts the configured number of proxies, and no client", () => {
  const chain = from({ "x-forwarded-for": "6.6.6.6, 203.0.113.9, 10.0.0.7" });
  assert.equal(clientAddress(chain, peer, { hops: 0 }), "10.0.0.1");
  assert.equal(clientAddress(chain, peer, { hops: 1 }), "10.0.0.7");
  assert.equal(clientAddress(chain, peer, { hops: 2 }), "203.0.113.9");
  assert.equal(clientAddress(from({}), peer, { hops: 2 }), "10.0.0.1");
  assert.equal(clientAddress(from({ "x-forwarded-for": "1.1.1.1" }), peer, { hops: 3 }), "1.1.1.1");
});

Deno.test("publicOrigin() uses a trusted proxy's headers if they are valid", () => {
  const url = new URL("http://10.0.0.2:8000/docs");
  const told = from({ "x-forwarded-proto": "https", "x-forwarded-host": "wick.example:8443" });
  assert.equal(publicOrigin(told, url, { hops: 0 }), "http://10.0.0.2:8000");
  assert.equal(publicOrigin(told, url, { hops: 1 }), "https://wick.example:8443");
  const appended = from({
    "x-forwarded-proto": "https, http",
    "x-forwarded-host": "evil.example, wick.example, inner:8080",
  });
  assert.equal(publicOrigin(appended, url, { hops: 1 }), "http://inner:8080");
  assert.equal(publicOrigin(appended, url, { hops: 2 }), "https://wick.example");
  const unusable = from({ "x-forwarded-proto": "https", "x-forwarded-host": "a:99999" });
  assert.equal(publicOrigin(unusable, url, { hops: 1 }), "https://10.0.0.2:8000");
  const odd = from({ "x-forwarded-proto": "javascript", "x-forwarded-host": "a/b?<c>" });
  assert.equal(publicOrigin(odd, url, { hops: 1 }), "http://10.0.0.2:8000");
});
