import type { SymbolRecord } from "../core/universe/symbol_record.ts";
import { linkRenames, type Rename } from "../core/universe/renames.ts";
import type { UniverseProgress } from "../ports/universe.ts";
import type { Services } from "./define.ts";

/** All symbols, their renames, and how far the look-up is. */
export interface Universe extends UniverseProgress {
  readonly records: readonly SymbolRecord[];
  readonly renames: readonly Rename[];
}

/** It changes with listings, and is read for every page of a list. */
const FRESH_MS = 5_000;

/** Shared by concurrent and successive requests. */
export async function readUniverse(
  { answers, universe }: Pick<Services, "answers" | "universe">,
): Promise<Universe> {
  return await answers.get("read universe", async () => {
    const [records, progress] = await Promise.all([universe.list(), universe.progress()]);
    return { records, renames: linkRenames(records), ...progress };
  }, { freshMs: FRESH_MS });
}
