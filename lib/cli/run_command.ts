import { AppError, describeError } from "../core/errors.ts";
import { withOfflineAdvice } from "../core/text/offline_words.ts";
import type { Wick } from "../composition/compose_wick.ts";
import type { Disk } from "../ports/host.ts";
import { auditCommand } from "./audit_command.ts";
import { collectCommand } from "./collect_command.ts";
import { exportCommand } from "./export_command.ts";
import { importCommand } from "./import_command.ts";
import { migrateCommand } from "./migrate_command.ts";
import { planCommand } from "./plan_command.ts";
import { statusCommand } from "./status_command.ts";
import { upgradeCommand } from "./upgrade_command.ts";
import { verifyCommand } from "./verify_command.ts";
import { type Command, type CommandIo, EXIT } from "./command.ts";

const COMMANDS: Record<string, Command> = {
  audit: auditCommand,
  collect: collectCommand,
  export: exportCommand,
  import: importCommand,
  migrate: migrateCommand,
  plan: planCommand,
  status: statusCommand,
  upgrade: upgradeCommand,
  verify: verifyCommand,
};

const HELP = `Usage: deno task <command> [options]

${Object.entries(COMMANDS).map(([name, { does }]) => `  ${name.padEnd(9)} ${does}`).join("\n")}

Run a command with --help for its options.`;

/** Time limit for a stopped command; after it, its connections are closed. */
const STOP_MS = 1_500;

/**
 * Runs one command as the whole process: returns its exit code after everything is closed. `signal`
 * stops it, unless it `isPatient`.
 */
export async function runCommand(
  wick: Wick,
  args: readonly string[],
  { signal, isPatient }: { readonly signal: AbortSignal; readonly isPatient: boolean },
): Promise<number> {
  const io: CommandIo = { out: lineWriter(Deno.stdout), err: toStderr, signal };
  const cut = new Promise<number>((resolve) => {
    if (isPatient) return;
    signal.addEventListener("abort", () => {
      setTimeout(() => {
        io.err(STOPPED);
        resolve(EXIT.failed);
      }, STOP_MS);
    });
  });
  try {
    return await Promise.race([executeCommand(wick, args, io), cut]);
  } finally {
    await wick.close();
  }
}

/** Runs one command and returns its exit code: 0 success, 1 failure, 2 invalid usage. */
export async function executeCommand(
  wick: Wick,
  [name = "--help", ...args]: readonly string[],
  io: CommandIo,
): Promise<number> {
  try {
    return await dispatch(wick, name, args, io);
  } catch (error) {
    // The reader of a pipe such as `… | head` has closed it: not a failure.
    if (error instanceof Deno.errors.BrokenPipe) return EXIT.done;
    return await reportFailure(wick, error, { ...io, isJson: args.includes("--json") });
  }
}

async function dispatch(wick: Wick, name: string, args: string[], io: CommandIo): Promise<number> {
  if (name === "--help" || name === "-h") {
    io.out(HELP);
    return EXIT.done;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name]! : undefined;
  if (command === undefined) {
    io.err(`Unknown command ${name}: available are ${Object.keys(COMMANDS).join(", ")}`);
    return EXIT.usage;
  }
  if (args.includes("--help") || args.includes("-h")) {
    io.out(command.help);
    return EXIT.done;
  }
  return await command.run(wick, args, io);
}

const STOPPED = "Stopped; candles stored so far are kept, and the next run continues from there";

async function reportFailure(
  wick: Wick,
  error: unknown,
  { out, err, signal, isJson }: CommandIo & { readonly isJson: boolean },
): Promise<number> {
  if (signal.aborted) {
    err(STOPPED);
    return EXIT.failed;
  }
  if (!(error instanceof AppError)) {
    err(error instanceof Error ? error.stack ?? error.message : String(error));
    return EXIT.failed;
  }
  const full = error.code === "store_unavailable" ? await findFullDisk(wick.disk) : "";
  const message = withOfflineAdvice(describeError(error), true) + full;
  err(message);
  if (isJson) out(JSON.stringify({ error: { code: error.code, message } }));
  return error.code === "invalid_input" ? EXIT.usage : EXIT.failed;
}

/** A server without disk space fails in many ways, mostly without naming the reason. */
async function findFullDisk(disk: Disk): Promise<string> {
  const space = await disk.read().catch(() => undefined);
  if (space === undefined || space.freeBytes > FULL_BYTES) return "";
  return `; the disk of ${space.folder} is full`;
}

/** Size of a write-ahead log segment: without space for one the server cannot continue. */
const FULL_BYTES = 16 * 1024 * 1024;

/** Writes whole lines synchronously. */
function lineWriter(stream: { writeSync(bytes: Uint8Array): number }) {
  const encoder = new TextEncoder();
  return (line: string) => {
    let bytes = encoder.encode(`${line}\n`);
    while (bytes.length > 0) bytes = bytes.subarray(stream.writeSync(bytes));
  };
}

const writeError = lineWriter(Deno.stderr);

function toStderr(line: string): void {
  try {
    writeError(line);
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error; // the reader has closed the pipe
  }
}
