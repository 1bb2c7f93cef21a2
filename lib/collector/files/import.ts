import { AppError } from "../../core/errors.ts";
import type { KlineFile } from "../../ports/archive_source.ts";
import type { ImportedStore } from "../../ports/imported_store.ts";
import { findForeignMarket, foreignMarket } from "./market_evidence.ts";
import { type ExchangeContact, prepareOffline } from "./offline.ts";
import { executeRun, type JobDeps, type JobReport } from "../run.ts";
import { type FileDigest, type FileRows, storeFile } from "./store_file.ts";

export interface ImportJobDeps extends JobDeps {
  readonly contact: ExchangeContact;
  /** The user's statement that the candles are spot: signs of another market are only recorded. */
  readonly isSpot?: boolean;
  /** Store of candles with missing columns or digits. */
  readonly imported: ImportedStore;
}

/** The result of an import, and the content of the file. */
export interface ImportReport extends JobReport, FileRows {
  /** Signs of another market that the user overrode. */
  readonly overridden: readonly string[];
}

/**
 * Stores the closed candles of a file as one run, all or none of them; see `storeFile`. Invalid
 * rows are skipped and make the run partial.
 * @throws `bad_payload` for an invalid file or one of another market, `not_found` for a symbol that
 * the exchange does not have, unless a verified archive file contains it
 */
export async function runImport(
  deps: ImportJobDeps,
  file: KlineFile,
  signal: AbortSignal,
): Promise<ImportReport> {
  let found = NOTHING;
  let overridden: readonly string[] = [];
  const report = await executeRun({ ...deps, origin: file.origin }, "import", async (step) => {
    const admit = async (digest: FileDigest) => {
      const reasons = await findForeignMarket(step, file, digest, deps.contact);
      if (reasons.length > 0 && !deps.isSpot) throw foreignMarket(file.path, reasons);
      overridden = reasons;
      if (reasons.length > 0) {
        await deps.runs.note(step.runId, `${file.path} imported as spot: ${reasons.join("; ")}`);
      }
      // Only now, so that a rejected file leaves no empty series behind.
      return await prepareOffline(step, file, deps.contact).catch((error) => {
        throw isUnlisted(error) ? unlisted(file) : error;
      });
    };
    found = await storeFile(step, file, { admit, imported: deps.imported }, signal);
    const notes = describeImported(file, found);
    if (notes !== undefined) await deps.runs.note(step.runId, notes);
    return describeRefused(file.path, found.refused);
  }, signal);
  return { ...report, ...found, overridden };
}

const isUnlisted = (error: unknown) => error instanceof AppError && error.code === "not_found";

function unlisted({ path, symbol }: KlineFile): AppError {
  return new AppError(
    "not_found",
    `Cannot import ${path}: Binance has no symbol ${symbol}; if the file's name was misread, pass ` +
      "--symbol",
  );
}

const NOTHING: FileRows = {
  rows: 0,
  before: 0,
  repeated: 0,
  refused: [],
  findings: [],
  imported: undefined,
};

/** Findings about a file and the number of its weaker candles, for the run history. */
function describeImported(file: KlineFile, { findings, imported }: FileRows): string | undefined {
  const weak = imported === undefined
    ? []
    : [`${imported.new + imported.improved} candles kept apart from the exchange's`];
  const clauses = [...weak, ...findings];
  return clauses.length === 0 ? undefined : `${file.path} (${file.format}): ${clauses.join("; ")}`;
}

function describeRefused(path: string, refused: readonly string[]): ReadonlyMap<string, Error> {
  if (refused.length === 0) return new Map();
  return new Map([[path, new Error(`${refused.length} invalid rows skipped, ${refused[0]}`)]]);
}
