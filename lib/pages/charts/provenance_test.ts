import assert from "node:assert/strict";
import { parseTime } from "../../core/time.ts";
import { findOrigin, type Origin, provenanceText, toSpans } from "./provenance.ts";

const HOUR = 3_600_000;
const start = parseTime("2025-05-30T09:00Z");
const REST: Origin = { storedAt: parseTime("2025-05-30T10:00:06Z"), origin: "rest", revisions: 0 };

const candles = (origins: readonly Origin[]) =>
  origins.map((origin, i) => ({ openTime: start + i * HOUR, ...origin }));

Deno.test("toSpans() joins only neighbours with the same origin", () => {
  const revised = { ...REST, revisions: 1 };
  const archive = { ...REST, origin: "monthly" } as const;
  const later = { ...REST, storedAt: REST.storedAt + HOUR };
  const spans = toSpans(candles([REST, REST, revised, REST, archive, archive, later]));
  assert.deepEqual(
    spans.map(({ first, last }) => [first, last].map((time) => (time - start) / HOUR).join("-")),
    ["0-1", "2-2", "3-3", "4-5", "6-6"],
  );
  assert.deepEqual(toSpans([]), []);
});

Deno.test("toSpans() leave imported candles out, and do not continue across them", () => {
  const [first, imported, last] = candles([REST, REST, REST]);
  const spans = toSpans([first!, { ...imported!, origin: "imported" }, last!]);
  assert.deepEqual(spans.map((span) => [span.first, span.last]), [
    [start, start],
    [start + 2 * HOUR, start + 2 * HOUR],
  ]);
});

Deno.test("findOrigin() finds every candle of a span, including its ends, and none outside", () => {
  const spans = toSpans(candles([REST, REST, { ...REST, origin: "daily" }]));
  const origins = [-1, 0, 1, 2, 3].map((hour) => findOrigin(spans, start + hour * HOUR)?.origin);
  assert.deepEqual(origins, [undefined, "rest", "rest", "daily", undefined]);
});

Deno.test("provenanceText() contains source, time and number of revisions", () => {
  const closed = start + HOUR;
  const cases: [Partial<Origin>, string][] = [
    [{}, "REST, stored 10:00:06, never revised"],
    [{ revisions: 1 }, "REST, stored 10:00:06, revised once"],
    [{ revisions: 3 }, "REST, stored 10:00:06, revised 3 times"],
    [
      { storedAt: parseTime("2025-05-31T00:00:59Z"), origin: "daily" },
      "daily archive, stored 2025-05-31 00:00, never revised",
    ],
    [
      { storedAt: parseTime("2025-06-02T08:30:00Z"), origin: "monthly" },
      "monthly archive, stored 2025-06-02 08:30, never revised",
    ],
    [{ origin: "file" }, "imported file, stored 10:00:06, never revised"],
  ];
  for (const [change, text] of cases) {
    assert.equal(provenanceText({ ...REST, ...change }, closed), text);
  }
});
