import { createExchange, type Exchange } from "../binance/binance_klines.ts";
import { createExchangeClock } from "../binance/exchange_clock.ts";
import { createHosts, type Hosts } from "../binance/hosts.ts";
import { createExchangeHttp, type ExchangeHttp } from "../binance/http.ts";
import { createOddities, type Oddities } from "../binance/oddities.ts";
import { createStatusBoard, type StatusBoard } from "../binance/status.ts";
import { createOtherClocks } from "../binance/time_witnesses.ts";
import { watchBudget, watchExchange } from "../binance/watch.ts";
import { createRequestBudget, type RequestBudget } from "../binance/weight.ts";
import type { Boards } from "./compose_boards.ts";
import type { PartContext } from "./part_context.ts";

/** The client of Binance, and the state of its hosts and limits. */
export interface ExchangeParts extends Exchange {
  readonly status: StatusBoard;
  readonly hosts: Hosts;
  readonly budget: RequestBudget;
  readonly http: ExchangeHttp;
  readonly oddities: Oddities;
}

export interface ExchangePartsOptions extends Omit<PartContext, "config" | "isHosted"> {
  /** Origins, in the order in which they are tried. */
  readonly urls: readonly string[];
  readonly boards: Pick<Boards, "bans" | "spends">;
  /** Symbols whose newest candles confirm a doubtful clock; default BTCUSDT. */
  readonly witnesses?: readonly string[] | undefined;
  /** Timeout of one attempt. */
  readonly timeoutMs?: number;
  /** Longest wait for the end of a ban. After a longer one the run ends and the next continues. */
  readonly maxBanWaitMs?: number;
  /** Returns [0, 1), to spread retries. */
  readonly random?: () => number;
}

const MAX_BAN_WAIT_MS = 90_000;

export function composeExchange(options: ExchangePartsOptions): ExchangeParts {
  const { urls, boards, clock, log, telemetry } = options;
  const status = createStatusBoard(clock, options.outageLog);
  const hosts = createHosts(urls, clock.now);
  const maxWaitMs = options.maxBanWaitMs ?? MAX_BAN_WAIT_MS;
  const budget = watchBudget(createRequestBudget({ ...boards, clock, maxWaitMs }), telemetry);
  const attempts = {
    budget,
    clock,
    fetch: options.fetch,
    log,
    ...options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs },
  };
  const client = createExchangeHttp({
    ...attempts,
    hosts,
    random: options.random ?? Math.random,
    onUnreachable: status.setUnreachable,
  });
  const http = status.watch(watchExchange(client, telemetry));
  const oddities = createOddities(log);
  const exchange = createExchange({
    http,
    budget,
    clock,
    oddities,
    exchangeClock: createExchangeClock({ clock, log }),
    otherClocks: createOtherClocks(urls, attempts),
    onServerTime: status.setServerTime,
    ...options.witnesses === undefined ? {} : { witnesses: options.witnesses },
  });
  return { ...exchange, status, hosts, budget, http, oddities };
}
