import type { KlineFile } from "../ports/archive_source.ts";
import { findForeignMarket, foreignMarket } from "./market_evidence.ts";
import { type ExchangeContact, prepareOffline } from "./offline.ts";
import { executeRun, type JobDeps, type JobReport } from "./run.ts";
import { type FileDigest, type FileRows, storeFile } from "./store_file.ts";

export interface ImportJobDeps extends JobDeps {
  readonly contact: ExchangeContact;
  /** The user vouches for spot candles: signs of another market are recorded, not obeyed. */
  readonly isSpot?: boolean;
}

/** What an import did, and what was in the file. */
export interface ImportReport extends JobReport, FileRows {
  /** Signs of another market that the user overrode. */
  readonly overridden: readonly string[];
}

/**
 * Stores the closed candles of a file as a run of its own, all or none of them; see `storeFile`. Rows
 * that are no candle are left out and make the run a partial one.
 *
 * @throws `bad_payload` for a file that cannot be trusted or is about another market, `not_found` for a
 *   symbol that the exchange does not have and that no checked file of its archive is about
 */
export async function runImport(
  deps: ImportJobDeps,
  file: KlineFile,
  signal: AbortSignal,
): Promise<ImportReport> {
  let found: FileRows = { rows: 0, before: 0, repeated: 0, refused: [] };
  let overridden: readonly string[] = [];
  const report = await executeRun({ ...deps, origin: file.origin }, "import", async (step) => {
    const admit = async (digest: FileDigest) => {
      const reasons = await findForeignMarket(step, file, digest, deps.contact);
      if (reasons.length > 0 && !deps.isSpot) throw foreignMarket(file.path, reasons);
      overridden = reasons;
      if (reasons.length > 0) {
        await deps.runs.note(step.runId, `${file.path} imported as spot: ${reasons.join("; ")}`);
      }
      // Not before: a file that is refused leaves no empty series behind.
      return await prepareOffline(step, file, deps.contact);
    };
    found = await storeFile(step, file, { admit }, signal);
    return describeRefused(file.path, found.refused);
  }, signal);
  return { ...report, ...found, overridden };
}

function describeRefused(path: string, refused: readonly string[]): ReadonlyMap<string, Error> {
  if (refused.length === 0) return new Map();
  return new Map([[path, new Error(`${refused.length} invalid rows skipped, ${refused[0]}`)]]);
}
