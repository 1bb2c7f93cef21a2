import { createHosts } from "../binance/hosts.ts";
import { createKlineStreams } from "../binance/kline_streams.ts";
import type { StreamJobs } from "../collector/schedule.ts";
import { findStreamed, withoutStreamed } from "../collector/streams/stream_cover.ts";
import { followCloses, type StreamFeedDeps } from "../collector/streams/stream_feed.ts";
import type { StreamBoard } from "../ports/close_streams.ts";
import type { ExchangeParts } from "./compose_exchange.ts";
import type { PartContext } from "./part_context.ts";

export interface StreamParts {
  readonly exchange: Pick<ExchangeParts, "status" | "oddities">;
  readonly board: StreamBoard;
  readonly shared: Omit<StreamFeedDeps, "streams" | "board" | "serverTime" | "simulated">;
}

/**
 * Collecting by streams. Not used when streams are off, and on a hosted platform, which ends idle
 * instances and charges for connected ones.
 */
export function composeStreams(
  { config, clock, log, isHosted }: Pick<PartContext, "config" | "clock" | "log" | "isHosted">,
  { exchange, board, shared }: StreamParts,
): StreamJobs | undefined {
  if (config.binanceStreamUrls.length === 0 || isHosted) return undefined;
  const { serverTime } = exchange.status;
  const streams = createKlineStreams({
    hosts: createHosts(config.binanceStreamUrls, clock.now),
    clock,
    log,
    oddities: exchange.oddities,
    random: Math.random,
  });
  const simulated = () => exchange.status.read().simulated;
  return {
    follow: (stopping) =>
      followCloses({ ...shared, streams, board, serverTime, simulated }, stopping),
    others: (series) => withoutStreamed({ board, serverTime, store: shared.store }, series),
    findStreamed: () => findStreamed({ board }),
  };
}
