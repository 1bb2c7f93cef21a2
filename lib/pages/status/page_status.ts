import { bySeries, type Series, seriesName } from "../../core/kline.ts";
import { DAY_MS, type EpochMs, type TimeRange } from "../../core/time.ts";
import type { BudgetState, FailingSeries } from "../../ports/boards.ts";
import type { StreamState } from "../../ports/close_streams.ts";
import type { Gap } from "../../ports/gap_ledger.ts";
import type { HostState, MachineState } from "../../ports/host.ts";
import type { ExchangeState } from "../../ports/kline_source.ts";
import type { RollupProof } from "../../ports/rollup_ledger.ts";
import type {
  DatabaseSize,
  GapGroup,
  KlineVersions,
  Newest,
  RefusedFile,
  Run,
  SeriesActivity,
  StatusReader,
} from "../../ports/status_reader.ts";
import type { Services } from "../../http/define.ts";
import { sharedRead } from "../../http/shared_read.ts";
import { type StripRun, toStrip } from "./coverage_runs.ts";
import { filterSeries, isFiltered, sortSeries } from "./series_list.ts";
import type { SeriesStatus } from "./series_status.ts";
import { toSeriesStatuses } from "./series_statuses.ts";
import { type SeriesSummary, summarise } from "./series_summary.ts";
import type { StatusAddress } from "./status_href.ts";

/** Series per page: as many as the default settings collect. */
export const SERIES_PAGE = 30;
export const GAPS_PAGE = 25;
export const RUNS_PAGE = 15;
export const VERSIONS_PAGE = 10;
const RECENT_DAYS = 90;
/** Parts of a strip over the full history: about its width in pixels. */
const HISTORY_PARTS = 180;

/** A series with what only the shown ones are read for. */
export interface ShownSeries extends SeriesStatus {
  readonly strip: readonly StripRun[];
  /** `undefined` without candles. */
  readonly activity: SeriesActivity | undefined;
  /** Comparison with a shorter interval; `undefined` if there is none yet. */
  readonly rollup: RollupProof | undefined;
}

/** One page of the series that match the filter. */
export interface SeriesPage {
  readonly total: number;
  readonly shown: readonly ShownSeries[];
  /** Range and number of parts of the strips. */
  readonly scale: StripScale;
}

export interface StripScale {
  readonly range: TimeRange;
  readonly parts: number;
}

/** All data of the status page. What is listed is bounded by the sizes of the pages. */
export interface StatusData {
  readonly address: StatusAddress;
  readonly summary: SeriesSummary;
  /** Number of symbols that are collected. */
  readonly symbols: number;
  /** Of the series whose candle closed last. */
  readonly newest: SeriesActivity | undefined;
  readonly series: SeriesPage;
  readonly gaps: GapList;
  readonly runs: readonly Run[];
  readonly revisions: Newest<KlineVersions>;
  readonly conflicts: Newest<KlineVersions>;
  readonly refusals: Newest<RefusedFile>;
  /** On this instance. */
  readonly watched: ReturnType<Services["live"]["watched"]>;
  readonly size: DatabaseSize;
  readonly machine: MachineState;
  readonly budget: BudgetState;
  readonly hosts: readonly HostState[];
  readonly streams: StreamState | undefined;
  readonly failing: readonly FailingSeries[];
  readonly exchange: ExchangeState;
  readonly serverTime: EpochMs;
  readonly now: EpochMs;
}

/** Gaps by the time that they share, or, of one such time, by series. */
export type GapList =
  | { readonly by: "time"; readonly gaps: Newest<WithImported<GapGroup>> }
  | { readonly by: "series"; readonly gaps: Newest<WithImported<Gap>> };

/** A gap, and the number of imported candles within it. */
type WithImported<Item> = Item & { readonly imported: number };

/** @throws `store_unavailable` */
export async function readStatus(services: Services, address: StatusAddress): Promise<StatusData> {
  const serverTime = services.exchange.serverTime();
  const symbols = await services.symbols.read();
  const [all, state] = await Promise.all([
    readSeries(services, symbols, serverTime),
    readState(services),
  ]);
  const summary = summarise(all, state.budget.limit);
  const matching = filterSeries(all, address.filter);
  const [{ newest, series }, lists] = await Promise.all([
    readSeriesPage(services, address, { summary, matching, serverTime }),
    readLists(services, address, matching),
  ]);
  return {
    address,
    summary,
    symbols: symbols.length,
    newest,
    series,
    ...lists,
    ...state,
    watched: services.live.watched(),
    hosts: services.hosts(),
    exchange: services.exchange.read(),
    serverTime,
    now: services.now(),
  };
}

/** Time for which the pages of the list share one reading of the catalogue. */
const CATALOGUE_MS = 1_000;

/** Every series, from the catalogue. */
function readSeries(
  services: Services,
  symbols: readonly string[],
  serverTime: EpochMs,
): Promise<SeriesStatus[]> {
  const { status, settings, reader } = services;
  return sharedRead(services, "series statuses", async () => {
    const [coverage, gapCounts] = await Promise.all([
      sharedRead(services, "extents", () => reader.extents()),
      status.gapCounts(),
    ]);
    return await toSeriesStatuses({ ...settings, symbols, coverage, gapCounts, serverTime });
  }, CATALOGUE_MS);
}

interface SeriesPageFacts {
  readonly summary: SeriesSummary;
  readonly matching: readonly SeriesStatus[];
  readonly serverTime: EpochMs;
}

async function readSeriesPage(
  { status, rollups }: Services,
  address: StatusAddress,
  { summary, matching, serverTime }: SeriesPageFacts,
): Promise<Pick<StatusData, "newest" | "series">> {
  const { sort, order, seriesPage } = address;
  const start = (seriesPage - 1) * SERIES_PAGE;
  const page = sortSeries(matching, sort, order).slice(start, start + SERIES_PAGE);
  const scale = address.isRecent ? recentScale(serverTime) : historyScale(summary, serverTime);
  const symbols = [...new Set(page.map(({ symbol }) => symbol))];
  const [activities, absence, proofs] = await Promise.all([
    status.activity(summary.newest === undefined ? page : [summary.newest, ...page]),
    status.absence(page, scale.range, scale.parts),
    rollups.proofs(symbols),
  ]);
  const activityOf = new Map(activities.map((one) => [seriesName(one), one]));
  const absent = Map.groupBy(absence, seriesName);
  const proofOf = bySeries(proofs);
  const shown = page.map((one): ShownSeries => {
    const name = seriesName(one);
    const strip = toStrip(one, absent.get(name) ?? [], scale);
    return { ...one, strip, activity: activityOf.get(name), rollup: proofOf.get(name) };
  });
  return {
    newest: summary.newest && activityOf.get(seriesName(summary.newest)),
    series: { total: matching.length, shown, scale },
  };
}

type Lists = Pick<StatusData, "gaps" | "runs" | "revisions" | "conflicts" | "refusals">;

/** Lists that the page shows in parts. */
async function readLists(
  { status }: Services,
  address: StatusAddress,
  matching: readonly SeriesStatus[],
): Promise<Lists> {
  const { filter, gapsAt, gapPage, beforeRun, restatedPage } = address;
  const versions = (page: number) => ({ limit: VERSIONS_PAGE, offset: (page - 1) * VERSIONS_PAGE });
  const gapFilter = {
    series: isFiltered({ ...filter, class: undefined }) ? matching : undefined,
    class: filter.class,
    from: gapsAt,
  };
  const page = { limit: GAPS_PAGE, offset: (gapPage - 1) * GAPS_PAGE };
  const weak = matching.filter(({ importedRows }) => importedRows > 0);
  const withImported = <Item extends GapKey>(gaps: Newest<Item>) => addImported(status, gaps, weak);
  const [gaps, runs, revisions, conflicts, refusals] = await Promise.all([
    gapsAt === undefined
      ? status.gapGroups(gapFilter, page).then(withImported)
        .then((gaps) => ({ by: "time" as const, gaps }))
      : status.gaps(gapFilter, page).then(withImported)
        .then((gaps) => ({ by: "series" as const, gaps })),
    status.runs({ limit: RUNS_PAGE, before: beforeRun }),
    status.revisions(versions(restatedPage)),
    status.conflicts(versions(1)),
    status.refusals(versions(1)),
  ]);
  return { gaps, runs, revisions, conflicts, refusals };
}

/** Of one series or of several. */
type GapKey = Pick<Gap, "from" | "to" | "class"> & Partial<Series>;

/** Adds the imported candles of `weak` series to their gaps. */
async function addImported<Item extends GapKey>(
  status: Pick<StatusReader, "importedIn">,
  { total, items }: Newest<Item>,
  weak: readonly Series[],
): Promise<Newest<WithImported<Item>>> {
  const parts = weak.length === 0 || items.length === 0 ? [] : await status.importedIn(items, weak);
  const isWithin = (gap: Item) => (part: GapKey) =>
    part.from === gap.from && part.to === gap.to && part.class === gap.class &&
    (gap.symbol ?? part.symbol) === part.symbol &&
    (gap.interval ?? part.interval) === part.interval;
  return {
    total,
    items: items.map((gap) => ({
      ...gap,
      imported: parts.filter(isWithin(gap)).reduce((sum, part) => sum + part.imported, 0),
    })),
  };
}

type State = Pick<StatusData, "size" | "machine" | "budget" | "failing" | "streams">;

/** The database, the machine, the request budget and the series that cannot be collected. */
async function readState(services: Services): Promise<State> {
  const [size, machine, budget, failing, streams] = await Promise.all([
    sharedRead(services, "size", () => services.status.size()),
    services.machine(),
    services.budget.read(),
    services.failing().catch(() => []),
    services.streams().catch(() => undefined),
  ]);
  return { size, machine, budget, failing, streams };
}

/** Whole days, ending today. */
function recentScale(serverTime: EpochMs): StripScale {
  const to = (Math.floor(serverTime / DAY_MS) + 1) * DAY_MS;
  return { range: { from: to - RECENT_DAYS * DAY_MS, to }, parts: RECENT_DAYS };
}

/** From the oldest stored or expected candle. */
function historyScale({ since }: SeriesSummary, serverTime: EpochMs): StripScale {
  const from = Math.min(serverTime - DAY_MS, since ?? serverTime);
  return { range: { from, to: serverTime }, parts: HISTORY_PARTS };
}
