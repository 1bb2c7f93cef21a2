import { AppError } from "../../core/errors.ts";
import { endOf, intervalMs, openTimeOf } from "../../core/interval.ts";
import type { Kline, Series } from "../../core/kline.ts";
import { HOUR_MS, type TimeRange } from "../../core/time.ts";
import type { CollectorDeps } from "../collect.ts";
import { isForeign, isJump, near } from "../foreign_prices.ts";
import type { FileDigest, PricedCandle } from "./store_file.ts";
import { askExchange, type ExchangeContact } from "./offline.ts";

/**
 * Distance in intervals up to which candles count as adjacent; a day later a price may have
 * doubled.
 */
const ADJACENT_INTERVALS = 3;
const MAX_ADJACENT_MS = 3 * HOUR_MS;

/**
 * Reasons to believe that a file belongs to another series: its own signs, prices that differ from
 * stored or served ones at the same open times, or prices that do not follow the stored neighbours.
 * Candles that agree with known ones override all signs.
 */
export async function findForeignMarket(
  deps: CollectorDeps,
  series: Series,
  { doubts, samples }: FileDigest,
  contact: ExchangeContact,
): Promise<readonly string[]> {
  const stored = await compareWith(samples, (range) => readStored(deps, series, range));
  const [known, where] = stored.compared > 0 ? [stored, "stored"] as const : [
    await compareWithExchange(deps, series, samples, contact),
    "served by the exchange",
  ] as const;
  if (known.equal * 2 > known.compared) return [];
  if (known.foreign * 2 > known.compared) {
    return [
      ...doubts,
      `${known.foreign} of ${known.compared} candles differ in price from those ${where}`,
    ];
  }
  return [...doubts, ...known.compared > 0 ? [] : await findJumps(deps, series, samples)];
}

/** Empty for a symbol that was never stored. */
async function readStored(
  { store }: CollectorDeps,
  series: Series,
  range: TimeRange,
): Promise<readonly Kline[]> {
  try {
    return await store.read(series, range);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return [];
    throw error;
  }
}

interface Comparison {
  readonly compared: number;
  /** The same prices and volume. */
  readonly equal: number;
  /** Different open and close prices. Late trades change neither open nor most closes. */
  readonly foreign: number;
}

async function compareWith(
  samples: FileDigest["samples"],
  read: (range: TimeRange) => Promise<readonly Kline[]>,
): Promise<Comparison> {
  const total = { compared: 0, equal: 0, foreign: 0 };
  for (const sample of samples) {
    const range = { from: sample[0]!.openTime, to: sample.at(-1)!.openTime + 1 };
    const known = new Map((await read(range)).map((kline) => [kline.openTime, kline]));
    for (const kline of sample) {
      const other = known.get(kline.openTime);
      if (other === undefined) continue;
      total.compared++;
      if (isEqual(kline, other)) total.equal++;
      else if (isForeign(kline, other)) total.foreign++;
    }
  }
  return total;
}

/**
 * Requests one range of the file's candles from the exchange; worth the cost, because wrong candles
 * would stay.
 */
async function compareWithExchange(
  { source }: CollectorDeps,
  series: Series,
  samples: FileDigest["samples"],
  contact: ExchangeContact,
): Promise<Comparison> {
  const middle = samples.slice(samples.length >> 1).slice(0, 1);
  return await compareWith(middle, async (range) => {
    const page = await askExchange(contact, (patience) => source.page(series, range, patience));
    return page?.klines ?? [];
  });
}

function isEqual(a: PricedCandle, b: Kline): boolean {
  return near(a.openPrice, b.openPrice) && near(a.highPrice, b.highPrice) &&
    near(a.lowPrice, b.lowPrice) && near(a.closePrice, b.closePrice) &&
    (a.volume === undefined || near(a.volume, b.volume));
}

async function findJumps(
  deps: CollectorDeps,
  series: Series,
  samples: FileDigest["samples"],
): Promise<string[]> {
  const [first, last] = [samples[0]?.[0], samples.at(-1)?.at(-1)];
  if (first === undefined || last === undefined) return [];
  const length = intervalMs(series.interval);
  const next = endOf(last.openTime, series.interval);
  const reach = Math.max(length, Math.min(ADJACENT_INTERVALS * length, MAX_ADJACENT_MS));
  const previous = openTimeOf(first.openTime - 1, series.interval, first.openTime);
  const before = await readStored(deps, series, {
    from: Math.min(previous, first.openTime - reach),
    to: first.openTime,
  });
  const after = await readStored(deps, series, {
    from: last.openTime + 1,
    to: Math.max(next, last.openTime + reach) + 1,
  });
  const edges = [
    [before.at(-1)?.closePrice, first.openPrice, "the stored candle before it closed at"],
    [after[0]?.openPrice, last.closePrice, "the stored candle after it opens at"],
  ] as const;
  return edges.flatMap(([stored, own, words]) =>
    stored === undefined || !isJump(Number(stored), Number(own))
      ? []
      : [`its price is ${own} where ${words} ${stored}`]
  );
}

/** @throws `bad_payload` with the reasons and how to import the file nevertheless */
export function foreignMarket(path: string, reasons: readonly string[]): AppError {
  return new AppError(
    "bad_payload",
    `Cannot import ${path} as spot candles: ${
      reasons.join("; ")
    }. It looks like another market or ` +
      "symbol, such as futures or mark prices, or its times are not UTC, which audit can tell. If " +
      "it is spot, import it with --market spot",
  );
}
