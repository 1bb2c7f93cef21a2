import { MICROSECONDS_SINCE } from "../../core/archive_file.ts";
import type { Kline } from "../../core/kline.ts";
import type { CsvLayout } from "./csv_layout.ts";

/** Spot volumes have eight decimals. Prices are not used, because those against IDR have two. */
const SPOT_VOLUME = /\.\d{8}$/;
/**
 * Futures are traded in steps of 0.001 at least; spot volumes that lost zeros have more decimals.
 */
export const FUTURES_VOLUME = /^\d+(\.\d{1,3})?$/;

/** Clauses for messages. */
export const FEW_DECIMALS = "its volumes do not have the eight decimals of spot files";
export const NO_VOLUME =
  "its volume is 0 throughout although prices move, as in files of mark and index prices";
export const WRONG_AVERAGE = "its volumes do not match its prices, as in files of COIN-M futures";

/** Information from a file's name and path. */
export interface FileClaim {
  /** Path as given, and its absolute form. */
  readonly places: readonly string[];
  /** True if its name follows the archive's naming. */
  readonly isArchiveName: boolean;
  readonly isZip: boolean;
}

/**
 * Signs that the candles of a file are not spot candles. Binance's archives of futures, of mark,
 * index and premium index prices name their files as the spot archive does.
 */
export class MarketSigns {
  #claim: FileClaim;
  #layout: CsvLayout | undefined;
  #rows = 0;
  #empty = 0;
  #emptyButMoved = 0;
  #averageOutside = 0;
  #inMs = 0;
  #lateInMs = 0;
  #short = 0;
  #coarse = 0;

  constructor(claim: FileClaim) {
    this.#claim = claim;
  }

  add(layout: CsvLayout, kline: Kline, isMs: boolean): void {
    this.#layout = layout;
    this.#rows++;
    if (isMs) this.#inMs++;
    if (isMs && kline.openTime >= MICROSECONDS_SINCE) this.#lateInMs++;
    if (!SPOT_VOLUME.test(kline.volume)) this.#short++;
    if (FUTURES_VOLUME.test(kline.volume)) this.#coarse++;
    const volume = Number(kline.volume);
    const [high, low] = [Number(kline.highPrice), Number(kline.lowPrice)];
    if (volume === 0) {
      this.#empty++;
      if (high !== low) this.#emptyButMoved++;
      return;
    }
    const average = Number(kline.quoteAssetVolume) / volume;
    if (average < low * 0.99 || average > high * 1.01) this.#averageOutside++;
  }

  /** Clauses for messages; empty for files that may be spot. */
  list(): string[] {
    const { isArchiveName, isZip, places } = this.#claim;
    const foreign = places.map(namedMarket).find((market) => market !== undefined);
    const isArchive = this.#layout?.isArchive ?? false;
    const hasHeader = isArchive && (this.#layout?.hasHeader ?? false);
    const isShort = this.#short * 2 > this.#rows;
    const traded = this.#rows - this.#empty;
    const signs: [boolean, string][] = [
      [foreign !== undefined, `its path names another market (${foreign})`],
      [
        hasHeader && this.#inMs > 0 && (isZip || isShort),
        "it has a header line, as futures files have and spot files do not",
      ],
      [
        isArchive && isShort &&
        (isArchiveName || hasHeader || this.#coarse === this.#rows),
        FEW_DECIMALS,
      ],
      [
        isArchive && (isArchiveName || hasHeader) && this.#lateInMs > 0,
        "its times are in ms, while spot files have µs from 2025 on",
      ],
      [
        this.#emptyButMoved > 0 && this.#empty === this.#rows,
        NO_VOLUME,
      ],
      [
        traded > 0 && this.#averageOutside * 2 > traded,
        WRONG_AVERAGE,
      ],
    ];
    return signs.flatMap(([isSeen, words]) => isSeen ? [words] : []);
  }
}

/** Archive folders without spot candles. */
const FOREIGN_FOLDERS = [
  /(?:^|\/)(futures\/(?:um|cm))(?:\/|$)/,
  /(?:^|\/)((?:markPrice|indexPrice|premiumIndex)Klines)(?:\/|$)/,
  /(?:^|\/)data\/(option)(?:\/|$)/,
];

export function namedMarket(path: string): string | undefined {
  // A copy of the archive may lie below any folder: the last name counts.
  const slashes = path.replaceAll("\\", "/").split(/(?:^|\/)spot\/(?:monthly|daily)\//).at(-1)!;
  return FOREIGN_FOLDERS.map((folder) => folder.exec(slashes)?.[1]).find((name) => name);
}
