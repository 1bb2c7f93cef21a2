import assert from "node:assert/strict";
import { zstdDecompressSync } from "node:zlib";
import { parquetMetadata, parquetReadObjects, type SchemaElement } from "hyparquet";
import { parseDecimal } from "../core/decimal.ts";
import { type Kline, KLINE_COLUMNS } from "../core/kline.ts";
import type { KlineExporter } from "../ports/kline_exporter.ts";
import { openExportScene } from "../testing/export_scene.ts";
import { klineAt, klinesFrom } from "../testing/klines.ts";
import { type FileRequest, openExportFile } from "./export_file.ts";

const scene = await openExportScene(["BTCUSDT", "ETHUSDT"]);
const { store, exporter, run } = scene;
Deno.test.afterAll(scene.close);

const hours = { symbol: "BTCUSDT", interval: "1h" } as const;
const minutes = { symbol: "ETHUSDT", interval: "1m" } as const;
const GIANT = "123456789012345678901234567890.12345678";
const ENDLESS = "123456789012345678901234567890.123456789012345678901234567890";
await store.write(hours, [
  klineAt("2024-01-01T00:00Z", "1h", { openPrice: parseDecimal("0.00000001") }),
  klineAt("2024-01-01T01:00Z", "1h", { openPrice: parseDecimal("1234567.5") }),
  klineAt("2024-01-01T02:00Z", "1h", { quoteAssetVolume: parseDecimal(GIANT) }),
  klineAt("2024-01-01T03:00Z", "1h", { volume: parseDecimal(ENDLESS) }),
], run);
const MINUTES = 40_000;
await store.write(minutes, klinesFrom("2024-01-01", "1m", MINUTES), run);

async function read(request: Partial<FileRequest>) {
  const file = await openExportFile(exporter, {
    series: [hours],
    format: "parquet",
    time: "iso",
    ...request,
  });
  const bytes = await new Response(file.bytes()).arrayBuffer();
  const metadata = parquetMetadata(bytes);
  const schema = new Map(metadata.schema.slice(1).map((column) => [column.name, column]));
  // The reader converts decimals to floats, so they are read as their unscaled whole numbers.
  const raw = metadata.schema.map((column): SchemaElement => {
    const { logical_type: _, converted_type: __, ...rest } = column;
    return column.converted_type === "DECIMAL" ? rest : column;
  });
  const rows = await parquetReadObjects({
    file: bytes,
    metadata: { ...metadata, schema: raw },
    compressors: { ZSTD: (packed) => new Uint8Array(zstdDecompressSync(packed)) },
    utf8: false,
  });
  return { metadata, schema, rows };
}

/** Unscaled number and scale → the decimal with all digits. */
function decimalText(value: unknown, { scale = 0 }: SchemaElement): string {
  const whole = value instanceof Uint8Array ? BigInt(`0x${value.toHex()}`) : value as bigint;
  const digits = String(whole).padStart(scale + 1, "0");
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The same value with `scale` digits behind the point. */
function padded(text: string, { scale = 0 }: SchemaElement): string {
  const [whole, fraction = ""] = text.split(".");
  return scale === 0 ? whole! : `${whole}.${fraction.padEnd(scale, "0")}`;
}

const FIELDS: Record<string, (kline: Kline) => unknown> = {
  open_time: (k) => new Date(k.openTime),
  open_price: (k) => k.openPrice,
  high_price: (k) => k.highPrice,
  low_price: (k) => k.lowPrice,
  close_price: (k) => k.closePrice,
  volume: (k) => k.volume,
  close_time: (k) => new Date(k.closeTime),
  quote_asset_volume: (k) => k.quoteAssetVolume,
  number_of_trades: (k) => k.numberOfTrades,
  taker_buy_base_asset_volume: (k) => k.takerBuyBaseAssetVolume,
  taker_buy_quote_asset_volume: (k) => k.takerBuyQuoteAssetVolume,
};

Deno.test("Parquet has typed columns: UTC timestamps in ms, int32 trades, exact decimals", async () => {
  const { schema } = await read({ series: [minutes] });
  assert.deepEqual([...schema.keys()], [...KLINE_COLUMNS]);
  assert.deepEqual(schema.get("open_time")!.logical_type, {
    type: "TIMESTAMP",
    isAdjustedToUTC: true,
    unit: "MILLIS",
  });
  assert.equal(schema.get("number_of_trades")!.type, "INT32");
  for (const column of ["open_price", "volume", "taker_buy_quote_asset_volume"]) {
    const { type, precision, scale } = schema.get(column)!;
    assert.deepEqual({ type, precision, scale }, { type: "INT64", precision: 18, scale: 8 });
  }
});

Deno.test("Parquet with many row groups holds every candle exactly", async () => {
  const { metadata, schema, rows } = await read({ series: [minutes] });
  assert.ok(metadata.row_groups.length > 1);
  assert.equal(rows.length, MINUTES);
  const textOf = (value: unknown) => value instanceof Date ? value.toISOString() : String(value);
  const found = rows.map((row) =>
    [...schema.values()].map((column) =>
      column.converted_type === "DECIMAL"
        ? decimalText(row[column.name], column)
        : textOf(row[column.name])
    ).join()
  );
  const wanted = klinesFrom("2024-01-01", "1m", MINUTES).map((kline) =>
    Object.values(FIELDS).map((pick) => textOf(pick(kline))).join()
  );
  assert.equal(found.findIndex((line, i) => line !== wanted[i]), -1);
});

Deno.test("Parquet uses the data's scale, and text where no decimal type is wide enough", async () => {
  const { schema, rows } = await read({ series: [hours] });
  const price = schema.get("open_price")!;
  assert.deepEqual(
    rows.slice(0, 2).map((row) => decimalText(row.open_price, price)),
    ["0.00000001", padded("1234567.5", price)],
  );
  const giant = schema.get("quote_asset_volume")!;
  assert.deepEqual([giant.type, giant.precision, giant.scale], ["FIXED_LEN_BYTE_ARRAY", 38, 8]);
  assert.equal(decimalText(rows[2]!.quote_asset_volume, giant), GIANT);
  assert.equal(schema.get("volume")!.converted_type, "UTF8");
  assert.equal(rows[3]!.volume, ENDLESS);
});

Deno.test("Parquet of several series has leading symbol and interval; without rows it has columns", async () => {
  const several = await read({ series: [hours, minutes], to: Date.UTC(2024, 0, 1, 2) });
  assert.deepEqual([...several.schema.keys()], ["symbol", "interval", ...KLINE_COLUMNS]);
  assert.deepEqual(
    [several.rows.length, several.rows[0]!.symbol, several.rows[1]!.interval],
    [2 + 120, "BTCUSDT", "1h"],
  );
  assert.deepEqual([several.rows[2]!.symbol, several.rows[2]!.interval], ["ETHUSDT", "1m"]);
  const none = await read({ from: Date.UTC(2030, 0) });
  assert.equal(none.rows.length, 0);
  assert.deepEqual([...none.schema.keys()], [...KLINE_COLUMNS]);
});

Deno.test("Parquet of a truncated COPY fails: a file never looks complete without its last row", async () => {
  const cut: KlineExporter = {
    ...exporter,
    async open(query) {
      const open = await exporter.open(query);
      const whole = open.tuples.bind(open);
      open.tuples = (...of) => ReadableStream.from(withoutEnd(whole(...of)));
      return open;
    },
  };
  const file = await openExportFile(cut, { series: [hours], format: "parquet", time: "iso" });
  await assert.rejects(
    new Response(file.bytes()).arrayBuffer(),
    /ended a COPY before its last row/,
  );
});

/** Everything except the two bytes of a binary COPY's trailer. */
async function* withoutEnd(tuples: ReadableStream<Uint8Array>) {
  const bytes = await new Response(tuples).bytes();
  yield bytes.slice(0, -2);
}
