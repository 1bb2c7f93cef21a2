import type { Decimal } from "../core/decimal.ts";
import type { Kline, Series } from "../core/kline.ts";
import type { DayVolume } from "./symbol_list.ts";
import type { EpochMs } from "../core/time.ts";

/** A trading rule of the exchange, such as LOT_SIZE, with all its fields as received. */
export type MarketFilter = Readonly<Record<string, unknown>> & { readonly filterType: string };

/** A market in exchangeInfo. */
export interface MarketSymbol {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  /**
   * `TRADING`, `BREAK`, …; only `TRADING` markets get new candles. `REMOVED` is wick's own: the
   * exchange no longer lists the symbol.
   */
  readonly status: string;
  readonly tickSize: Decimal | undefined;
  readonly stepSize: Decimal | undefined;
  /** As received, including unknown kinds; `undefined` when the exchange has not sent them. */
  readonly filters: readonly MarketFilter[] | undefined;
}

/** The readable part of the exchange's list of markets. */
export interface MarketList {
  readonly symbols: readonly MarketSymbol[];
  /** Names of elements that wick cannot parse. */
  readonly unreadable: readonly string[];
  /**
   * True if every element has a readable name, so that an absent symbol is certainly not listed.
   */
  readonly isWhole: boolean;
}

/**
 * A request for one batch of klines: with `from` the oldest from there on, otherwise the newest.
 */
export interface PageQuery {
  /** Inclusive, compared with open times. */
  readonly from?: EpochMs;
  /** Exclusive, compared with open times. */
  readonly to?: EpochMs;
  /** 1..1000, default 1000. */
  readonly limit?: number;
}

/** A batch of rows as received; the newest may be open. */
export interface KlinePage {
  /** Strictly ascending open times. */
  readonly klines: readonly Kline[];
  /** The exchange's clock, read before the rows: candles that ended before it have closed. */
  readonly serverTime: EpochMs;
}

/** Requests and weight since the source was made. */
export interface SourceUsage {
  readonly requests: number;
  readonly weight: number;
  /** The last host that answered. */
  readonly host: string | undefined;
  /** Set when the exchange identifies itself as a simulator. */
  readonly simulated: string | undefined;
}

/**
 * The exchange's market data. Every method throws `exchange_unavailable`, `exchange_refused`,
 * `rate_limited` or `bad_payload`.
 */
export interface KlineSource {
  /** Clock of the exchange, at most a few seconds old, never ahead of it. */
  serverTime(signal: AbortSignal): Promise<EpochMs>;
  listSymbols(signal: AbortSignal): Promise<MarketList>;
  /** Trading volumes of 24 hours, the largest first; `markets` tell the quote assets. */
  listDayVolumes(
    markets: readonly Pick<MarketSymbol, "symbol" | "quoteAsset">[],
    signal: AbortSignal,
  ): Promise<DayVolume[]>;
  /** @throws `not_found` for a symbol that the exchange does not have */
  page(series: Series, query: PageQuery, signal: AbortSignal): Promise<KlinePage>;
  usage(): SourceUsage;
}

/** The exchange's last state known to this process. */
export interface ExchangeState {
  readonly host: string | undefined;
  /** Set when the exchange identifies itself as a simulator. */
  readonly simulated: string | undefined;
  readonly answeredAt: EpochMs | undefined;
  /** Set while the newest requests fail. */
  readonly failure: { readonly message: string; readonly at: EpochMs } | undefined;
}

export interface ExchangeStatus {
  read(): ExchangeState;
  /** The exchange's clock, extrapolated with ours since the last reading. */
  serverTime(): EpochMs;
}
