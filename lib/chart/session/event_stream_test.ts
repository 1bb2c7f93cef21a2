import assert from "node:assert/strict";
import fc from "fast-check";
import { eventStreamReader, type StreamEvent } from "./live_stream.ts";

function read(pieces: readonly string[]): StreamEvent[] {
  const events: StreamEvent[] = [];
  const feed = eventStreamReader((event) => events.push(event));
  pieces.forEach(feed);
  return events;
}

Deno.test("an event has a name, all of its data and the newest ID", () => {
  const text = ": hello\n\nevent: close\nid: 7\ndata: [1]\n\ndata:a\ndata: b\nretry: 5\n\n";
  assert.deepEqual(read([text]), [
    { name: "close", data: "[1]", id: "7" },
    { name: "message", data: "a\nb", id: "7" },
  ]);
});

Deno.test("events without data or without an end are ignored", () => {
  assert.deepEqual(read(["event: tick\n\n: beat\n\nid: 1\n\ndata: x\n"]), []);
  assert.deepEqual(read(["data\n\n"]), [{ name: "message", data: "", id: undefined }]);
});

Deno.test("lines end with CR, LF or both, and chunks end anywhere", () => {
  const lines = ["event: tick", "data: x: y ", "", ":", "id: 2", "data:  z", "", ""];
  const expected = [
    { name: "tick", data: "x: y ", id: undefined },
    { name: "message", data: " z", id: "2" },
  ];
  fc.assert(fc.property(
    fc.constantFrom("\n", "\r\n", "\r"),
    fc.array(fc.nat(60)),
    (end, cuts) => {
      const text = lines.join(end) + (end === "\r" ? "\n" : "");
      const at = [0, ...cuts.map((cut) => Math.min(cut, text.length)), text.length].sort((a, b) =>
        a - b
      );
      const pieces = at.slice(1).map((to, i) => text.slice(at[i], to));
      assert.deepEqual(read(pieces), expected);
    },
  ));
});
