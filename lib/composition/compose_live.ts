import { createHosts } from "../binance/hosts.ts";
import { createLivePoller } from "../binance/binance_live_rest.ts";
import { createLiveStream } from "../binance/binance_live_stream.ts";
import { createLiveSource } from "../binance/live_source.ts";
import type { OrderDeps } from "../collector/plan/collect_plan.ts";
import { runCatchUp } from "../collector/jobs.ts";
import { createLiveHub, type LiveHub, type LiveHubDeps } from "../live/hub.ts";
import type { ExchangeStatus } from "../ports/kline_source.ts";
import type { LiveSource } from "../ports/live.ts";
import type { Boards } from "./compose_boards.ts";
import type { ExchangeParts } from "./compose_exchange.ts";
import type { PartContext } from "./part_context.ts";

export interface LiveParts
  extends Pick<LiveHubDeps, "reader" | "source" | "requireMarket" | "catchUp" | "linger"> {
  readonly boards: Pick<Boards, "leases" | "live">;
  readonly status: Pick<ExchangeStatus, "serverTime">;
}

/** The open candles that viewers follow. */
export function composeLive(
  { clock, log }: Pick<PartContext, "clock" | "log">,
  { boards, status, ...parts }: LiveParts,
): LiveHub {
  return createLiveHub({
    ...parts,
    board: boards.live,
    leases: boards.leases,
    serverTime: status.serverTime,
    clock,
    log,
  });
}

/** Follows the exchange's stream, or its REST API alone when streams are off. */
export function composeLiveSource(
  { config, clock, log }: Pick<PartContext, "config" | "clock" | "log">,
  { http, budget, oddities }: Pick<ExchangeParts, "http" | "budget" | "oddities">,
): LiveSource {
  const poller = createLivePoller({ http, budget, clock });
  if (config.binanceStreamUrls.length === 0) return poller;
  const hosts = createHosts(config.binanceStreamUrls, clock.now);
  const stream = createLiveStream({ hosts, clock, oddities });
  return createLiveSource({ stream, poller, clock, log });
}

/** Stores the closed candles of followed series through the collector. */
export function storeCloses(jobs: OrderDeps): Pick<LiveParts, "requireMarket" | "catchUp"> {
  return {
    requireMarket: () => jobs.runs.requireMarket(),
    catchUp: (series, signal) => runCatchUp(jobs, series, signal),
  };
}
