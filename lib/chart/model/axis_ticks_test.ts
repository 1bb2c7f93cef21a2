import assert from "node:assert/strict";
import { parseTime } from "../../core/time.ts";
import { logTicks } from "./log_ticks.ts";
import { priceTicks, timeTicks, windowTicks } from "./axis_ticks.ts";

const texts = (ticks: { text: string }[]) => ticks.map(({ text }) => text.replaceAll(",", " "));

Deno.test("priceTicks() are round, inside the range, and as precise as their step", () => {
  const cases: [number, number, string][] = [
    [103_400, 108_200, "104 000,105 000,106 000,107 000,108 000"],
    [0.101, 0.224, "0.125,0.150,0.175,0.200"],
    [0.0000121, 0.0000149, "0.0000125,0.0000130,0.0000135,0.0000140,0.0000145"],
  ];
  for (const [low, high, expected] of cases) {
    assert.equal(texts(priceTicks(low, high, 5)).join(), expected);
  }
  assert.deepEqual(texts(priceTicks(-5, 12, 3)), ["0", "5", "10"]);
});

Deno.test("logTicks() are round, inside the range, and of fewer kinds if there are too many", () => {
  const cases: [number, number, number, string][] = [
    [3, 40, 8, "5,7,10,20,30"],
    [90, 11_000, 8, "100,200,500,1 000,2 000,5 000,10 000"],
    [90, 110_000, 8, "100,300,1 000,3 000,10 000,30 000,100 000"],
    [0.8, 110_000, 6, "1,10,100,1 000,10 000,100 000"],
    [0.00002, 0.0004, 8, "0.00003,0.00005,0.00007,0.0001,0.0002,0.0003"],
  ];
  for (const [low, high, count, expected] of cases) {
    assert.equal(texts(logTicks(low, high, count)).join(), expected);
  }
});

Deno.test("logTicks() of any range are at least two, and at most the requested number", () => {
  for (let low = 1e-8; low < 1e5; low *= 2.3) {
    for (const factor of [4, 7.5, 30, 400, 9_000]) {
      const { length } = logTicks(low, low * factor, 6);
      assert.ok(length >= 2 && length <= 6, `${low} to ${low * factor}: ${length}`);
    }
  }
});

Deno.test("windowTicks() of a log scale are evenly spaced prices unless the range is steep", () => {
  const spaced = (low: number, high: number, isLog: boolean) =>
    texts(windowTicks({ low, high, isLog }, 5, logTicks)).join();
  assert.equal(spaced(100, 250, true), spaced(100, 250, false));
  assert.equal(spaced(100, 2_500, true), "200,500,1 000,2 000");
  assert.notEqual(spaced(100, 2_500, false), spaced(100, 2_500, true));
});

Deno.test("timeTicks() are round UTC times, and name the day at midnight", () => {
  const ticks = timeTicks(parseTime("2025-05-25T22:30Z"), parseTime("2025-05-27T05:00Z"), 6);
  assert.deepEqual(texts(ticks), ["26 May", "06:00", "12:00", "18:00", "27 May"]);
  assert.deepEqual(ticks.map((tick) => tick.isMajor), [true, false, false, false, true]);
});

Deno.test("timeTicks() of long ranges are starts of months and years", () => {
  const months = timeTicks(parseTime("2023-11-15"), parseTime("2024-04-02"), 6);
  assert.deepEqual(texts(months), ["Dec", "2024", "Feb", "Mar", "Apr"]);
  const years = timeTicks(parseTime("2017-08-17"), parseTime("2025-06-01"), 10);
  assert.deepEqual(texts(years), ["2018", "2019", "2020", "2021", "2022", "2023", "2024", "2025"]);
});

Deno.test("timeTicks() never exceed the requested number", () => {
  const from = parseTime("2020-01-01");
  for (let span = 1000; span < 1e12; span *= 1.7) {
    const count = timeTicks(from, from + span, 12).length;
    assert.ok(count <= 13, `${span} ms: ${count}`);
  }
});
