import { basename } from "node:path";
import { runBackfill, runCollect, runRepair } from "../../lib/collector/jobs.ts";
import { endOf, type Interval, isInterval } from "../../lib/core/interval.ts";
import { parseTime, toIso } from "../../lib/core/time.ts";
import type { Gap } from "../../lib/ports/gap_ledger.ts";
import { startSimulator } from "../../packages/simulator/simulator.ts";
import { createKlineReader } from "../../lib/store/postgres/reading/read_postgres.ts";
import { compareRows, storedRows, testJobs } from "../../lib/testing/collector.ts";
import { createTestDatabase } from "../../lib/testing/database/postgres.ts";
import { type Check, printCheck } from "../check.ts";

/** A file's row in the table of the folder's README. */
interface Expected {
  readonly rows: number;
  readonly duplicates: number;
  readonly breaks: number;
  readonly missing: number;
  readonly offGrid: number;
  /** `2017-09-06T15:00 7`: the last open time before a gap, and the number of missing candles. */
  readonly gaps: readonly string[] | undefined;
}

/**
 * Files of saved candles, each served by the simulator, collected, repaired twice, and compared
 * with the counts in the README.
 */
export async function soakReplay([folder]: string[]): Promise<Check[]> {
  if (folder === undefined) throw new Error("Which folder of CSV files?");
  const readme = await Deno.readTextFile(`${folder}/../README.md`);
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  const checks: Check[] = [];
  for (const name of names) {
    const check = await replay(`${folder}/${name}`, expectedOf(readme, name));
    printCheck(check);
    checks.push(check);
  }
  const failed = checks.filter(({ isMet }) => !isMet);
  return [{
    claim: `${names.length} files of saved candles are stored unchanged, with their gaps`,
    isMet: failed.length === 0,
    found: `${failed.length} differ`,
  }];
}

async function replay(path: string, expected: Expected): Promise<Check> {
  const [, symbol, interval] = /^([A-Z0-9]+)-(\w+?)[.-]/.exec(basename(path))!;
  if (!isInterval(interval!)) throw new Error(`What interval is ${interval}?`);
  const series = { symbol: symbol!, interval: interval as Interval };
  await using simulator = await startSimulator({ csv: [path] });
  const { db, close } = await createTestDatabase();
  const jobs = testJobs(db, [simulator.url]);
  const signal = AbortSignal.timeout(300_000); // paging must end
  await runCollect(jobs, [series], signal);
  await runBackfill(jobs, [series], signal);
  const requests = simulator.requests.list({ path: "klines" }).length;
  const again = [
    await runRepair(jobs, [series], signal),
    await runCollect(jobs, [series], signal),
    await runBackfill(jobs, [series], signal),
    await runRepair(jobs, [series], signal),
  ];
  const rewritten = again.reduce((sum, { new: added, corrected }) => sum + added + corrected, 0);
  const stored = await storedRows(db, series);
  const served = simulator.candles(series.symbol, series.interval).map((row) => row.slice(0, 11));
  const gaps = await jobs.gaps.list({});
  const [coverage] = await createKlineReader(db).coverage();
  await close();
  const problems = [
    compareRows(stored, served),
    differ("distinct candles", stored.length, expected.rows - expected.duplicates),
    differ(
      "missing candles",
      gaps.reduce((sum, { missing }) => sum + missing, 0),
      expected.missing,
    ),
    differ("off the grid", coverage!.offGrid, expected.offGrid),
    differ("pending gaps", gaps.filter((gap) => gap.class === "pending").length, 0),
    differ("rows rewritten by four more runs", rewritten, 0),
    expected.gaps === undefined
      ? differ("gaps", gaps.length, expected.breaks)
      : differ("list of gaps", gaps.map(nameOf).join("; "), expected.gaps.join("; ")),
  ].filter((problem) => problem !== "");
  return {
    claim: basename(path),
    isMet: problems.length === 0,
    found: problems.join("; ") ||
      `${stored.length} rows, ${gaps.length} gaps (${expected.missing} candles), ` +
        `${coverage!.offGrid} off the grid, ${requests} requests`,
  };
}

function differ(what: string, found: number | string, expected: number | string): string {
  return found === expected ? "" : `${what}: ${found} instead of ${expected}`;
}

/** The ledger knows the end of the last candle before a gap. */
function nameOf({ from, interval, missing }: Gap): string {
  const length = endOf(from, interval) - from;
  return `${toIso(from - length).slice(0, 16)} ${missing}`;
}

function expectedOf(readme: string, name: string): Expected {
  const line = readme.split("\n").find((text) => text.startsWith(`| ${name} `));
  if (line === undefined) throw new Error(`The README does not know ${name}`);
  const cells = line.split("|").map((cell) => cell.trim());
  const [breaks, missing] = cells[6]!.split("/").map(Number);
  const count = (pattern: RegExp) => Number(pattern.exec(cells[7]!)?.[1] ?? 0);
  return {
    rows: Number(cells[3]),
    duplicates: count(/(\d+) dup rows/),
    breaks: breaks!,
    missing: missing!,
    offGrid: count(/(\d+) misaligned opens/) || (name.includes("-2h.") ? 22 : 0),
    gaps: gapsOf(readme, name),
  };
}

/** Names of the files in the list of gaps. */
const LISTS: Record<string, string> = {
  geoffreygarrett: "BTCUSDT 1h to 2020-12 (geoffreygarrett)",
  deadhead065: "BTCUSDT 1h 2020-12 to 2021-08 (deadhead065 tail)",
  chrisrusu1: "BTCUSDT 2h",
  imjsaw: "BTCUSDT 4h",
  "ADAUSDT-4h": "ADAUSDT 4h (saved 2026)",
  maxbeyer1: "ETHUSDT 1h (maxbeyer1)",
  "LUNAUSDT-1h": "LUNAUSDT 1h",
  "USDCUSDT-1h": "USDCUSDT 1h",
  "BTCUSDT-1h-2023-03": "BTCUSDT 1h 2023-03",
};

function gapsOf(readme: string, name: string): string[] | undefined {
  const [, title] = Object.entries(LISTS).find(([part]) => name.includes(part)) ?? [];
  const text = readme.split("\n").find((line) => title && line.startsWith(`${title}: `));
  if (text === undefined) return undefined;
  return [...text.matchAll(/(\d{4}-\d\d-\d\d \d\d:\d\d) -> [^(]+\((-?[\d.]+)\)/g)]
    .filter(([, , missing]) => Number(missing) > 0) // a negative one is an overlap
    .map(([, before, missing]) =>
      `${toIso(parseTime(before!.replace(" ", "T"))).slice(0, 16)} ${Math.floor(Number(missing))}`
    );
}
