import type { CollectionPlan } from "../collector/plan/collection_plan.ts";
import type { Interval } from "../core/interval.ts";
import { BACKGROUND_SHARE } from "../core/request_weight.ts";

const whole = (value: number) => Math.ceil(value).toLocaleString("en");

/** `2.3 GB` or `740 MB`. */
function bytesText(bytes: number): string {
  if (bytes < 1e9) return `${whole(bytes / 1e6)} MB`;
  return `${(bytes / 1e9).toLocaleString("en", { maximumFractionDigits: 1 })} GB`;
}

function hoursText(minutes: number): string {
  if (minutes < 1) return "under a minute";
  if (minutes < 90) return `about ${whole(minutes)} min`;
  return `about ${(minutes / 60).toLocaleString("en", { maximumFractionDigits: 1 })} h`;
}

/** Symbols and renames in one line, at most. */
const MAX_NAMED = 5;
const MAX_RENAMES = 10;

/** A plan for people. */
export function planLines(plan: CollectionPlan, intervals: readonly Interval[]): string[] {
  const { symbols, rest, archive, weightLimit } = plan;
  const pace = `at ${whole(weightLimit * BACKGROUND_SHARE)} of ${whole(weightLimit)} a minute`;
  return [
    `Symbols: ${whole(symbols.symbols.length)}`,
    ...choiceLines(plan),
    `Series: ${whole(plan.series)} (${intervals.join(", ")})`,
    `Candles: ${plan.undated > 0 ? "up to " : ""}${whole(plan.rows)} to collect, ${
      whole(plan.stored)
    } stored`,
    `By REST: ${whole(rest.requests)} requests, weight ${whole(rest.weight)} ${pace}: ${
      hoursText(rest.minutes)
    }`,
    archive === undefined
      ? "By archive: off (ARCHIVE_URL)"
      : `By archive: ${whole(archive.files)} files, ${bytesText(archive.bytes)}, and ${
        whole(archive.requests)
      } requests with weight ${whole(archive.weight)}: ${hoursText(archive.minutes)}`,
    ...diskLines(plan),
    ...noteLines(plan),
  ];
}

/** The groups, and the symbols that are named. */
function choiceLines({ symbols: { unknown, ...symbols } }: CollectionPlan): string[] {
  const choices = symbols.choices.filter(({ item }) => !unknown.includes(item));
  const isName = ({ item, symbols }: typeof choices[number]) => symbols[0] === item;
  const named = choices.filter(isName).map(({ item }) => item);
  const groups = choices.filter((choice) => !isName(choice));
  return [...named.length === 0 ? [] : [{ item: "by name", symbols: named }], ...groups].map((
    { item, symbols },
  ) => `  ${item.padEnd(18)} ${whole(symbols.length).padStart(6)}  ${listNames(symbols)}`);
}

function diskLines({ disk }: CollectionPlan): string[] {
  const { bytes, needed, rowBytes, isMeasured, free, fits } = disk;
  const source = isMeasured ? "measured" : "an average";
  const size = `${bytesText(bytes)} at ${whole(rowBytes)} bytes a candle (${source}), ${
    bytesText(needed)
  } with the database's log`;
  if (free === undefined) {
    return [`Disk: ${size}; the free space of the database's server is unknown`];
  }
  const verdict = fits ? "it fits" : "it does not fit: free some space, or select less";
  return [`Disk: ${size}; ${bytesText(free.bytes)} free in ${free.folder}: ${verdict}`];
}

function noteLines({ undated, renames, notes }: CollectionPlan): string[] {
  const lines: string[] = [];
  if (undated > 0) {
    lines.push(
      `Listing dates of ${
        whole(undated)
      } series are not known yet: all candles since July 2017 are ` +
        "counted for them",
    );
  }
  for (const { from, to, kind, reason } of renames.slice(0, MAX_RENAMES)) {
    const word = kind === "known" ? "Renamed" : "Perhaps renamed";
    lines.push(`${word}: ${from} to ${to} (${reason}); both stay separate series`);
  }
  if (renames.length > MAX_RENAMES) lines.push(`and ${renames.length - MAX_RENAMES} more renames`);
  return [...lines, ...notes.map((note) => `Note: ${note}`)];
}

/** For names that are probably misspelled. */
export function unknownLine(names: readonly string[]): string {
  const what = names.length === 1 ? "symbol" : "symbols";
  return `Cannot find ${what} on Binance: ${listNames(names)}; check --symbol or SYMBOLS`;
}

function listNames(names: readonly string[]): string {
  const more = names.length - MAX_NAMED;
  return names.slice(0, MAX_NAMED).join(", ") + (more > 0 ? ` and ${whole(more)} more` : "");
}
