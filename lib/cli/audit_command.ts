import { z } from "zod";
import {
  exchangeReference,
  filesReference,
  storeReference,
} from "../collector/files/audit_reference.ts";
import { auditFile, type AuditReference } from "../collector/files/file_audit.ts";
import { isClean } from "../collector/files/running_audit.ts";
import type { Wick } from "../composition/compose_wick.ts";
import { FORMAT_IDS } from "../core/candle_formats.ts";
import { AppError, describeError } from "../core/errors.ts";
import type { NamedSeries } from "../ports/archive_source.ts";
import {
  type AuditOutcome,
  type AuditReport,
  describeAudit,
  describeTotal,
  toAuditJson,
} from "./audit_text.ts";
import { type Command, type CommandIo, EXIT } from "./command.ts";
import { candleFileFlags, candleFileSchema, readArguments } from "./flags.ts";
import { besideFile, writeOutput } from "./output_file.ts";

const HELP = `Usage: deno task audit FILE|FOLDER|PATTERN|postgres://… [options]

Compares candles in files with those of Binance, and prints for each series: candles that are equal,
rounded, different, open when they were stored, missing, invented, repeated, contradictory or off
the grid, and files in another time zone or of another market. Stores nothing. Reads the formats of
\`import\`.

  --offline            compare with the stored candles, without the exchange
  --against FILE       compare with the candles of this file or folder
  --symbol SYMBOL      symbol of files that do not state it
  --interval INTERVAL  interval of files that do not state it
  --table TABLE        table of a database; default: candle, as jesse names it
  --format FORMAT      ${FORMAT_IDS.join(", ")}
  --html FILE          also write a report as one HTML page; - is standard output
  --json               print one JSON document to standard output

Exit codes: 0 no difference, 1 differences or a file that could not be compared, 2 invalid usage.
Candles that neither the file nor the exchange has are outages, and no difference.`;

const flagsSchema = candleFileSchema.extend({
  offline: z.boolean().default(false),
  against: z.string().min(1).exactOptional(),
  html: z.string().min(1).exactOptional(),
});

const FLAGS = {
  ...candleFileFlags,
  offline: { type: "boolean" },
  against: { type: "string" },
  html: { type: "string" },
} as const;

/** `deno task audit`: compares other programs' candles with the exchange's. */
export const auditCommand: Command = {
  does: "compare candles in files with the exchange, and report what is wrong with them",
  help: HELP,
  async run(wick, args, own) {
    const { flags, files } = readArguments(args, FLAGS, flagsSchema);
    const { offline, against: other, html, json, ...named } = flags;
    const io = besideFile(own, { path: html, flag: "--html", json });
    if (files.length === 0) throw new AppError("invalid_input", "Name at least one file to audit");
    const { paths } = await wick.files.find(files);
    if (paths.length === 0) {
      throw new AppError("not_found", `Cannot find candle files in ${files.join(", ")}`);
    }
    if (offline && other !== undefined) {
      throw new AppError("invalid_input", "Use either --offline or --against");
    }
    const { reference, against } = await openReference(wick, { offline, other }, io.signal);
    const outcomes: AuditOutcome[] = [];
    for await (const outcome of auditAll(wick, paths, { named, reference }, io.signal)) {
      outcomes.push(outcome);
      if (!json) print(outcome, io);
      else if (outcome.error) io.err(describeError(outcome.error));
    }
    if (json) io.out(JSON.stringify({ against, files: outcomes.map(toJson) }));
    else io.out(describeTotal(outcomes, against));
    if (html !== undefined) {
      await writeReport(html, { outcomes, against, at: new Date() }, io.signal);
    }
    const isFine = outcomes.every(({ audit }) => audit !== undefined && isClean(audit));
    return isFine ? EXIT.done : EXIT.failed;
  },
};

interface Reference {
  readonly reference: AuditReference;
  /** Its name in messages. */
  readonly against: string;
}

async function openReference(
  { files, jobs }: Wick,
  { offline, other }: { readonly offline: boolean; readonly other: string | undefined },
  signal: AbortSignal,
): Promise<Reference> {
  if (offline) return { reference: storeReference(jobs.store), against: "the stored candles" };
  if (other === undefined) {
    return { reference: exchangeReference(jobs.openSource(), signal), against: "Binance" };
  }
  const opened = [];
  for (const path of (await files.find([other])).paths) {
    for (const one of await files.open(path, { isTolerant: true })) {
      if (one.error) throw one.error;
      opened.push(one.file);
    }
  }
  return { reference: await filesReference(opened, signal), against: other };
}

interface AuditOrder {
  readonly named: NamedSeries;
  readonly reference: AuditReference;
}

async function* auditAll(
  { files }: Wick,
  paths: readonly string[],
  { named, reference }: AuditOrder,
  signal: AbortSignal,
): AsyncGenerator<AuditOutcome> {
  for (const path of paths) {
    for (const opened of await files.open(path, { ...named, isTolerant: true })) {
      if (opened.error) yield { path: opened.path, error: opened.error };
      else yield await auditOne(opened.file, reference, signal);
    }
  }
}

/** An expected failure affects only its file, unless nothing can be compared any more. */
async function auditOne(
  file: Parameters<typeof auditFile>[0],
  reference: AuditReference,
  signal: AbortSignal,
): Promise<AuditOutcome> {
  try {
    return { path: file.path, audit: await auditFile(file, reference, signal) };
  } catch (error) {
    const isOwn = error instanceof AppError &&
      (error.code === "bad_payload" || error.code === "not_found");
    if (!isOwn || signal.aborted) throw error;
    return { path: file.path, error };
  }
}

function print({ audit, error }: AuditOutcome, { out, err }: CommandIo): void {
  if (error) return err(describeError(error));
  describeAudit(audit!).forEach((line) => out(line));
}

function toJson({ path, audit, error }: AuditOutcome) {
  if (audit) return { ...toAuditJson(audit), error: null };
  return { file: path, error: { code: error!.code, message: describeError(error!) } };
}

async function writeReport(path: string, report: AuditReport, signal: AbortSignal) {
  const { renderAuditPage } = await import("./audit_page.lazy.tsx");
  const page = new Blob([renderAuditPage(report)]);
  await writeOutput(path, page.stream(), signal);
}
