import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { DatabaseSync } from "node:sqlite";
import { gzipSync, zstdCompressSync } from "node:zlib";
import {
  compressionRegistry,
  CompressionType,
  Float64,
  RecordBatchFileWriter,
  Table,
  TimestampMillisecond,
  vectorFromArray,
} from "apache-arrow";
import { compress } from "lz4js";
import { openImportScene } from "../testing/import_scene.ts";

// Files as other programs write them: each is imported apart from the exchange's candles, with what
// it has and nothing else.
const scene = await openImportScene();
Deno.test.afterAll(() => scene.close());
const { importFiles, write } = scene;

const ROWS = 48;
/** Hourly candles as the exchange has them. */
const candles = scene.candles("BTCUSDT", "2025-06-01", ROWS);
const at = (i: number) => Number(candles[i]![0]);
const float = (text: string) => String(Number(text));
const table = (header: string, toLine: (row: string[]) => string) =>
  [header, ...candles.map(toLine)].join("\n") + "\n";
const ohlcv = (row: readonly string[]) => row.slice(1, 6).map(float).join();

const forget = async () => {
  await scene.db.query("delete from imported_klines");
  await scene.db.query("delete from klines");
};

interface Imported {
  readonly open_time: number;
  readonly open_price: string;
  readonly volume: string | null;
  readonly quote_asset_volume: string | null;
  readonly number_of_trades: number | null;
}

const imported = () =>
  scene.db.query<Imported>(
    `select open_time, open_price::text, volume::text, quote_asset_volume::text, number_of_trades
     from imported_klines order by open_time`,
  );

/** The newest candle is left out, because nothing shows that it had closed. */
async function assertImported(path: string, name: RegExp, args: readonly string[] = []) {
  await forget();
  const { code, out, err } = await importFiles(path, ...args);
  assert.equal(code, 0, `${path}: ${err}`);
  assert.match(out, name);
  assert.match(out, new RegExp(`BTCUSDT 1h, ${ROWS - 1} candles: ${ROWS - 1} kept apart`), path);
  const rows = await imported();
  assert.equal(rows.length, ROWS - 1);
  rows.forEach((row, i) => {
    assert.equal(row.open_time, at(i), path);
    assert.equal(Number(row.open_price), Number(candles[i]![1]), path);
  });
  assert.equal(await scene.count("BTCUSDT"), 0);
  return rows;
}

const day = (time: number) => new Date(time).toISOString();
const clock = (time: number) => day(time).slice(0, 19).replace("T", " ");

const descending = (lines: string) => {
  const [header, ...rows] = lines.trim().split("\n");
  return [header, ...rows.reverse()].join("\n") + "\n";
};
const cdd = table(
  "Unix,Date,Symbol,Open,High,Low,Close,Volume BTC,Volume USDT,tradecount",
  (row) => [row[0], clock(Number(row[0])), "BTCUSDT", ohlcv(row), float(row[7]!), row[8]].join(),
);
const seconds = (text: string) => text.replaceAll(/^(\d{10})\d{3},/gm, "$1,");
const banner = "https://www.CryptoDataDownload.com\n";
/** Name, content and words of the output. */
const CSV_FILES: [string, string, RegExp][] = [
  ["Binance_BTCUSDT_1h.csv", banner + descending(cdd), /: CryptoDataDownload CSV without/],
  ["Binance_BTCUSDT_1h.csv", banner + seconds(cdd), /: CryptoDataDownload CSV without/],
  [
    "BTCUSDT_1h.csv",
    banner +
    cdd.replaceAll(
      / (\d\d):00:00/g,
      (_, hour) => ` ${String(+hour % 12 || 12).padStart(2, "0")}-${+hour < 12 ? "AM" : "PM"}`,
    ),
    /CryptoDataDownload/,
  ],
  [
    "BINANCE_BTCUSDT, 60.csv",
    table("time,open,high,low,close,Volume", (row) => [Number(row[0]) / 1000, ohlcv(row)].join()),
    /TradingView CSV without close time, quote asset volume/,
  ],
  [
    "BTC-USDT-1h.csv",
    table(
      "timestamp,open,close,high,low,volume",
      ([time, o, h, l, c, v]) => [time, o, c, h, l, v].map((cell) => float(cell!)).join(),
    ),
    /: open, high, low, close, volume without/,
  ],
  [
    "BTCUSDT-1h-data.csv",
    table(
      "timestamp,open,high,low,close,volume,close_time,quote_av,trades,tb_base_av,tb_quote_av,ignore",
      (row) =>
        [
          clock(Number(row[0])),
          ...row.slice(1).map((cell, i) => i === 5 ? `${cell}.0` : float(cell)),
        ].join(),
    ),
    /: rows of Binance's API, BTCUSDT 1h/,
  ],
  [
    "BTCUSDT_1h.csv",
    table(
      ",Open Time,Open,High,Low,Close,Volume",
      (row) => [Math.random(), `${day(Number(row[0])).slice(0, 19)}+00:00`, ohlcv(row)].join(),
    ),
    /: open, high, low, close, volume without/,
  ],
  ["BTCUSDT_1h.csv", candles.map((row) => [row[0], ohlcv(row)].join()).join("\n") + "\n", /1h/],
];

Deno.test("CSVs of CryptoDataDownload, TradingView, jesse, yfinance and others are imported apart", async () => {
  for (const [name, text, words] of CSV_FILES) {
    const args = name.startsWith("BINANCE") ? ["--symbol", "BTCUSDT"] : [];
    const rows = await assertImported(await write(name, text), words, args);
    const hasQuotes = text.includes("Volume USDT") || text.includes("quote_av");
    assert.equal(rows[3]!.quote_asset_volume === null, !hasQuotes, name);
    assert.equal(rows[3]!.volume, float(candles[3]![5]!), name);
  }
  const yahoo = table(
    "Date,Open,High,Low,Close,Adj Close,Volume",
    (row) => [`${clock(Number(row[0]))}+00:00`, ...row.slice(1, 5), row[4], float(row[7]!)].join(),
  );
  const args = ["--symbol", "BTCUSDT"];
  const [row] = await assertImported(
    await write("prices.csv", yahoo),
    /yfinance CSV without volume/,
    args,
  );
  assert.deepEqual([row!.volume, row!.quote_asset_volume], [null, float(candles[0]![7]!)]);
});

Deno.test("text may be UTF-16, end its lines with CR, use semicolons and decimal commas, and be compressed", async () => {
  const text = table("time,open,high,low,close,volume", (row) => [row[0], ohlcv(row)].join());
  const european = text.replaceAll(",", ";").replaceAll(".", ",");
  const cases: [string, string | Uint8Array][] = [
    ["BTCUSDT_1h.csv", `\ufeff${text}`],
    ["BTCUSDT_1h.csv", Buffer.from(`\ufeff${text}`, "utf16le")],
    ["BTCUSDT_1h.csv", Buffer.from(text, "utf16le")],
    ["BTCUSDT_1h.csv", Buffer.from(`\ufeff${text}`, "utf16le").swap16()],
    ["BTCUSDT_1h.csv", text.replaceAll("\n", "\r")],
    ["BTCUSDT_1h.csv", text.replaceAll("\n", "\r\n") + "\r\n\r\n"],
    ["BTCUSDT_1h.csv", european],
    ["BTCUSDT_1h.csv", `sep=;\n${european}`],
    ["BTCUSDT_1h.csv", text.replaceAll(",", "\t")],
    ["BTCUSDT_1h.csv", text.replaceAll(",", "|")],
    ["BTCUSDT_1h.csv", text.replaceAll(/[\d.]+/g, '"$&"')],
    ["BTCUSDT_1h.csv.gz", gzipSync(text)],
    ["BTCUSDT_1h.csv.zst", zstdCompressSync(text)],
    ["BTCUSDT_1h.csv", withSecondHeader(text)],
    ["BTCUSDT_1h.csv", text.trimEnd()],
  ];
  for (const [name, content] of cases) await assertImported(await write(name, content), /1h/);
});

/** Two files joined, each with its header line. */
function withSecondHeader(text: string): string {
  const lines = text.trim().split("\n");
  return [...lines.slice(0, 20), lines[0], ...lines.slice(20)].join("\n") + "\n";
}

const column = (place: number) =>
  vectorFromArray(candles.map((row) => Number(row[place])), new Float64());

function feather(compressionType: CompressionType | null): Uint8Array {
  const date = vectorFromArray(
    candles.map((row) => Number(row[0])),
    new TimestampMillisecond("UTC"),
  );
  const [open, high, low, close, volume] = [1, 2, 3, 4, 5].map(column);
  const writer = new RecordBatchFileWriter({ compressionType });
  writer.writeAll(
    new Table({ date, open: open!, high: high!, low: low!, close: close!, volume: volume! }),
  );
  writer.close();
  return writer.toUint8Array(true);
}

Deno.test("freqtrade's feather, json and jsongz and ccxt's arrays are imported apart", async () => {
  compressionRegistry.set(CompressionType.LZ4_FRAME, { encode: (data) => compress(data) });
  compressionRegistry.set(CompressionType.ZSTD, { encode: (data) => zstdCompressSync(data) });
  const arrays = JSON.stringify(candles.map((row) => row.slice(0, 6).map(Number)));
  const pretty = JSON.stringify(candles.map((row) => row.slice(0, 6).map(Number)), null, 2);
  // Before the first import, which sets codecs for reading.
  const files = [null, CompressionType.LZ4_FRAME, CompressionType.ZSTD].map(feather);
  for (const file of files) {
    await assertImported(await write("BTC_USDT-1h.feather", file), /: freqtrade without/);
  }
  await assertImported(await write("BTC_USDT-1h.json", arrays), /: freqtrade without/);
  await assertImported(await write("BTC_USDT-1h.json.gz", gzipSync(arrays)), /: freqtrade without/);
  await assertImported(await write("BTCUSDT-1h.json", pretty), /: freqtrade without/);
});

Deno.test("rows of Binance's API in JSON keep all digits and are stored like those of the archive", async () => {
  await forget();
  const rows = candles.map((row) =>
    row.map((cell, i) => [0, 6, 8].includes(i) ? Number(cell) : cell)
  );
  const path = await write("BTCUSDT-1h.json", JSON.stringify(rows));
  const { code, out, err } = await importFiles(path);
  assert.equal(code, 0, err);
  assert.match(
    out,
    new RegExp(`rows of Binance's API, BTCUSDT 1h, ${ROWS - 1} candles: ${ROWS - 1} new`),
  );
  assert.match(out, /left out: the file does not show that its newest candle had closed/);
  assert.equal(await scene.count("BTCUSDT"), ROWS - 1);
});

Deno.test("each table of candles in Gekko's SQLite file is one series", async () => {
  await forget();
  const path = await write("history.db", "");
  const database = new DatabaseSync(path);
  database.exec(
    `create table candles_USDT_BTC (id integer primary key, start integer unique, open real, high real,
       low real, close real, vwp real, volume real, trades integer)`,
  );
  const insert = database.prepare(
    "insert into candles_USDT_BTC values (null, ?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const minutes = scene.simulator.candles("BTCUSDT", "1m", { from: at(0), to: at(1) });
  for (const [time, o, h, l, c, v, , , trades] of minutes) {
    insert.run(Number(time) / 1000, +o, +h, +l, +c, +c, +v, Number(trades));
  }
  database.close();
  const { code, out, err } = await importFiles(path);
  assert.equal(code, 0, err);
  assert.match(out, /: Gekko SQLite without .*, BTCUSDT 1m, 60 candles: 60 kept apart/);
  const [row] = await imported();
  assert.deepEqual([row!.open_time, row!.number_of_trades], [at(0), Number(minutes[0]![8])]);
});

Deno.test("candles of the exchange hide and replace imported ones", async () => {
  await forget();
  const text = table("time,open,high,low,close,volume", (row) => [row[0], ohlcv(row)].join());
  const path = await write("BTCUSDT_1h.csv", text);
  await importFiles(path);
  assert.match((await importFiles(path)).out, /47 kept apart before/);
  await scene.task(
    "collect",
    "--symbol",
    "BTCUSDT",
    "--interval",
    "1h",
    "--from",
    "2025-06-01",
    "--to",
    "2025-06-02",
  );
  const { out } = await importFiles(path);
  assert.match(out, /23 kept apart before, 24 equal to the exchange's/);
  const wrong = text.split("\n").map((line, i) => i === 7 ? line.replace(/,[^,]+$/, ",1") : line);
  assert.match(
    (await importFiles(await write("BTCUSDT_1h.csv", wrong.join("\n")))).out,
    /1 differ from the exchange's/,
  );
});

const plain = table("time,open,high,low,close,volume", (row) => [row[0], ohlcv(row)].join());
const shifted = (ms: number) => plain.replaceAll(/^\d{13}/gm, (time) => String(Number(time) + ms));
const days = table("date,open,high,low,close,volume", (row) => [row[0], ohlcv(row)].join())
  .split("\n").filter((line, i) =>
    i === 0 || line === "" || Number(line.slice(0, 13)) % 86_400_000 === 5 * 3_600_000
  );
/** Name, content, options, and the reason to refuse it. */
const REFUSED: [string, string, readonly string[], RegExp][] = [
  [
    "BTCUSDT_1h.csv",
    shifted(60_000),
    [],
    /open off the grid of 1h: it is not a file of 1h candles/,
  ],
  [
    "BTCUSDT_1d.csv",
    days.join("\n"),
    [],
    /open off the grid of 1d: they are shifted by whole hours/,
  ],
  [
    "BTCUSDT_4h.csv",
    plain,
    [],
    /its name says interval 4h, but the distance between its rows says 1h/,
  ],
  [
    "BTCUSDT_1h.csv",
    plain,
    ["--symbol", "ETHUSDT"],
    /--symbol says symbol ETHUSDT, but its name says BTCUSDT/,
  ],
  ["history.csv", plain, [], /neither its name nor its content states the symbol; pass --symbol/],
  [
    "BTCUSDT_1h.csv",
    plain,
    ["--format", "freqtrade"],
    /Cannot read \S+ as freqtrade: it looks like TradingView/,
  ],
  [
    "BTCUSDT_1h.csv",
    plain.replaceAll(/^(\d{13}),/gm, "04/05/2020,"),
    [],
    /column 1 is "04\/05\/2020", which is not a time/,
  ],
  [
    "BTCUSDT_1h.csv",
    plain.replaceAll("volume", "price").replaceAll("open", "o_p"),
    [],
    /no column for open in its header/,
  ],
  [
    "BTC_USDT_USDT-1h-futures.csv",
    plain,
    [],
    /its name says futures, which is not the spot market/,
  ],
  ["BTC_USDT_USDT-1h.csv", plain, [], /its name is that of a futures contract/],
  ["Bitstamp_BTCUSD_1h.csv", plain, [], /its name says Bitstamp, which is another exchange/],
  ["BTCUSDT-aggTrades-2024-01.csv", plain, [], /its name says aggTrades, which are not candles/],
  ["BTCUSDT_240628-1h-2024-06.csv", plain, [], /its name is that of a futures contract/],
  ["BTCUSD_PERP-1h-2024-06.csv", plain, [], /its name says PERP, which is not the spot market/],
];

Deno.test("a file whose content contradicts itself, its name or UTC is refused, and says where", async () => {
  for (const [name, content, args, reason] of REFUSED) {
    await forget();
    const path = await write(name, content);
    const { code, out, err } = await importFiles(path, ...args);
    assert.ok(code === 1 || code === 2, `${name}: ${out}`);
    assert.match(err, reason);
    assert.ok(err.includes(path), err);
    assert.equal(err.trim().split("\n").length, 1, err);
    assert.deepEqual(await imported(), []);
  }
  assert.equal((await importFiles("x.csv", "--format", "excel")).code, 2);
});

Deno.test("rows that contradict each other are both skipped; odd candles are reported with their line", async () => {
  await forget();
  const lines = table("time,open,high,low,close,volume", (row) => [row[0], ohlcv(row)].join())
    .split("\n");
  const again = lines[12]!.replace(/,[^,]+$/, ",77");
  const still = lines[20]!.replace(/,[^,]+$/, ",0");
  const path = await write("BTCUSDT_1h.csv", [
    ...lines.slice(0, 20),
    still,
    ...lines.slice(21, -1),
    again,
    lines[5]!,
  ]);
  const { code, out, err } = await importFiles(path);
  assert.equal(code, 1);
  assert.match(
    err,
    /line 50: it contradicts line 13 about the candle of 2025-06-01T11:00:00.000Z: volume is 77 instead of/,
  );
  assert.match(out, /46 kept apart .*, 1 repeated, 1 invalid rows skipped/);
  assert.match(
    out,
    /1 candles have volume 0 although their prices differ \(line 21, 2025-06-01T19:00/,
  );
});
