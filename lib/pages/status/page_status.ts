import { z } from "zod";
import { type BackfillPlan, planBackfill } from "../../core/remaining_history.ts";
import { seriesName } from "../../core/kline.ts";
import { DAY_MS, type EpochMs, type TimeRange } from "../../core/time.ts";
import type { BudgetState, FailingSeries } from "../../ports/boards.ts";
import type { Gap } from "../../ports/gap_ledger.ts";
import type { HostState, MachineState } from "../../ports/host.ts";
import type { ExchangeState } from "../../ports/kline_source.ts";
import type {
  DatabaseSize,
  KlineVersions,
  Newest,
  RefusedFile,
  Run,
} from "../../ports/status_reader.ts";
import { findLook } from "../../core/chart_address.ts";
import { type StripRun, toStrip } from "./coverage_runs.ts";
import type { SeriesStatus } from "./series_status.ts";
import type { StatusAddress } from "./status_href.ts";
import type { Services } from "../../http/define.ts";
import { integerParam, intervalParam, parseQuery, symbolParam } from "../../http/query.ts";
import { sharedRead } from "../../http/shared_read.ts";
import { toSeriesStatuses } from "./series_statuses.ts";

export const GAPS_PAGE = 25;
export const RUNS_PAGE = 15;
export const VERSIONS_PAGE = 10;
const RECENT_DAYS = 90;
/** Parts of a strip over the full history: about its width in pixels. */
const HISTORY_PARTS = 180;

const querySchema = z.object({
  symbol: symbolParam.optional(),
  interval: intervalParam.optional(),
  class: z.enum(
    ["pending", "exchange_outage", "not_listed", "delisted"],
    "must be one of pending, exchange_outage, not_listed, delisted",
  ).optional(),
  page: integerParam(1, 1_000_000).optional(),
  restated: integerParam(1, 1_000_000).optional(),
  before: integerParam(1, 2 ** 31 - 1).optional(),
  strip: z.enum(["all", "90d"], "must be all or 90d").optional(),
  refresh: integerParam(5, 3600).optional(),
});

/** @throws `invalid_input` for invalid parameters; unknown ones are ignored */
export function parseStatusQuery(params: URLSearchParams): StatusAddress {
  const query = parseQuery(params, querySchema, { allowsUnknown: true });
  return {
    isRecent: query.strip === "90d",
    symbol: query.symbol,
    interval: query.interval,
    class: query.class,
    gapPage: query.page ?? 1,
    beforeRun: query.before,
    restatedPage: query.restated ?? 1,
    refresh: query.refresh,
    look: findLook(params),
  };
}

/** All data of the status page. */
export interface StatusData {
  readonly address: StatusAddress;
  /** The collected symbols. */
  readonly symbols: readonly string[];
  readonly series: readonly SeriesStatus[];
  /** By series name. */
  readonly strips: ReadonlyMap<string, readonly StripRun[]>;
  /** Range and number of parts of the strips. */
  readonly scale: { readonly range: TimeRange; readonly parts: number };
  readonly gaps: Newest<Gap>;
  readonly runs: readonly Run[];
  readonly revisions: Newest<KlineVersions>;
  readonly conflicts: Newest<KlineVersions>;
  readonly refusals: Newest<RefusedFile>;
  /** On this instance. */
  readonly watched: ReturnType<Services["live"]["watched"]>;
  readonly backfill: BackfillPlan;
  readonly size: DatabaseSize;
  readonly machine: MachineState;
  readonly budget: BudgetState;
  readonly hosts: readonly HostState[];
  readonly failing: readonly FailingSeries[];
  readonly exchange: ExchangeState;
  readonly serverTime: EpochMs;
  readonly now: EpochMs;
}

/** @throws `store_unavailable` */
export async function readStatus(services: Services, address: StatusAddress): Promise<StatusData> {
  const { exchange } = services;
  const serverTime = exchange.serverTime();
  const symbols = await services.symbols.read();
  const series = await readSeries(services, symbols, serverTime);
  const scale = address.isRecent ? recentScale(serverTime) : historyScale(series, serverTime);
  const [strips, lists, state] = await Promise.all([
    readStrips(services, series, { ...scale, isRecent: address.isRecent }),
    readLists(services, address),
    readState(services),
  ]);
  return {
    address,
    symbols,
    series,
    scale,
    strips,
    ...lists,
    ...state,
    watched: services.live.watched(),
    backfill: planBackfill(
      series.filter(({ state }) => state !== "left")
        .map(({ remaining, archived }) => ({ rows: remaining, archived })),
      state.budget.limit,
    ),
    hosts: services.hosts(),
    exchange: exchange.read(),
    serverTime,
    now: services.now(),
  };
}

async function readSeries(
  services: Services,
  symbols: readonly string[],
  serverTime: EpochMs,
): Promise<SeriesStatus[]> {
  const { status, settings } = services;
  const [coverage, gapCounts, activity] = await Promise.all([
    sharedRead(services, "extents", () => services.reader.extents()),
    sharedRead(services, "gap counts", () => status.gapCounts()),
    sharedRead(services, "activity", () => status.activity()),
  ]);
  return toSeriesStatuses({ ...settings, symbols, coverage, gapCounts, activity, serverTime });
}

async function readStrips(
  services: Services,
  series: readonly SeriesStatus[],
  scale: StatusData["scale"] & { readonly isRecent: boolean },
): Promise<StatusData["strips"]> {
  const absence = await sharedRead(
    services,
    `absence ${scale.isRecent}`,
    () => services.status.absence(scale.range, scale.parts),
  );
  const absent = Map.groupBy(absence, seriesName);
  return new Map(series.map((one) => {
    const name = seriesName(one);
    return [name, toStrip(one, absent.get(name) ?? [], scale)];
  }));
}

type Lists = Pick<StatusData, "gaps" | "runs" | "revisions" | "conflicts" | "refusals">;

/** Lists that the page shows in parts. */
async function readLists({ status }: Services, address: StatusAddress): Promise<Lists> {
  const { symbol, interval, class: reason, gapPage, beforeRun, restatedPage } = address;
  const versions = (page: number) => ({ limit: VERSIONS_PAGE, offset: (page - 1) * VERSIONS_PAGE });
  const [gaps, runs, revisions, conflicts, refusals] = await Promise.all([
    status.gaps({ symbol, interval, class: reason }, {
      limit: GAPS_PAGE,
      offset: (gapPage - 1) * GAPS_PAGE,
    }),
    status.runs({ limit: RUNS_PAGE, before: beforeRun }),
    status.revisions(versions(restatedPage)),
    status.conflicts(versions(1)),
    status.refusals(versions(1)),
  ]);
  return { gaps, runs, revisions, conflicts, refusals };
}

type State = Pick<StatusData, "size" | "machine" | "budget" | "failing">;

/** The database, the machine, the request budget and the series that cannot be collected. */
async function readState(services: Services): Promise<State> {
  const [size, machine, budget, failing] = await Promise.all([
    sharedRead(services, "size", () => services.status.size()),
    services.machine(),
    services.budget.read(),
    services.failing().catch(() => []),
  ]);
  return { size, machine, budget, failing };
}

/** Whole days, ending today. */
function recentScale(serverTime: EpochMs): StatusData["scale"] {
  const to = (Math.floor(serverTime / DAY_MS) + 1) * DAY_MS;
  return { range: { from: to - RECENT_DAYS * DAY_MS, to }, parts: RECENT_DAYS };
}

/** From the oldest stored or expected candle. */
function historyScale(series: readonly SeriesStatus[], serverTime: EpochMs): StatusData["scale"] {
  const from = Math.min(
    serverTime - DAY_MS,
    ...series.flatMap(({ since, firstOpenTime }) => since ?? firstOpenTime ?? []),
  );
  return { range: { from, to: serverTime }, parts: HISTORY_PARTS };
}
