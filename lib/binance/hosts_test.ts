import assert from "node:assert/strict";
import { createHosts } from "./hosts.ts";

Deno.test("current() prefers the first host, moves on when it fails, and comes back", () => {
  let now = 1_000_000;
  const hosts = createHosts(["a", "b", "c"], () => now);
  assert.equal(hosts.current(), "a");
  hosts.fail("a");
  assert.equal(hosts.current(), "b");
  now += 1;
  hosts.fail("b");
  now += 1;
  hosts.fail("c");
  assert.equal(hosts.current(), "a", "all failed: the one that rested longest");
  hosts.fail("a");
  assert.equal(hosts.current(), "b");
  now += 5 * 60_000;
  assert.equal(hosts.current(), "a");
});

Deno.test("list() returns all hosts in the given order, with the reason and end of each pause", () => {
  let now = 1_000_000;
  const hosts = createHosts(["a", "b"], () => now);
  hosts.fail("b", "HTTP 502");
  const failure = { at: now, message: "HTTP 502" };
  assert.deepEqual(hosts.list(), [
    { origin: "a", failure: undefined, restsUntil: undefined },
    { origin: "b", failure, restsUntil: now + 5 * 60_000 },
  ]);
  now += 5 * 60_000;
  assert.deepEqual(hosts.list()[1], { origin: "b", failure, restsUntil: undefined });
});
