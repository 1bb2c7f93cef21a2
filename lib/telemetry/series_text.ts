import { ageOf, freshnessOf } from "../core/freshness.ts";
import { bySeries, seriesName } from "../core/kline.ts";
import { SECOND_MS } from "../core/time.ts";
import type { SeriesCoverage } from "../ports/kline_reader.ts";
import type { RollupProof } from "../ports/rollup_ledger.ts";
import type { SeriesDisputes } from "../ports/status_reader.ts";
import type { Readings } from "./readings.ts";
import { GAP_CLASSES } from "./series_totals.ts";

/** A series with its labels as text. */
interface Labelled {
  readonly one: SeriesCoverage;
  readonly labels: string;
  readonly disputes: SeriesDisputes | undefined;
  readonly proof: RollupProof | undefined;
}

/** A gauge that has a value for each series. */
interface Family {
  readonly name: string;
  readonly help: string;
  /** Its lines for a series. */
  readonly lines: (series: Labelled, now: number) => string;
}

const gauge = (
  name: string,
  help: string,
  value: (series: Labelled, now: number) => number | undefined,
): Family => ({
  name,
  help,
  lines(series, now) {
    const found = value(series, now);
    return found === undefined ? "" : `${name}{${series.labels}} ${found}\n`;
  },
});

const FAMILIES: readonly Family[] = [
  gauge(
    "wick_series_age_seconds",
    "Time since the newest stored candle closed, by the exchange's clock",
    ({ one: { lastOpenTime, interval } }, now) =>
      lastOpenTime === undefined ? undefined : ageOf(lastOpenTime, interval, now) / SECOND_MS,
  ),
  gauge(
    "wick_series_stale",
    "1 while two candles in a row are overdue",
    ({ one: { lastOpenTime, interval } }, now) =>
      Number(freshnessOf(lastOpenTime, interval, now) === "stale"),
  ),
  gauge("wick_series_rows", "Stored candles", ({ one }) => one.rows),
  {
    name: "wick_series_holes",
    help: "Gaps, each of one or more candles",
    lines: ({ one: { gapCounts }, labels }) =>
      GAP_CLASSES.map((reason) =>
        `wick_series_holes{${labels},class="${reason}"} ${gapCounts[reason] ?? 0}\n`
      ).join(""),
  },
  gauge(
    "wick_series_conflicts",
    "Stored candles that differ in a less reliable source",
    ({ disputes }) => disputes?.conflicts ?? 0,
  ),
  gauge(
    "wick_series_refused_files",
    "Archive files that were refused or could not be fetched",
    ({ disputes }) => disputes?.refusedFiles ?? 0,
  ),
  gauge(
    "wick_series_rollup_differences",
    "Stored candles that differ from the sum of shorter ones",
    ({ proof }) => proof?.differing,
  ),
];

/** Names of the metrics that have a value for each series. */
export const SERIES_METRICS: readonly string[] = FAMILIES.map(({ name }) => name);

type SeriesReadings = Pick<Readings, "series" | "disputes" | "proofs" | "serverTime">;

/** Series whose lines are made at once, so that other requests are answered in between. */
const SERIES_PER_PART = 500;

/**
 * The metrics of each series as Prometheus text, in parts. They are not gauges of the client
 * library, which takes ten times as long for 80,000 values.
 */
export function* seriesText(
  { series, disputes, proofs, serverTime }: SeriesReadings,
  isWanted: (name: string) => boolean,
): Generator<string> {
  const disputed = bySeries(disputes);
  const proven = bySeries(proofs);
  const labelled: Labelled[] = [];
  for (let i = 0; i < series.length; i += SERIES_PER_PART) {
    for (const one of series.slice(i, i + SERIES_PER_PART)) {
      const name = seriesName(one);
      const labels = `symbol="${escape(one.symbol)}",interval="${one.interval}"`;
      labelled.push({ one, labels, disputes: disputed.get(name), proof: proven.get(name) });
    }
    yield "";
  }
  for (const { name, help, lines } of FAMILIES.filter((family) => isWanted(family.name))) {
    yield `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;
    for (let i = 0; i < labelled.length; i += SERIES_PER_PART) {
      yield labelled.slice(i, i + SERIES_PER_PART).map((one) => lines(one, serverTime)).join("");
    }
  }
}

const escape = (label: string) => label.replaceAll(/["\\]/g, "\\$&");
