import type { Decimal } from "../core/decimal.ts";
import type { Kline, Series } from "../core/kline.ts";
import type { EpochMs } from "../core/time.ts";

/** A trading rule of the exchange, such as LOT_SIZE, with all its fields as received. */
export type MarketFilter = Readonly<Record<string, unknown>> & { readonly filterType: string };

/** A market as the exchange lists it. */
export interface MarketSymbol {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  /**
   * `TRADING`, `BREAK`, …; anything but `TRADING` means that no new candle is to be expected.
   * `REMOVED` is ours: the exchange does not list the symbol any more.
   */
  readonly status: string;
  readonly tickSize: Decimal | undefined;
  readonly stepSize: Decimal | undefined;
  /** As received, unknown kinds included; `undefined` when the exchange has not listed them. */
  readonly filters: readonly MarketFilter[] | undefined;
}

/** The exchange's list of markets, as far as it can be read. */
export interface MarketList {
  readonly symbols: readonly MarketSymbol[];
  /** Names of elements that are listed in a shape that wick cannot read. */
  readonly unreadable: readonly string[];
  /** Whether every element has a readable name, so that an absent symbol is not listed. */
  readonly isWhole: boolean;
}

/** What a page of klines is asked for. With `from` the oldest ones from there on, else the newest. */
export interface PageQuery {
  /** Inclusive, compared with open times. */
  readonly from?: EpochMs;
  /** Exclusive, compared with open times. */
  readonly to?: EpochMs;
  /** 1..1000, default 1000. */
  readonly limit?: number;
}

/** Rows as the exchange serves them: the newest may still move. */
export interface KlinePage {
  /** Strictly ascending open times. */
  readonly klines: readonly Kline[];
  /** The exchange's clock, read before the rows: what has ended by then cannot move any more. */
  readonly serverTime: EpochMs;
}

/** What has been spent on the exchange since the source was made. */
export interface SourceUsage {
  readonly requests: number;
  readonly weight: number;
  /** Host that answered last. */
  readonly host: string | undefined;
  /** Set when the exchange says of itself that it is a simulator. */
  readonly simulated: string | undefined;
}

/**
 * The exchange's market data. Every method throws `exchange_unavailable`, `exchange_refused`, `rate_limited`
 * or `bad_payload`.
 */
export interface KlineSource {
  /** Clock of the exchange, at most a few seconds old, never ahead of it. */
  serverTime(signal: AbortSignal): Promise<EpochMs>;
  listSymbols(signal: AbortSignal): Promise<MarketList>;
  /** @throws `not_found` for a symbol that the exchange does not have */
  page(series: Series, query: PageQuery, signal: AbortSignal): Promise<KlinePage>;
  usage(): SourceUsage;
}

/** What this process last saw of the exchange. */
export interface ExchangeState {
  readonly host: string | undefined;
  /** Set when the exchange says of itself that it is a simulator. */
  readonly simulated: string | undefined;
  readonly answeredAt: EpochMs | undefined;
  /** Set while the newest request has failed. */
  readonly failure: { readonly message: string; readonly at: EpochMs } | undefined;
}

export interface ExchangeStatus {
  read(): ExchangeState;
  /** The exchange's clock, carried on by ours since it was last read. */
  serverTime(): EpochMs;
}

// --- our own storage ---
