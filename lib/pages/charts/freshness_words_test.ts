import assert from "node:assert/strict";
import { parseTime } from "../../core/time.ts";
import { type ChartState, toBadgeWords } from "./freshness_words.ts";

const state: ChartState = {
  interval: "1h",
  lastOpenTime: parseTime("2025-05-31T21:00Z"),
  failure: undefined,
  frozenTo: undefined,
};

Deno.test("toBadgeWords() describes the age of the newest closed candle", () => {
  const cases: [string, Partial<ChartState>, string][] = [
    ["2025-05-31T22:10Z", {}, "Fresh · last closed 22:00 UTC"],
    ["2025-05-31T23:04Z", {}, "Late · 1 h 4 m"],
    ["2025-06-01T01:12Z", {}, "Stale · 3 h 12 m"],
    ["2025-06-01T01:12Z", { lastOpenTime: undefined }, "Collecting · first candles"],
    ["2025-05-31T22:10Z", { failure: "no answer" }, "Offline · last closed 22:00 UTC"],
    ["2025-06-02T22:10Z", { failure: "no answer" }, "Offline · last closed 31 May 22:00 UTC"],
    [
      "2025-06-02T22:10Z",
      { frozenTo: parseTime("2025-05-31") },
      "Frozen view · to 2025-05-31 00:00",
    ],
  ];
  for (const [time, change, expected] of cases) {
    const { word, detail } = toBadgeWords({ ...state, ...change }, parseTime(time));
    assert.equal(`${word} · ${detail}`.replaceAll("\u00a0", " "), expected);
  }
});

Deno.test("toBadgeWords() describes a live connection, and a silent one", () => {
  const now = parseTime("2025-05-31T22:30Z");
  const words = (line: ChartState["line"], change: Partial<ChartState> = {}) => {
    const { kind, word, detail } = toBadgeWords({ ...state, ...change, line }, now);
    return `${kind}: ${word} ${detail}`.replaceAll("\u00a0", " ");
  };
  assert.equal(words({ state: "live", silentMs: 3_400 }), "live: Live 3 s");
  assert.equal(words({ state: "live", silentMs: 10_001 }), "late: Late updates every 30 s");
  assert.equal(words({ state: "lost", silentMs: 0 }), "late: Late updates every 30 s");
  assert.match(words({ state: "resting", silentMs: 0 }), /^fresh: Fresh last closed 22:00 UTC/);
  const old = { lastOpenTime: parseTime("2025-05-31T10:00Z") };
  assert.match(words({ state: "live", silentMs: 0 }, old), /^stale: Stale 11 h/);
});
