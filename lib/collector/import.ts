import { AppError } from "../core/errors.ts";
import type { Series } from "../core/kline.ts";
import { type EpochMs, SECOND_MS } from "../core/time.ts";
import type { KlineFile, MarketSymbol } from "../ports.ts";
import type { CollectorDeps } from "./collect.ts";
import { executeRun, type JobDeps, type JobReport } from "./run.ts";
import { storeFile } from "./store_file.ts";

export interface ImportJobDeps extends JobDeps {
  readonly now: () => EpochMs;
}

/** What an import did; `rows` candles are in the file. */
export interface ImportReport extends JobReport {
  readonly rows: number;
}

/** An import needs the exchange for its clock only: without an answer it goes on. */
const PATIENCE_MS = 5 * SECOND_MS;

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
  let rows = 0;
  const report = await executeRun({ ...deps, origin: file.origin }, "import", async (step) => {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    await makeKnown(step, file, patience);
    const serverTime = await step.source.serverTime(patience).catch(() => deps.now());
    signal.throwIfAborted();
    rows = await storeFile(step, file, serverTime, signal);
    return new Map();
  }, signal);
  return { ...report, rows };
}

async function makeKnown(
  { source, store }: CollectorDeps,
  file: KlineFile,
  patience: AbortSignal,
): Promise<void> {
  const isKnown = await store.openSeries(file).then(() => true, (error) => {
    if (error instanceof AppError && error.code === "not_found") return false;
    throw error;
  });
  if (isKnown) return;
  const listed = await source.listSymbols(patience).catch(() => undefined);
  const found = listed?.find(({ symbol }) => symbol === file.symbol);
  if (found === undefined && listed !== undefined && file.origin === "file") {
    throw new AppError("not_found", `Cannot find symbol on Binance: ${file.symbol}`);
  }
  await store.saveSymbols([found ?? unlisted(file)]);
  await store.openSeries(file);
}

/** Until the exchange says which assets a symbol is made of: guessing by its end goes wrong. */
function unlisted({ symbol }: Series): MarketSymbol {
  return {
    ...{ symbol, baseAsset: symbol, quoteAsset: "", status: "UNKNOWN" },
    ...{ tickSize: undefined, stepSize: undefined },
  };
}
