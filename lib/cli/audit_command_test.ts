import assert from "node:assert/strict";
import { openImportScene } from "../testing/import_scene.ts";

// Files of other programs with one fault each, compared with the simulated exchange.
const scene = await openImportScene();
Deno.test.afterAll(() => scene.close());
const { write, task } = scene;

const ROWS = 120;
const HOUR_MS = 3_600_000;
const candles = scene.candles("BTCUSDT", "2025-05-01", ROWS);
const HEADER =
  "timestamp,open,high,low,close,volume,close_time,quote_av,trades,tb_base_av,tb_quote_av,ignore";
const toText = (rows: readonly (readonly string[])[]) =>
  [HEADER, ...rows.map((row) => row.slice(0, 11).concat("0").join())].join("\n") + "\n";
const changed = (at: number, change: (row: string[]) => string[]) =>
  candles.map((row, i) => i === at ? change([...row]) : row);
const timesBy = (ms: number) =>
  candles.map((row) => row.map((cell, i) => i === 0 || i === 6 ? String(Number(cell) + ms) : cell));
const float = (cell: string) => String(Number(cell));
const single = (cell: string) => String(Math.fround(Number(cell)));

interface Report {
  readonly candles: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly filled: number;
  readonly repeated: number;
  readonly off_grid: number;
  readonly shift_ms: number;
  readonly is_other_market: boolean;
  readonly invalid: readonly string[];
  readonly findings: readonly string[];
  readonly verdict: string;
  readonly columns: readonly { readonly column: string; readonly candles: number }[];
}

async function audit(text: string, ...args: string[]): Promise<Report & { readonly code: number }> {
  const path = await write("BTCUSDT-1h-data.csv", text);
  const { code, out, err } = await task("audit", path, "--json", ...args);
  assert.equal(err, "");
  return { ...JSON.parse(out).files[0], code };
}

/** Asserts the counts that are not 0. */
function assertCounts(report: Report, wanted: Readonly<Record<string, number>>, what: string) {
  const found = Object.fromEntries(Object.entries(report.counts).filter(([, count]) => count > 0));
  assert.deepEqual(found, wanted, what);
}

Deno.test("audit exits with 0 for candles that equal the exchange's, also without zeros at the end", async () => {
  for (
    const rows of [
      candles,
      candles.map((row) => row.map((cell, i) => [0, 6].includes(i) ? cell : float(cell))),
    ]
  ) {
    const report = await audit(toText(rows));
    assertCounts(report, { equal: ROWS }, "equal");
    assert.deepEqual([report.code, report.verdict], [0, "Equal to the exchange."]);
  }
  const older = toText(candles.toReversed());
  assertCounts(await audit(older), { equal: ROWS }, "newest first");
});

Deno.test("audit names rounded, different, open, missing, invented, repeated and contradictory candles", async () => {
  const half = (cell: string) => (Number(cell) / 2).toFixed(8);
  const flat = (row: readonly string[]) =>
    [row[0]!, row[4]!, row[4]!, row[4]!, row[4]!, ...row.slice(5)]
      .map((cell, i) => i === 5 || i === 7 || i === 9 || i === 10 ? "0" : i === 8 ? "0" : cell);
  const halfWay = String(Number(candles[50]![0]) + HOUR_MS / 2);
  const cases: [string, readonly (readonly string[])[], Record<string, number>][] = [
    [
      "float32",
      candles.map((row) => row.map((cell, i) => i >= 1 && i <= 5 ? single(cell) : cell)),
      { rounded: ROWS },
    ],
    ["cut to three decimals", changed(9, (row) => row.with(5, row[5]!.slice(0, -5))), {
      rounded: 1,
      equal: ROWS - 1,
    }],
    ["volume", changed(9, (row) => row.with(5, half(row[5]!))), { different: 1, equal: ROWS - 1 }],
    ["trades", changed(9, (row) => row.with(8, "1")), { different: 1, equal: ROWS - 1 }],
    [
      "open",
      changed(
        ROWS - 1,
        (row) =>
          row.with(2, row[1]!).with(3, row[1]!).with(4, row[1]!).with(5, half(row[5]!)).with(
            7,
            half(row[7]!),
          ).with(8, "1")
            .with(9, "0.00000001").with(10, "0.00000001"),
      ),
      { open: 1, equal: ROWS - 1 },
    ],
    ["missing", candles.toSpliced(40, 3), { missing: 3, equal: ROWS - 3 }],
    ["off the grid", candles.toSpliced(51, 0, candles[50]!.with(0, halfWay)), {
      invented: 1,
      equal: ROWS,
    }],
    ["repeated", candles.concat([candles[3]!]), { equal: ROWS }],
    ["contradicted", candles.concat([candles[3]!.with(5, "1.00000000")]), {
      contradicted: 1,
      equal: ROWS - 1,
    }],
  ];
  for (const [what, rows, counts] of cases) {
    const report = await audit(toText(rows));
    assertCounts(report, counts, what);
    assert.equal(report.code, 1, what);
    assert.equal(report.off_grid, what === "off the grid" ? 1 : 0);
    assert.equal(report.repeated, what === "repeated" ? 1 : 0);
  }
  const start = Date.UTC(2017, 7, 1);
  const before = [start, start + HOUR_MS].map((time) =>
    flat(candles[0]!).with(0, String(time)).with(6, String(time + HOUR_MS - 1))
  );
  const invented = await audit(toText([...before, ...candles]));
  assert.deepEqual([invented.counts["invented"], invented.filled], [2, 2]);
});

Deno.test("audit finds the time zone of a file, its unit, and another market", async () => {
  const india = await audit(toText(timesBy(5.5 * HOUR_MS)));
  assertCounts(india, { equal: ROWS }, "India");
  assert.deepEqual([india.code, india.shift_ms], [1, 5.5 * HOUR_MS]);
  assert.match(india.verdict, /^Times are 5.5 hours ahead of UTC/);
  const newYork = await audit(toText(timesBy(-4 * HOUR_MS)));
  assert.equal(newYork.shift_ms, -4 * HOUR_MS);
  const units = toText(
    candles.map((row, i) => i < 60 ? row : row.with(0, `${row[0]}000`).with(6, `${row[6]}999`)),
  );
  const mixed = await audit(units);
  assertCounts(mixed, { equal: ROWS }, "ms and µs");
  assert.match(mixed.findings[0]!, /^60 candles have times in another unit .* \(first line 62, /);
  const futures = toText(
    candles.map((row) =>
      row.map((cell, i) => i >= 1 && i <= 4 ? (Number(cell) * 1.0004).toFixed(2) : cell)
    ),
  );
  const market = await audit(futures);
  assert.deepEqual([market.is_other_market, market.code], [true, 1]);
  assert.match(market.verdict, /^Another market or symbol/);
});

Deno.test("audit compares with stored candles or files without the exchange, and writes a page", async () => {
  const path = await write(
    "BTCUSDT-1h-data.csv",
    toText(changed(9, (row) => row.with(5, "1.00000000"))),
  );
  const page = `${scene.folder}/report.html`;
  const missing = await task("audit", path, "--offline");
  assert.equal(missing.code, 1);
  assert.match(
    missing.err,
    /Cannot compare with stored candles of BTCUSDT 1h: there are none; collect them/,
  );
  await task(
    "collect",
    "--symbol",
    "BTCUSDT",
    "--interval",
    "1h",
    "--from",
    "2025-05-01",
    "--to",
    "2025-05-03",
  );
  const { code, out, err } = await task("audit", path, "--offline", "--html", page);
  assert.equal(code, 1, err);
  assert.match(out, /BTCUSDT 1h, 120 candles, 2025-05-01T00:00:00.000Z to 2025-05-05T23:00/);
  assert.match(
    out,
    /47 equal\n.*72 not compared: outside the known range\n.*1 different\n {2}volume: 1 differ/s,
  );
  assert.match(out, /2025-05-01T09:00:00.000Z different, volume 1.00000000 instead of \d+\.\d{8}/);
  assert.match(out, /\n1 series compared with the stored candles: /);
  const both = await task("audit", path, "--offline", "--html", "-", "--json");
  assert.equal(both.code, 2);
  assert.match(both.err, /^--html - cannot be used with --json: both go to standard output\n$/);
  const html = await Deno.readTextFile(page);
  assert.match(
    html,
    /^<!DOCTYPE html><html lang="en">.*<svg .*<rect .*volume 1.00000000 instead of/s,
  );
  assert.doesNotMatch(html, /https?:|src=|href=/);
  const other = await write("BTCUSDT-1h.csv", toText(candles));
  const against = await task("audit", path, "--against", other);
  assert.match(against.out, /compared with \S+BTCUSDT-1h.csv: 119 equal, 1 different/);
  const folder = `${await Deno.makeTempDir({ dir: scene.folder })}/`;
  await Deno.writeTextFile(`${folder}BTCUSDT-1h-a.csv`, toText(candles.slice(0, 20)));
  await Deno.writeTextFile(`${folder}BTCUSDT-1h-b.csv`, toText(candles.slice(90)));
  const parts = await task("audit", other, "--against", folder);
  assert.equal(parts.code, 0, "candles between two files are not compared");
  assert.match(parts.out, /: 50 equal, 70 not compared: outside the known range\n$/);
});

Deno.test("a file that cannot be compared does not affect the others; bad usage exits with 2", async () => {
  const good = await write("BTCUSDT-1h-data.csv", toText(candles));
  const bad = await write("BTCUSDT-1h-data.csv", "x");
  const { code, out, err } = await task("audit", bad, good);
  assert.equal(code, 1);
  assert.match(err, /^Cannot read \S+: no column for open_time/);
  assert.match(out, /1 series compared with Binance; 1 not compared: 120 equal/);
  assert.equal((await task("audit")).code, 2);
  assert.equal((await task("audit", good, "--offline", "--against", good)).code, 2);
});

Deno.test("audit follows a time zone through daylight saving time", async () => {
  const zones: [first: number, later: number, verdict: RegExp][] = [
    [0, 1, /^Times are UTC, from 2025-05-0\dT\d\d:00:00.000Z 1 hour ahead of UTC/],
    [1, 2, /^Times are 1 hour ahead of UTC, from \S+ 2 hours ahead of UTC/],
    [-4, -5, /^Times are 4 hours behind UTC, from \S+ 5 hours behind UTC/],
    [5.75, 5.75, /^Times are 5.75 hours ahead of UTC\.$/],
  ];
  for (const [first, later, verdict] of zones) {
    for (const at of [20, 60, 90]) {
      const rows = candles.map((row, i) =>
        row.map((cell, j) =>
          j === 0 || j === 6 ? String(Number(cell) + (i < at ? first : later) * HOUR_MS) : cell
        )
      );
      const report = await audit(toText(rows));
      assert.match(report.verdict, verdict, `${first} ${at}`);
      assert.deepEqual([report.code, report.is_other_market], [1, false]);
      // In autumn an hour is written twice, with different values.
      assert.ok(report.counts.equal! >= ROWS - 2, JSON.stringify(report.counts));
      assert.equal(report.counts.different, 0);
    }
  }
});

Deno.test("audit does not call candles equal that it could not compare", async () => {
  const known = await write("BTCUSDT-1h-known.csv", toText(candles.slice(60)));
  const none = await audit(toText(candles.slice(0, 50)), "--against", known);
  assertCounts(none, { unknown: 50 }, "none");
  assert.equal(none.code, 1);
  assert.match(none.verdict, /^Not compared: the candles to compare with are of other times\.$/);
  const some = await audit(toText(candles), "--against", known);
  assertCounts(some, { unknown: 60, equal: 60 }, "some");
  assert.equal(some.code, 0);
  assert.match(some.verdict, /^Equal where compared; 60 not compared: outside the known range\.$/);
});
