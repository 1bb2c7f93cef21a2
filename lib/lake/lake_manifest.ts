import { z } from "zod";
import { AppError } from "../core/errors.ts";
import { intervalRule } from "../core/parameter_rules.ts";
import { type Series, seriesName } from "../core/kline.ts";
import { parseCursor } from "../core/cursor.ts";
import { VERSION } from "../core/version.ts";
import { describeTypes, USUAL_DIGITS } from "./decimal_types.ts";

/** Names that begin with `_` are no data to readers of partitioned files. */
export const MANIFEST_NAME = "_manifest.json";
export const SUMS_NAME = "_SHA256SUMS";

/** Version of the manifest's own layout. */
const FORMAT = 1;

/** Paths of a lake's files. */
export const LAKE_PATH = /^symbol=[^/]+\/interval=[^/]+\/year=\d{4}\/[\d-]+\.parquet$/;

const countRule = z.int().nonnegative();
const timeRule = z.iso.datetime();

const fileSchema = z.object({
  path: z.string().regex(LAKE_PATH),
  rows: countRule,
  first_open_time: timeRule,
  last_open_time: timeRule,
  bytes: countRule,
  sha256: z.hash("sha256"),
  /** The number of the schema that the file was written with. */
  schema: countRule,
});

const seriesSchema = z.object({
  symbol: z.string().min(1),
  interval: intervalRule,
  /** The state of the series that its files hold, as `X-Wick-Next-Cursor` of an export. */
  cursor: z.string().refine(isCursor, "is not a cursor"),
  rows: countRule,
  files: z.array(fileSchema),
});

const manifestSchema = z.object({
  format: z.literal(FORMAT),
  wick: z.string(),
  written_at: timeRule,
  /** Grows when a column needs a wider type; then all files are written again. */
  schema: countRule,
  decimal_types: z.record(z.string(), z.string()),
  decimal_digits: z.record(z.string(), z.object({ whole: countRule, places: countRule })),
  series: z.array(seriesSchema),
});

export type LakeFile = z.output<typeof fileSchema>;
export type LakeSeries = z.output<typeof seriesSchema>;
export type Manifest = z.output<typeof manifestSchema>;

export function newManifest(): Manifest {
  return {
    format: FORMAT,
    wick: VERSION,
    written_at: new Date(0).toISOString(),
    schema: 1,
    decimal_types: describeTypes(USUAL_DIGITS),
    decimal_digits: USUAL_DIGITS,
    series: [],
  };
}

/** @throws `bad_payload` for a file that is no manifest of this version */
export function parseManifest(text: string, path: string): Manifest {
  const fail = (reason: string) =>
    new AppError(
      "bad_payload",
      `Cannot read ${path}: ${reason}; write the lake to an empty folder instead`,
    );
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw fail("it is not JSON");
  }
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw fail(`${issue!.path.join(".") || "it"}: ${issue!.message}`);
}

/** One line per file and series, so that a difference is easy to read. */
export function formatManifest({ series, ...head }: Manifest): string {
  const entries = series.map(({ files, ...one }) => {
    const lines = files.map((file) => `      ${JSON.stringify(file)}`).join(",\n");
    return `    ${JSON.stringify(one).slice(0, -1)},"files":[\n${lines}\n    ]}`;
  });
  const top = Object.entries(head).map(([key, value]) => `  "${key}": ${JSON.stringify(value)},`);
  return `{\n${top.join("\n")}\n  "series": [\n${entries.join(",\n")}\n  ]\n}\n`;
}

/** Lines that `sha256sum --check` reads. */
export function formatSums({ series }: Manifest): string {
  return series.flatMap(({ files }) => files)
    .map(({ sha256, path }) => `${sha256}  ${path}\n`).join("");
}

/** By symbol and interval. */
export function sortSeries(series: Iterable<LakeSeries>): LakeSeries[] {
  const nameOf = (one: Series) => seriesName(one);
  return [...series].toSorted((a, b) => nameOf(a) < nameOf(b) ? -1 : 1);
}

function isCursor(text: string): boolean {
  try {
    return parseCursor(text).size === 1;
  } catch {
    return false;
  }
}
