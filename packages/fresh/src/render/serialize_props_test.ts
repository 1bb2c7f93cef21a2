import { computed, Signal, signal } from "@preact/signals";
import assert from "node:assert/strict";
import { type IslandProps, parseProps } from "../client/parse_props.ts";
import { serializeProps, toScriptString } from "./serialize_props.ts";

const island = { name: "Any", exportName: "default", module: "Any", css: [], fn: () => null };

/** The props that islands receive in the browser. */
function sent(...all: IslandProps[]): IslandProps[] {
  const text = serializeProps(all.map((props) => ({ island, props })));
  return parseProps(JSON.parse(toScriptString(text))).props;
}

Deno.test("serializeProps() keeps values as they are", () => {
  const props = {
    text: 'quote " and \\',
    numbers: [0, -0, 1.5, NaN, Infinity, -Infinity],
    nothing: [null, undefined],
    flags: [true, false],
    big: 123456789012345678901n,
    date: new Date(0),
    url: new URL("https://deno.com/a?b"),
    regexp: /a+/gi,
    map: new Map<unknown, unknown>([["k", { v: 1 }], [{ key: 1 }, 2]]),
    set: new Set([1, "two"]),
    bytes: new Uint8Array([1, 2, 255]),
    nested: { deep: [{ x: [] }] },
    ["__proto__x"]: 1,
  };
  assert.deepEqual(sent(props), [props]);
  assert.ok(Object.is((sent(props)[0]!.numbers as number[])[1], -0));
});

Deno.test("serializeProps() keeps what islands share shared", () => {
  const shared = { rows: [1] };
  const [a, b] = sent({ data: shared, again: shared }, { data: shared });
  assert.equal(a!.data, a!.again);
  assert.equal(a!.data, b!.data);
});

Deno.test("serializeProps() keeps circles", () => {
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  const [props] = sent({ loop });
  const received = props!.loop as typeof loop;
  assert.equal(received.self, received);
});

Deno.test("serializeProps() keeps a signal live, and one signal for all islands that share it", () => {
  const count = signal({ n: 1 });
  const [a, b] = sent({ count }, { list: [count] });
  const received = a!.count as Signal<{ n: number }>;
  assert.ok(received instanceof Signal);
  assert.equal((b!.list as unknown[])[0], received);
  assert.deepEqual(received.value, { n: 1 });
  received.value = { n: 2 };
  assert.deepEqual(received.peek(), { n: 2 });
});

Deno.test("serializeProps() sends a computed signal as its value of now, read-only", () => {
  const count = signal(2);
  const [props] = sent({ count, double: computed(() => count.value * 2) });
  const received = props as { count: Signal<number>; double: Signal<number> };
  assert.equal(received.double.value, 4);
  received.count.value = 5;
  assert.equal(received.double.value, 4);
  assert.throws(() => received.double.value = 1);
});

Deno.test("toScriptString() writes nothing that could leave its script", () => {
  const evil = "</script><!--<script>\u2028\u2029]]>";
  const literal = toScriptString(serializeProps([{ island, props: { evil } }]));
  assert.doesNotMatch(literal, /[<\u2028\u2029]/);
  assert.deepEqual(sent({ evil }), [{ evil }]);
  assert.doesNotMatch(toScriptString(evil), /[<\u2028\u2029]/);
  assert.equal(JSON.parse(toScriptString(evil)), evil);
});
