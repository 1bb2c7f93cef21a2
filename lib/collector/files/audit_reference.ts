import { deflateRawSync, inflateRawSync } from "node:zlib";
import { AppError } from "../../core/errors.ts";
import type { ImportedCandle } from "../../core/imported_candle.ts";
import { endOf } from "../../core/interval.ts";
import { isClosed, type Kline, type Series, seriesName } from "../../core/kline.ts";
import type { EpochMs, TimeRange } from "../../core/time.ts";
import type { KlineFile } from "../../ports/archive_source.ts";
import type { KlineSource } from "../../ports/kline_source.ts";
import type { KlineStore } from "../../ports/kline_store.ts";
import { type AuditReference, candlesOf } from "./file_audit.ts";

/** The exchange's candles by its API, one request per 1,000. */
export function exchangeReference(source: KlineSource, signal: AbortSignal): AuditReference {
  let serverTime: EpochMs | undefined;
  return {
    async read(series, range) {
      const found: ImportedCandle[] = [];
      for await (const klines of pagesOf(source, series, range, signal)) {
        for (const kline of klines) found.push(asExact(kline));
      }
      return found;
    },
    async known() {
      serverTime ??= await source.serverTime(signal);
      return [{ from: 0, to: serverTime }];
    },
  };
}

/** An empty response counts only if a second request returns the same. */
async function* pagesOf(
  source: KlineSource,
  series: Series,
  { from, to }: TimeRange,
  signal: AbortSignal,
): AsyncGenerator<readonly Kline[]> {
  let next = Math.max(0, from);
  let isDoubtful = true;
  while (next < to) {
    const { klines, serverTime } = await source.page(series, { from: next, to }, signal);
    const last = klines.at(-1)?.openTime;
    if (last === undefined && !isDoubtful) return;
    isDoubtful = last !== undefined;
    if (last === undefined) continue;
    yield klines.filter((kline) => isClosed(kline, series.interval, serverTime));
    next = last + 1;
  }
}

/** The stored candles, for audits without the exchange. */
export function storeReference(store: Pick<KlineStore, "getState" | "read">): AuditReference {
  return {
    async read(series, { from, to }) {
      await stateOf(store, series);
      return (await store.read(series, { from: Math.max(0, from), to })).map(asExact);
    },
    async known(series) {
      const { firstOpenTime, lastOpenTime } = await stateOf(store, series);
      if (firstOpenTime !== undefined && lastOpenTime !== undefined) {
        return [{ from: firstOpenTime, to: endOf(lastOpenTime, series.interval) }];
      }
      throw notStored(series);
    },
  };
}

async function stateOf(store: Pick<KlineStore, "getState">, series: Series) {
  try {
    return await store.getState(series);
  } catch (error) {
    const isAbsent = error instanceof AppError && error.code === "not_found";
    throw isAbsent ? notStored(series) : error;
  }
}

function notStored(series: Series): AppError {
  return new AppError(
    "not_found",
    `Cannot compare with stored candles of ${seriesName(series)}: there are none; collect them, ` +
      "or compare with the exchange, without --offline",
  );
}

/** The candles of other files, held in memory, compressed. */
export async function filesReference(
  files: readonly KlineFile[],
  signal: AbortSignal,
): Promise<AuditReference> {
  const bySeries = new Map<string, KnownCandles>();
  for (const file of files) {
    const name = seriesName(file);
    const known: KnownCandles = bySeries.get(name) ?? { candles: new PackedCandles(), ranges: [] };
    bySeries.set(name, known);
    let [from, to] = [Infinity, -Infinity];
    for await (const part of file.candles()) {
      signal.throwIfAborted();
      const candles = candlesOf(part);
      if (candles.length === 0) continue;
      known.candles.add(candles);
      from = Math.min(from, candles[0]!.openTime);
      to = Math.max(to, candles.at(-1)!.openTime);
    }
    known.ranges.push({ from, to: endOf(to, file.interval) });
  }
  const knownOf = (series: Series) => {
    const known = bySeries.get(seriesName(series));
    if (known !== undefined) return known;
    throw new AppError(
      "not_found",
      `Cannot compare ${seriesName(series)}: the files to compare with do not have it`,
    );
  };
  return {
    read: (series, range) => Promise.resolve(knownOf(series).candles.read(range)),
    known: (series) => Promise.resolve(knownOf(series).ranges),
  };
}

interface KnownCandles {
  readonly candles: PackedCandles;
  /** From the first to the last candle of each file. */
  readonly ranges: TimeRange[];
}

/** Candles that are compressed together. */
const PACKED = 4_096;

interface Pack extends TimeRange {
  readonly bytes: Uint8Array;
}

/** Candles in a twentieth of the memory that they need as objects. */
class PackedCandles {
  readonly #packs: Pack[] = [];

  /** `candles` ascend; they replace earlier ones of the same times. */
  add(candles: readonly ImportedCandle[]): void {
    for (let at = 0; at < candles.length; at += PACKED) {
      const own = candles.slice(at, at + PACKED);
      const bytes = deflateRawSync(JSON.stringify(own), { level: 1 });
      this.#packs.push({ from: own[0]!.openTime, to: own.at(-1)!.openTime + 1, bytes });
    }
  }

  /** Ascending. */
  read({ from, to }: TimeRange): ImportedCandle[] {
    const found = new Map<EpochMs, ImportedCandle>();
    for (const pack of this.#packs) {
      if (pack.from >= to || pack.to <= from) continue;
      const candles: ImportedCandle[] = JSON.parse(inflateRawSync(pack.bytes).toString());
      for (const candle of candles) {
        if (candle.openTime >= from && candle.openTime < to) found.set(candle.openTime, candle);
      }
    }
    return [...found.values()].sort((a, b) => a.openTime - b.openTime);
  }
}

const asExact = (kline: Kline): ImportedCandle => ({ ...kline, isFloat: false });
