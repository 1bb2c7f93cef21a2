import assert from "node:assert/strict";
import { openImportScene, zipOf } from "../testing/import_scene.ts";

// Files as people have them: read to the right candles, or refused in one sentence that says what
// is accepted, and nothing stored.
const scene = await openImportScene();
Deno.test.afterAll(() => scene.close());
const { importFiles, write } = scene;

const candles = scene.candles("BTCUSDT", "2025-06-01", 30);
const HEADER = "time,open,high,low,close,volume";
const clock = (row: readonly string[]) =>
  new Date(Number(row[0])).toISOString().slice(0, 19).replace("T", " ");
const values = (row: readonly string[]) => row.slice(1, 6).map((cell) => String(Number(cell)));
const toText = (header: string, toLine: (row: string[], i: number) => string) =>
  [header, ...candles.map(toLine)].join("\n") + "\n";
const withTime = (toTime: (row: string[]) => string) =>
  toText(HEADER, (row) => [toTime(row), ...values(row)].join());
const withValues = (separator: string, toCell: (cell: string) => string) =>
  toText(
    HEADER.replaceAll(",", separator),
    (row) => [row[0], ...values(row).map(toCell)].join(separator),
  );

async function stored() {
  const rows = await scene.db.query<{ open_time: number; close_price: number }>(
    "select open_time, close_price::float8 from imported_klines order by open_time",
  );
  await scene.db.query("delete from imported_klines");
  return rows;
}

const READ: readonly (readonly [name: string, text: string])[] = [
  ["Binance Spot-BTC-USDT-1h.csv", withTime(([time]) => time!)],
  [
    "BTCUSDT_1h.csv",
    toText(",open,high,low,close,volume", (row) => [clock(row), ...values(row)].join()),
  ],
  ["BTCUSDT_1h.csv", withTime((row) => clock(row).replaceAll("-", "/"))],
  ["BTCUSDT_1h.csv", withTime((row) => clock(row).replaceAll("-", "."))],
  [
    "BTCUSDT_1h.csv",
    toText(
      "Date,Time,Open,High,Low,Close,Volume",
      (row) => [clock(row).replace(" ", ","), ...values(row)].join(),
    ),
  ],
  ["BTCUSDT_1h.csv", withValues(";", (cell) => cell.replace(".", ","))],
];

Deno.test("indexes without a name, dates with slashes, and dates beside times are read", async () => {
  for (const [name, text] of READ) {
    const { code, err } = await importFiles(await write(name, text));
    assert.equal(code, 0, err);
    assert.deepEqual(
      (await stored()).map((row) => [row.open_time, row.close_price]),
      candles.slice(0, -1).map((row) => [Number(row[0]), Number(row[4])]),
      text.slice(0, 120),
    );
  }
});

const thousands = (cell: string) => Number(cell).toLocaleString("en-US");
const REFUSED: readonly (readonly [name: string, text: string, reason: RegExp])[] = [
  [
    "BTCUSDT_1h.csv",
    withTime(([time]) => Number(time).toExponential(5)),
    /line 2: column 1 is "1.74874e\+12", which is not a time: a spreadsheet has rounded it/,
  ],
  [
    "BTCUSDT_1h.csv",
    withTime((row) => clock(row).replace(/(\d+)-(\d+)-(\d+)/, "$2/$3/$1")),
    /column 1 is "06\/01\/2025 00:00:00", which is not a time; accepted are epoch s.* ISO 8601/,
  ],
  [
    "BTCUSDT_1h.csv",
    withValues(";", (cell) => thousands(cell).replace(/\..*/, "")),
    /column 2 is "\d+,\d{3}", .*numbers without separators between thousands/,
  ],
  ["NOPEUSDT_1h.csv", withTime(([time]) => time!), /Cannot import \S+NOPE.*has no symbol NOPEUSDT/],
  [
    "BTCUSDT_1h.csv",
    withTime(([time]) => String(Number(time) + 400 * 86_400_000)),
    /29 candles close after now, so their times are wrong/,
  ],
  [
    "BTCUSDT-1h.json",
    '{"code":-1121,"msg":"Invalid symbol."}',
    /an error answer of Binance, -1121: Invalid symbol\./,
  ],
  [
    "BTCUSDT-1h.json",
    JSON.stringify({ time: { 0: 1 }, open: { 0: 1 } }),
    /one object per column.*orient="records"/,
  ],
  [
    "options.csv",
    "date,hour,symbol,strike,open,high,low,close\n2024-03-01,0,BTC-240329-60000-C,60000,1,2,1,1\n",
    /its column strike is one of options/,
  ],
];

Deno.test("ambiguous numbers and times are refused with what is accepted", async () => {
  for (const [name, text, reason] of REFUSED) {
    const { code, err } = await importFiles(await write(name, text));
    assert.equal(code, 1, err);
    assert.match(err, reason);
    assert.equal(err.trim().split("\n").length, 1, err);
    assert.deepEqual(await stored(), []);
  }
});

Deno.test("addresses and empty names are no files, and passwords in them are not repeated", async () => {
  const good = await write(...READ[0]!);
  const { code, err } = await importFiles("https://a.example/x.zip", "mysql://u:secret@h/d", good);
  assert.equal(code, 1);
  assert.equal((await stored()).length, 29, "the file beside them is imported");
  assert.match(err, /Cannot read from https:\/\/…: download it first/);
  assert.match(err, /Cannot read from mysql:\/\/…: name a file, a folder, or a postgres/);
  assert.doesNotMatch(err, /secret/);
  assert.match((await importFiles("")).err, /an argument is empty/);
});

/** Kinds of files in Binance's archive besides klines, as its file names have them. */
const KINDS = "aggTrades trades bookTicker bookDepth metrics liquidationSnapshot fundingRate " +
  "BVOLIndex EOHSummary";

Deno.test("a file of the archive that holds no candles is refused by its name, in a zip too", async () => {
  const text = toText("a,b,c,d,e,f", (row) => row.slice(0, 6).join());
  for (const kind of KINDS.split(" ")) {
    const name = `BTCUSDT-${kind}-2025-06-01`;
    const zip = await zipOf({ [`${name}.csv`]: text });
    for (const path of [await write(`${name}.zip`, zip), await write("download.zip", zip)]) {
      const { code, err } = await importFiles(path);
      assert.equal(code, 1);
      assert.match(err, new RegExp(`its name says ${kind}, which are not candles`));
    }
  }
  assert.deepEqual(await stored(), []);
});
