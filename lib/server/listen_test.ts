import assert from "node:assert/strict";
import { addressText, describeListenFailure, localAddress } from "./listen.ts";

Deno.test("an IPv6 address is in brackets, and a wildcard address is shown as localhost", () => {
  const cases = [
    ["127.0.0.1", "127.0.0.1:8000", "127.0.0.1:8000"],
    ["::1", "[::1]:8000", "[::1]:8000"],
    ["fe80::1", "[fe80::1]:8000", "[fe80::1]:8000"],
    ["::", "[::]:8000", "localhost:8000"],
    ["0.0.0.0", "0.0.0.0:8000", "localhost:8000"],
    ["wick.lan", "wick.lan:8000", "wick.lan:8000"],
  ] as const;
  for (const [hostname, text, local] of cases) {
    assert.equal(addressText({ hostname, port: 8000 }), text);
    assert.equal(localAddress({ hostname, port: 8000 }), local);
  }
});

/** The system's error for listening on an address. */
function failureOf(hostname: string, port: number): string {
  try {
    Deno.listen({ hostname, port }).close();
  } catch (error) {
    return describeListenFailure(error, { hostname, port });
  }
  return "listens";
}

Deno.test("a failure to listen names the address, the cause and the variable to set", () => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  assert.equal(
    failureOf("127.0.0.1", port),
    `Cannot listen on 127.0.0.1:${port}: the port is in use by another program; set PORT`,
  );
  taken.close();
  assert.equal(
    failureOf("203.0.113.7", 8000), // reserved for documentation: no machine has it
    "Cannot listen on 203.0.113.7:8000: this machine does not have the address 203.0.113.7; " +
      "set HOST",
  );
  assert.equal(
    failureOf("wick.invalid", 8000),
    "Cannot listen on wick.invalid:8000: the name wick.invalid has no address here; " +
      "set HOST to an address of this machine",
  );
  const denied = new Deno.errors.PermissionDenied("Permission denied (os error 13)");
  assert.equal(
    describeListenFailure(denied, { hostname: "::1", port: 80 }),
    "Cannot listen on [::1]:80: ports below 1024 require root; set PORT",
  );
});
