import assert from "node:assert/strict";
import { stripText, toStrip } from "./coverage_runs.ts";
import { DAY_MS, parseTime } from "../../core/time.ts";

const from = parseTime("2024-01-01");
const scale = { range: { from, to: from + 10 * DAY_MS }, parts: 10 };
const series = {
  state: "fresh",
  since: from + 2 * DAY_MS,
  firstOpenTime: from + 4 * DAY_MS,
  newestClosed: from + 10 * DAY_MS,
} as const;
const shape = (runs: ReturnType<typeof toStrip>) =>
  runs.map(({ kind, length, isSome }) => `${kind}${isSome ? "?" : ""} ${length}`);

Deno.test("toStrip() distinguishes not listed, not collected yet, stored and missing", () => {
  const runs = toStrip(series, [
    { part: 6, class: "exchange_outage", absentMs: DAY_MS / 4 },
    { part: 8, class: "exchange_outage", absentMs: DAY_MS / 2 },
    { part: 8, class: "pending", absentMs: DAY_MS / 4 },
  ], scale);
  assert.deepEqual(shape(runs), [
    "none 2",
    "todo 2",
    "have 2",
    "lost? 1",
    "have 1",
    "gap 1",
    "have 1",
  ]);
  assert.equal(
    stripText(runs, scale),
    "pending gaps 2024-01-09; exchange outages 2024-01-07; not collected yet 2024-01-03 to 2024-01-04",
  );
});

Deno.test("toStrip() shows missing candles of a late series, and none after the end of trading", () => {
  const late = { ...series, newestClosed: from + 8 * DAY_MS };
  assert.deepEqual(shape(toStrip({ ...late, state: "stale" }, [], scale)).at(-1), "gap 2");
  assert.deepEqual(shape(toStrip({ ...late, state: "idle" }, [], scale)).at(-1), "none 2");
});

Deno.test("stripText() says complete for a complete series, and truncates a long list", () => {
  assert.equal(
    stripText(toStrip({ ...series, since: from, firstOpenTime: from }, [], scale), scale),
    "complete",
  );
  const many = [0, 2, 4, 6, 8, 10].map((part) =>
    ({ part, class: "pending", absentMs: 1 }) as const
  );
  const short = toStrip({ ...series, since: from, firstOpenTime: from }, many, {
    ...scale,
    parts: 20,
  });
  assert.match(
    stripText(short, { ...scale, parts: 20 }),
    /^pending gaps 2024-01-06, .*, 2024-01-02 and 1 earlier$/,
  );
});
