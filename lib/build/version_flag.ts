import { VERSION } from "../core/version.ts";
import { printLine } from "../log.ts";

/** Answers `--version`: prints wick's version and ends the process before it opens anything. */
export function answerVersion(args: readonly string[]): void {
  if (!args.includes("--version")) return;
  printLine(`wick ${VERSION}`);
  Deno.exit(0);
}
