import assert from "node:assert/strict";
import { silent } from "../../../testing/database/postgres.ts";
import { createConnectionBudget, exportShare, queryShare } from "./connection_budget.ts";

/** A budget of five with two pools, whose open connections the test sets. */
function openBudget() {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const time = { now: 0 };
  const log = { ...silent, warn: say, info: say };
  const budget = createConnectionBudget({
    wanted: 5,
    now: () => time.now,
    log,
    server: "database",
  });
  const pools = [queryShare, exportShare].map((share) => {
    const pool = {
      open: 0,
      size: 0,
      count: () => pool.open,
      connecting: () => 0,
      resize: (size: number) => void (pool.size = size),
    };
    budget.join(pool, share);
    return pool;
  });
  return { budget, pools, time, lines };
}

Deno.test("the budget shrinks to the accepted connections, and says so once", () => {
  const { budget, pools, time, lines } = openBudget();
  [pools[0]!.open, pools[1]!.open] = [1, 1];
  for (let n = 0; n < 8; n++) {
    budget.shrink("too many clients");
    time.now += 200;
  }
  assert.equal(budget.total(), 2);
  assert.deepEqual(pools.map(({ size }) => size), [1, 1]);
  assert.equal(lines.length, 1, lines.join("\n"));
  assert.match(
    lines[0]!,
    /^The database allows 2 of the 5 connections .*: too many clients \(wick/,
  );
  assert.equal(budget.refusal(), "too many clients");
  time.now += 5_000;
  assert.equal(budget.refusal(), undefined);
});

Deno.test("the budget tries one more with growing pauses, and says so when it is accepted", () => {
  const { budget, pools, time, lines } = openBudget();
  pools[0]!.open = 4;
  const waits: number[] = [];
  for (let n = 0; n < 8; n++) {
    budget.shrink("full");
    assert.equal(budget.total(), 4);
    const refusedAt = time.now;
    while (budget.total() === 4) time.now += 200;
    waits.push(Math.round((time.now - refusedAt) / 1_000));
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
  assert.equal(lines.length, 1, lines.join("\n"));
  pools[0]!.open = 5;
  budget.accept();
  assert.match(lines[1]!, /allows 5 of the 5 connections of DATABASE_POOL now/);
});

Deno.test("without any accepted connection nothing is said; the budget grows again at once", () => {
  const { budget, pools, time, lines } = openBudget();
  for (let n = 0; n < 8; n++) {
    budget.shrink("full");
    time.now += 200;
  }
  assert.deepEqual([budget.total(), lines], [1, []]);
  for (let open = 1; open <= 5; open++) {
    assert.equal(budget.total(), open);
    pools[0]!.open = open;
    budget.accept();
    time.now += 1_001;
  }
  assert.deepEqual(lines, []);
});
