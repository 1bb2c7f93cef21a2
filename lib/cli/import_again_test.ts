import assert from "node:assert/strict";
import {
  Decimal,
  Float64,
  Int32,
  Table,
  tableToIPC,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
} from "apache-arrow";
import { KLINE_COLUMNS } from "../core/kline.ts";
import { storedRows } from "../testing/collector.ts";
import { executeTask } from "../testing/command.ts";
import { openImportScene } from "../testing/import_scene.ts";

// Candles that wick exported and other programs rewrote.
const scene = await openImportScene();
Deno.test.afterAll(() => scene.close());
const { importFiles, write, task } = scene;

const series = { symbol: "ADAUSDT", interval: "1h" } as const;
const exact = `${scene.folder}/ADAUSDT-1h.csv`;
const flags = ["--symbol", "ADAUSDT", "--interval", "1h"];
await task("collect", ...flags, "--from", "2025-06-01", "--to", "2025-06-05", "--csv", exact);
const lines = (await Deno.readTextFile(exact)).trimEnd().split("\n");
const stored = await storedRows(scene.db, series);

const forget = () => scene.db.query("delete from klines");
const version = () => scene.db.query("select version from series order by 1");

/** Maps every cell of the candles, without the header. */
const rewritten = (change: (cell: string, column: number) => string) =>
  lines.map((line, i) => i === 0 ? line : line.split(",").map(change).join());
const times = (change: (iso: string) => string) =>
  rewritten((cell, column) => column === 0 || column === 6 ? change(cell) : cell);

Deno.test("import reads times written by pandas, DuckDB and others, to the millisecond", async () => {
  const index = (header: string) => lines.map((line, i) => `${i === 0 ? header : i - 1},${line}`);
  const local = (iso: string) =>
    new Date(Date.parse(iso) + 5.5 * 3_600_000).toISOString().slice(0, -1);
  const cases: Record<string, string[]> = {
    "pandas": times((iso) =>
      iso.replace("T", " ").replace(".000Z", "+00:00").replace("Z", "000+00:00")
    ),
    "pandas without a zone": times((iso) => iso.replace("T", " ").replace("Z", "")),
    "pandas with its index": index(""),
    "pandas, read and written again": index("Unnamed: 0"),
    "DuckDB": times((iso) => iso.replace("T", " ").replace(".000Z", "+00").replace("Z", "+00")),
    "DuckDB in India": times((iso) => local(iso).replace("T", " ") + "+05:30"),
    "seconds where nothing is behind them": times((iso) => iso.replace(".000Z", "Z")),
    "pandas with a format that has no ms": times((iso) => iso.replace(/\.\d+Z/, "+0000")),
    "epoch ms as floats": times((iso) => `${Date.parse(iso)}.0`),
    "R": times((iso) => Date.parse(iso).toExponential()),
    "polars": times((iso) => iso.replace("Z", "000+0000")),
    "epoch ms": times((iso) => String(Date.parse(iso))),
    "other order": lines.map((line) => line.split(",").reverse().join()),
    "quotes": rewritten((cell) => `"${cell}"`),
    "CRLF": lines.map((line) => `${line}\r`),
  };
  for (const [what, content] of Object.entries(cases)) {
    await forget();
    const { code, out, err } = await importFiles(await write("ADAUSDT-1h.csv", content));
    assert.equal(code, 0, `${what}: ${err}`);
    assert.match(out, /96 candles: 96 new/, what);
    assert.deepEqual(await storedRows(scene.db, series), stored, what);
  }
  for (
    const [what, wrong] of [["no such day", "2025-02-30 00:00:00"], [
      "words",
      "1 June 2025",
    ]] as const
  ) {
    const content = lines.with(5, lines[5]!.replace(/^[^,]+/, wrong));
    assert.match(
      (await importFiles(await write("ADAUSDT-1h.csv", content))).err,
      /not a time/,
      what,
    );
  }
});

Deno.test("floats that pandas' default parser got wrong in their last bit replace no exact digits", async () => {
  const row = "268268654.35771710,131568243.56723750";
  const [wick, pandas] = [row, "268268654.35771713,131568243.5672375"].map((quotes) => {
    const [quote, taken] = quotes.split(",");
    return lines.map((line, i) =>
      i === 0
        ? line
        : line.split(",").with(5, "400000000.5").with(7, quote!).with(10, taken!).join()
    );
  });
  await forget();
  assert.match(
    (await importFiles(await write("ADAUSDT-1h.csv", wick!), "--market", "spot")).out,
    /96 new/,
  );
  const { out } = await importFiles(await write("ADAUSDT-1h.csv", pandas!), "--market", "spot");
  assert.match(out, /0 corrected, 96 unchanged/);
});

/** As pandas and others write floats. */
const asFloat = (cell: string) => {
  const text = String(Number(cell));
  return text.includes(".") || text.includes("e") ? text : `${text}.0`;
};
const floats = rewritten((cell, column) => [0, 6].includes(column) ? cell : asFloat(cell));

Deno.test("lossy numbers never replace exact ones; exact ones replace lossy ones", async () => {
  const lossy = await write("ADAUSDT-1h.csv", floats);
  await forget();
  await task("collect", ...flags, "--from", "2025-06-01", "--to", "2025-06-05");
  const before = await version();
  assert.match((await importFiles(lossy)).out, /0 new, 0 corrected, 96 unchanged, 0 conflicts/);
  assert.deepEqual(await version(), before, "nothing was written");
  assert.deepEqual(await storedRows(scene.db, series), stored);

  await forget();
  await importFiles(exact);
  assert.match((await importFiles(lossy)).out, /0 new, 0 corrected, 96 unchanged/);
  assert.deepEqual(await storedRows(scene.db, series), stored);

  await forget();
  assert.match((await importFiles(lossy)).out, /96 new/);
  assert.match((await importFiles(exact)).out, /96 corrected/);
  assert.deepEqual(await storedRows(scene.db, series), stored);
});

Deno.test("a last digit that floats cannot represent is not a conflict", async () => {
  const symbol = "BTCUSDT";
  const [row] = scene.candles(symbol, "2025-06-01", 1) as [string[]];
  const long = row.with(7, "12345678901.12345678").slice(0, 11);
  const [low, high] = [Number(row[3]), Number(row[2])];
  long[5] = (12345678901.12345678 / ((low + high) / 2)).toFixed(8);
  await executeTask(
    { DATABASE_URL: scene.url, BINANCE_URLS: scene.simulator.url },
    ["import", await write("BTCUSDT-1h.csv", [lines[0]!, long.join()]), "--market", "spot"],
  );
  const short = await write("BTCUSDT-1h.csv", [
    lines[0]!,
    long.with(7, "12345678901.123457").join(),
  ]);
  assert.match((await importFiles(short, "--market", "spot")).out, /1 unchanged, 0 conflicts/);
  const [kept] = await storedRows(scene.db, { symbol, interval: "1h" });
  assert.equal(kept![7], "12345678901.12345678");
});

Deno.test("small numbers with an exponent are read exactly", async () => {
  await forget();
  const content = rewritten((cell, column) =>
    column === 9 ? "1.25e-05" : column === 10 ? "3e-08" : cell
  );
  assert.match((await importFiles(await write("ADAUSDT-1h.csv", content))).out, /96 new/);
  const [row] = await storedRows(scene.db, series);
  assert.deepEqual(row!.slice(9), ["0.0000125", "0.00000003"]);
});

Deno.test("exports in every format can be imported again, also of several series", async () => {
  await forget();
  await task("collect", ...flags, "--from", "2025-06-01", "--to", "2025-06-05");
  const rows = await storedRows(scene.db, series);
  for (const format of ["csv", "binance", "ndjson", "json", "parquet"]) {
    const extension = format === "binance" ? "csv" : format;
    const path = `${await Deno.makeTempDir({ dir: scene.folder })}/ADAUSDT-1h.${extension}`;
    await task("export", ...flags, "--format", format, "--out", path);
    assert.match((await importFiles(path)).out, /0 new, 0 corrected, 96 unchanged/, format);
    await forget();
    const { code, out, err } = await importFiles(path);
    assert.equal(code, 0, err);
    assert.match(out, /ADAUSDT 1h, 96 candles: 96 new, .* \(no checksum file\)\n$/, format);
    assert.deepEqual(await storedRows(scene.db, series), rows, format);
  }
  await forget();
  const table = lines.map((line, i) => i === 0 ? `symbol,interval,${line}` : `ADAUSDT,1h,${line}`);
  const other = scene.csv("ETHUSDT", "2025-06-01", 96, 11).map((line) => `ETHUSDT,1h,${line}`);
  const several = await importFiles(await write("candles.csv", [...table, ...other]));
  assert.equal(several.code, 0, several.err);
  assert.match(several.out, /candles.csv: wick export, ADAUSDT 1h, 96 candles: 96 new/);
  assert.match(several.out, /candles.csv: wick export, ETHUSDT 1h, 96 candles: 96 new/);
  assert.deepEqual(await storedRows(scene.db, series), rows);
});

Deno.test("sums of shorter candles are refused: by name, by field, and by the key of Parquet", async () => {
  await forget();
  await task("collect", ...flags, "--from", "2025-06-01", "--to", "2025-06-05");
  const long = ["--symbol", "ADAUSDT", "--interval", "4h", "--rollup"];
  for (
    const [format, name] of [["csv", "ADAUSDT-4h-from-1h"], ["ndjson", "ADAUSDT-4h"], [
      "parquet",
      "ADAUSDT-4h",
    ]]
  ) {
    const path = `${await Deno.makeTempDir({ dir: scene.folder })}/${name}.${format}`;
    assert.equal((await task("export", ...long, "--format", format!, "--out", path)).code, 0);
    const { code, err } = await importFiles(path);
    assert.equal(code, 1, format);
    assert.match(
      err,
      /^Cannot import \S+: its candles were added up from .* are not Binance's/,
      format,
    );
  }
});

Deno.test("Feather with decimals or text keeps all digits; floats are stored apart", async () => {
  await forget();
  await task("collect", ...flags, "--from", "2025-06-01", "--to", "2025-06-05");
  const rows = await storedRows(scene.db, series);
  const toColumn = (name: string, i: number, decimals: "text" | "decimal" | "float") => {
    const values = rows.map((row) => row[i]!);
    if (name.endsWith("_time")) {
      return vectorFromArray(values.map(Number), new TimestampMillisecond());
    }
    if (name === "number_of_trades") return vectorFromArray(values.map(Number), new Int32());
    if (decimals === "text") return vectorFromArray(values.map(String), new Utf8());
    if (decimals === "float") return vectorFromArray(values.map(Number), new Float64());
    return vectorFromArray(values.map((value) => toWords(String(value))), new Decimal(8, 38, 128));
  };
  for (const decimals of ["text", "decimal", "float"] as const) {
    await forget();
    const columns = KLINE_COLUMNS.map((name, i) => [name, toColumn(name, i, decimals)]);
    const file = tableToIPC(new Table(Object.fromEntries(columns)), "file");
    const { out } = await importFiles(await write("ADAUSDT-1h.feather", file));
    const isFloat = decimals === "float";
    assert.match(out, isFloat ? /96 candles: 96 kept apart/ : /96 candles: 96 new/, decimals);
    assert.deepEqual(await storedRows(scene.db, series), isFloat ? [] : rows, decimals);
  }
});

/** A number with eight decimals as four 32-bit words, the lowest first. */
function toWords(text: string): Uint32Array {
  const unscaled = BigInt(text.replace(".", ""));
  return Uint32Array.from([0n, 32n, 64n, 96n], (bits) => Number(unscaled >> bits & 0xffffffffn));
}
