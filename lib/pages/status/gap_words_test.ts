import assert from "node:assert/strict";
import { HOUR_MS, parseTime } from "../../core/time.ts";
import { gapReason, gapRetry, type GapRow, groupSymbols } from "./gap_words.ts";

const NOW = parseTime("2024-06-01T00:10:45Z");

const gap = (change: Partial<GapRow>): GapRow => ({
  from: NOW - 20 * HOUR_MS,
  to: NOW - 17 * HOUR_MS,
  missing: 3,
  class: "exchange_outage",
  evidence: {
    askedAt: NOW,
    host: "https://data-api.binance.vision",
    asked: 1,
    others: 0,
    othersMissing: 0,
  },
  ...change,
});

Deno.test("gapReason() contains the number and the time of requests, to the minute", () => {
  assert.match(gapReason(gap({})), /: requested once, last 2024-06-01 00:10/);
  const evidence = { ...gap({}).evidence!, asked: 3, others: 9, othersMissing: 8 };
  assert.match(
    gapReason(gap({ evidence })),
    /requested 3 times, .*; also missing for 8 of 9 other symbols/,
  );
});

Deno.test("gapReason() gives another reason for each class, with evidence or without", () => {
  const classes = ["pending", "exchange_outage", "not_listed", "delisted"] as const;
  for (const evidence of [gap({}).evidence, undefined]) {
    const reasons = classes.map((one) => gapReason(gap({ class: one, evidence })));
    assert.equal(new Set(reasons).size, classes.length);
    assert.ok(reasons.every((reason) => !/undefined|: $/.test(reason)), reasons.join("\n"));
  }
});

Deno.test("gapRetry() returns next repair when a request is due, the remaining time, or none", () => {
  assert.equal(gapRetry(gap({ class: "pending", evidence: undefined }), NOW), "next repair");
  assert.match(gapRetry(gap({}), NOW), /^in \d/);
  assert.equal(gapRetry(gap({}), NOW + 365 * 24 * HOUR_MS), "next repair");
  assert.equal(gapRetry(gap({ class: "not_listed" }), NOW), "none");
  assert.equal(gapRetry(gap({ evidence: undefined }), NOW), "none");
});

Deno.test("groupSymbols() names up to two symbols and counts more", () => {
  const words = (symbols: number, ...names: string[]) => groupSymbols({ symbols, names }, 3_000);
  assert.equal(words(1, "ETHUSDT"), "ETHUSDT");
  assert.equal(words(2, "ETHUSDT", "ADAUSDT"), "ETHUSDT and ADAUSDT");
  assert.equal(words(2_999, "ETHUSDT", "ADAUSDT"), "2,999 of 3,000 symbols");
  assert.equal(words(3_000, "ETHUSDT", "ADAUSDT"), "all 3,000 symbols");
  assert.equal(words(3_001, "ETHUSDT", "ADAUSDT"), "all 3,001 symbols");
});
