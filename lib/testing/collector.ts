import { systemClock } from "../clock.ts";
import type { RepairJobDeps } from "../collector/jobs.ts";
import { createExchange } from "../binance/binance_klines.ts";
import { createExchangeClock } from "../binance/exchange_clock.ts";
import { createHosts } from "../binance/hosts.ts";
import { createExchangeHttp } from "../binance/http.ts";
import { createOddities } from "../binance/oddities.ts";
import { createOtherClocks } from "../binance/time_witnesses.ts";
import { createRequestBudget } from "../binance/weight.ts";
import type { BanBoard, SpendBoard } from "../ports/boards.ts";
import type { Clock, Logger } from "../ports/host.ts";
import { createBanBoard } from "../store/kv/ban_kv.ts";
import type { Db } from "../store/postgres/connection/database.ts";
import { createGapLedger } from "../store/postgres/gaps_postgres.ts";
import { createKlineStore } from "../store/postgres/klines_postgres.ts";
import { createRunLedger } from "../store/postgres/runs_postgres.ts";
import { createSpendBoard } from "../store/kv/spend_kv.ts";
import { silent } from "./postgres.ts";

export interface TestExchangeOptions {
  readonly clock?: Clock;
  readonly bans?: BanBoard;
  readonly spends?: SpendBoard;
  readonly maxWaitMs?: number;
  readonly timeoutMs?: number;
  readonly log?: Logger;
  readonly onUnreachable?: (message: string, since: number) => void;
}

/** The real client of the exchange, over HTTP. */
export function testExchange(urls: readonly string[], options: TestExchangeOptions = {}) {
  const clock = options.clock ?? systemClock;
  const bans = options.bans ?? createBanBoard({ error: "no KV in this test" }, clock.now);
  const spends = options.spends ?? createSpendBoard({ error: "no KV in this test" });
  const maxWaitMs = options.maxWaitMs ?? 1_000;
  const budget = createRequestBudget({ clock, bans, spends, maxWaitMs });
  const hosts = createHosts(urls, clock.now);
  const log = options.log ?? silent;
  const http = createExchangeHttp({
    hosts,
    budget,
    clock,
    fetch,
    log,
    random: () => 0.5,
    ...options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs },
    ...options.onUnreachable === undefined ? {} : { onUnreachable: options.onUnreachable },
  });
  const oddities = createOddities(log);
  const timeoutMs = options.timeoutMs ?? 10_000;
  const otherClocks = createOtherClocks(urls, { budget, clock, fetch, log, timeoutMs });
  const exchangeClock = createExchangeClock({ clock, log });
  const parts = { http, budget, clock, oddities, exchangeClock, otherClocks };
  return { ...createExchange(parts), http, budget, hosts };
}

/** The collector on a real exchange client and a real database. */
export function testJobs(db: Db, urls: readonly string[], options: TestExchangeOptions = {}) {
  const exchange = testExchange(urls, options);
  const ids = new Map<string, number>();
  return {
    openSource: (own?: { readonly isBackground: boolean }) => exchange.open(own),
    store: createKlineStore(db, ids),
    gaps: createGapLedger(db, ids),
    runs: createRunLedger(db),
    log: options.log ?? silent,
    now: (options.clock ?? systemClock).now,
    historySince: 0,
    weightLimit: () => exchange.budget.used().limit,
  } satisfies RepairJobDeps;
}

const COLUMNS = [
  "open_price",
  "high_price",
  "low_price",
  "close_price",
  "volume",
  "quote_asset_volume",
  "taker_buy_base_asset_volume",
  "taker_buy_quote_asset_volume",
];

/** The stored candles in the exchange's own shape, for comparing. */
export async function storedRows(
  db: Db,
  { symbol, interval }: { symbol: string; interval: string },
): Promise<(string | number)[][]> {
  const rows = await db.query<Record<string, string | number>>(
    `select open_time, close_time, number_of_trades, ${COLUMNS.map((c) => `${c}::text`)}
     from candles where symbol = $1 and interval = $2 order by open_time`,
    [symbol, interval],
  );
  return rows.map((row) =>
    [
      row["open_time"],
      row["open_price"],
      row["high_price"],
      row["low_price"],
      row["close_price"],
      row["volume"],
      row["close_time"],
      row["quote_asset_volume"],
      row["number_of_trades"],
      row["taker_buy_base_asset_volume"],
      row["taker_buy_quote_asset_volume"],
    ] as (string | number)[]
  );
}

/** The first difference between two lists of candles, in words; empty when there is none. */
export function compareRows(stored: readonly unknown[][], served: readonly unknown[][]): string {
  const [a, b] = [stored, served].map((rows) => rows.map((row) => row.join()));
  const at = a!.findIndex((row, i) => row !== b![i]);
  if (at >= 0) return `row ${at} of ${a!.length} is ${a![at]} and should be ${b![at]}`;
  return a!.length === b!.length ? "" : `${a!.length} rows instead of ${b!.length}`;
}
