import type { KlineFile } from "../ports/archive_source.ts";
import { type ExchangeContact, prepareOffline } from "./offline.ts";
import { executeRun, type JobDeps, type JobReport } from "./run.ts";
import { type FileRows, storeFile } from "./store_file.ts";

export interface ImportJobDeps extends JobDeps {
  readonly contact: ExchangeContact;
}

/** What an import did, and what was in the file. */
export interface ImportReport extends JobReport, FileRows {}

/**
 * Stores the closed candles of a file as a run of its own, all or none of them; see `storeFile`.
 *
 * @throws `bad_payload` for a file that cannot be trusted, `not_found` for a symbol that the exchange
 *   does not have and that no checked file of its archive is about
 */
export async function runImport(
  deps: ImportJobDeps,
  file: KlineFile,
  signal: AbortSignal,
): Promise<ImportReport> {
  let found: FileRows = { rows: 0, before: 0 };
  const report = await executeRun({ ...deps, origin: file.origin }, "import", async (step) => {
    const serverTime = await prepareOffline(step, file, deps.contact);
    found = await storeFile(step, file, { serverTime }, signal);
    return new Map();
  }, signal);
  return { ...report, ...found };
}
