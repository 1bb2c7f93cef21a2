import assert from "node:assert/strict";
import { connectionLimits } from "./connection_limits.ts";
import { Connection, ConnectionTable } from "./connections.ts";
import { clientNetwork } from "../core/client_network.ts";

const times = { graceMs: 1, firstRequestMs: 20, idleMs: 120, answerMs: 300 };

/** A table with its own clock, and the names of the connections that it has ended. */
function scene(limits = { total: 4, perClient: 2 }) {
  const clock = { now: 0 };
  const ended: string[] = [];
  const table = new ConnectionTable(limits, times, () => clock.now);
  const open = (name: string, address: string) => table.admit(address, () => ended.push(name));
  const admit = (name: string, address: string) => {
    const admitted = open(name, address);
    assert.ok(admitted instanceof Connection, `${name}: ${admitted}`);
    clock.now++;
    return admitted;
  };
  return { clock, ended, table, open, admit };
}

Deno.test("a client at its limit loses its longest idle connection, and other clients lose none", () => {
  const { admit, ended, table } = scene();
  admit("other", "10.0.0.2");
  admit("first", "10.0.0.1");
  admit("second", "10.0.0.1");
  admit("third", "10.0.0.1");
  assert.deepEqual(ended, ["first"]);
  assert.equal(table.size, 3);
});

Deno.test("at the total limit, the longest idle connection of any client is replaced", () => {
  const { admit, ended, table } = scene();
  const busy = admit("busy", "10.0.0.1");
  table.begin(busy);
  for (const i of [2, 3, 4, 5, 6]) admit(`idle ${i}`, `10.0.0.${i}`);
  assert.deepEqual(ended, ["idle 2", "idle 3"]);
  assert.equal(table.size, 4);
});

Deno.test("if every connection has a request, the reached limit is returned", () => {
  const { admit, open, table } = scene();
  for (const address of ["10.0.0.1", "10.0.0.1"]) table.begin(admit("busy", address));
  assert.equal(open("one more", "10.0.0.1"), "perClient");
  for (const address of ["10.0.0.2", "10.0.0.2"]) table.begin(admit("busy", address));
  assert.equal(open("one more", "10.0.0.3"), "total");
});

Deno.test("a newly opened connection is not replaced: its request may be in transit", () => {
  const { admit, open, ended, clock } = scene();
  admit("first", "10.0.0.1");
  admit("second", "10.0.0.1");
  clock.now = 0;
  assert.equal(open("third", "10.0.0.1"), "perClient");
  clock.now = 1;
  admit("fourth", "10.0.0.1");
  assert.deepEqual(ended, ["first"]);
});

Deno.test("connections end that exceed the time for a request's head, for the next request, or for a response", () => {
  const { admit, ended, table, clock } = scene({ total: 10, perClient: 0 });
  admit("silent", "a");
  clock.now = 0;
  const kept = admit("kept", "a");
  const stuck = admit("stuck", "a");
  const stream = admit("stream", "a");
  clock.now = 0;
  for (const one of [kept, stuck, stream]) table.begin(one);
  table.exempt(stream);
  table.end(kept);
  const endedAt = (now: number) => {
    clock.now = now;
    table.endLate();
    return ended.splice(0);
  };
  assert.deepEqual(endedAt(19), []);
  assert.deepEqual(endedAt(20), ["silent"]);
  assert.deepEqual(endedAt(119), []);
  assert.deepEqual(endedAt(120), ["kept"]);
  assert.deepEqual(endedAt(300), ["stuck"]);
  assert.deepEqual(endedAt(1e9), []);
  table.remove(stream);
  assert.equal(table.size, 0);
});

Deno.test("connectionLimits() reserves descriptors for other uses", () => {
  const unset = { total: undefined, perClient: undefined };
  assert.deepEqual(connectionLimits(unset, 300), { total: 172, perClient: 43 });
  assert.deepEqual(connectionLimits(unset, 20_000), { total: 10_000, perClient: 1_000 });
  assert.deepEqual(connectionLimits(unset, undefined), { total: 10_000, perClient: 1_000 });
  assert.deepEqual(connectionLimits(unset, 64), { total: 16, perClient: 4 });
  assert.deepEqual(connectionLimits({ total: 50, perClient: 0 }, 64), { total: 50, perClient: 0 });
});

Deno.test("clientNetwork() treats a subscriber's IPv6 network as one client", () => {
  const same = ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:0db8:0001:0002:0:0:0:3%eth0"];
  assert.equal(new Set(same.map(clientNetwork)).size, 1);
  assert.notEqual(clientNetwork("2001:db8:1:3::1"), clientNetwork(same[0]!));
  assert.equal(clientNetwork("::ffff:10.0.0.1"), clientNetwork("10.0.0.1"));
  assert.notEqual(clientNetwork("::1"), clientNetwork("fe80::1"));
});
