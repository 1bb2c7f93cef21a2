import { systemClock } from "../clock.ts";
import type { RepairJobDeps } from "../collector/jobs.ts";
import { composeExchange } from "../composition/compose_exchange.ts";
import { KLINE_COLUMNS } from "../core/kline.ts";
import type { BanBoard, SpendBoard } from "../ports/boards.ts";
import type { Clock, Logger } from "../ports/host.ts";
import { createBanBoard } from "../store/kv/ban_kv.ts";
import type { Db } from "../store/postgres/connection/database.ts";
import { createGapLedger } from "../store/postgres/writing/gaps_postgres.ts";
import { createKlineStore } from "../store/postgres/writing/klines_postgres.ts";
import { createRunLedger } from "../store/postgres/status/runs_postgres.ts";
import { createSpendBoard } from "../store/kv/spend_kv.ts";
import { silent } from "./database/postgres.ts";

/** Unavailable KV: state stays in memory. */
export const NO_KV = { error: "no KV in this test" };

export interface TestExchangeOptions {
  readonly clock?: Clock;
  readonly bans?: BanBoard;
  readonly spends?: SpendBoard;
  readonly maxWaitMs?: number;
  readonly timeoutMs?: number;
  readonly log?: Logger;
  /** Log for outages of the exchange. */
  readonly outageLog?: Logger;
}

/** The real client of the exchange, over HTTP. */
export function testExchange(urls: readonly string[], options: TestExchangeOptions = {}) {
  const clock = options.clock ?? systemClock;
  return composeExchange({
    urls,
    clock,
    fetch,
    log: options.log ?? silent,
    outageLog: options.outageLog ?? silent,
    telemetry: { record() {} },
    boards: {
      bans: options.bans ?? createBanBoard(NO_KV, clock.now),
      spends: options.spends ?? createSpendBoard(NO_KV),
    },
    maxBanWaitMs: options.maxWaitMs ?? 1_000,
    timeoutMs: options.timeoutMs ?? 10_000,
    random: () => 0.5,
  });
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

const isNumber = (column: string) => column.endsWith("_time") || column === "number_of_trades";

/** The stored candles in the exchange's format, for comparison. */
export async function storedRows(
  db: Db,
  { symbol, interval }: { symbol: string; interval: string },
): Promise<(string | number)[][]> {
  const columns = KLINE_COLUMNS.map((column) => isNumber(column) ? column : `${column}::text`);
  const rows = await db.query<Record<string, string | number>>(
    `select ${columns} from candles where symbol = $1 and interval = $2 order by open_time`,
    [symbol, interval],
  );
  return rows.map((row) => KLINE_COLUMNS.map((column) => row[column]!));
}

/** Describes the first difference between two lists of candles; empty when there is none. */
export function compareRows(stored: readonly unknown[][], served: readonly unknown[][]): string {
  const [a, b] = [stored, served].map((rows) => rows.map((row) => row.join()));
  const at = a!.findIndex((row, i) => row !== b![i]);
  if (at >= 0) return `row ${at} of ${a!.length} is ${a![at]} and should be ${b![at]}`;
  return a!.length === b!.length ? "" : `${a!.length} rows instead of ${b!.length}`;
}
