import { join } from "node:path";
import { formatCursor, parseCursor } from "../core/cursor.ts";
import { AppError, describeError } from "../core/errors.ts";
import { type Series, seriesName } from "../core/kline.ts";
import { SECOND_MS, toIso } from "../core/time.ts";
import { VERSION } from "../core/version.ts";
import type { LakeSource, StoredSeries } from "../ports/lake_source.ts";
import { describeTypes, typesOf, withSizes } from "./decimal_types.ts";
import { type LakeFolder, listParquet, openLakeFolder, readText } from "./lake_folder.ts";
import {
  formatManifest,
  formatSums,
  type LakeSeries,
  type Manifest,
  MANIFEST_NAME,
  newManifest,
  parseManifest,
  sortSeries,
  SUMS_NAME,
} from "./lake_manifest.ts";
import { type ChooseTypes, updateSeries } from "./update_series.ts";

/** A process that is killed repeats the work of this time. */
const SAVE_MS = 5 * SECOND_MS;

export interface LakeUpdate {
  readonly root: string;
  /** Selects the series to bring up to date; `undefined`: every stored one. */
  readonly isSelected: ((series: Series) => boolean) | undefined;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Called after each series of which files were written. */
  readonly onSeries?: (series: LakeSeries, place: number, total: number) => void;
}

export interface LakeReport {
  /** In the lake. */
  readonly series: number;
  readonly files: number;
  readonly rows: number;
  /** By this run. */
  readonly written: number;
  readonly writtenRows: number;
  readonly writtenBytes: number;
  readonly removed: number;
  /** Series that could not be written, with the reason. */
  readonly failed: readonly string[];
}

/**
 * Brings a folder of Parquet files up to date with the stored candles: writes the files of periods
 * with new or corrected candles, and removes those of candles that are no longer stored.
 *
 * @throws `busy` while another process does so, `not_found` when no selected series is stored
 */
export async function updateLake(source: LakeSource, update: LakeUpdate): Promise<LakeReport> {
  const folder = await openLakeFolder(update.root, update.signal);
  let isComplete = false;
  try {
    const lake = new Lake(source, folder, update, await readManifest(update.root));
    const report = await lake.run();
    isComplete = true;
    return report;
  } finally {
    await folder.close(isComplete);
  }
}

async function readManifest(root: string): Promise<Manifest | undefined> {
  const text = await readText(root, MANIFEST_NAME);
  return text === undefined ? undefined : parseManifest(text, join(root, MANIFEST_NAME));
}

class Lake {
  readonly #source: LakeSource;
  readonly #folder: LakeFolder;
  readonly #update: LakeUpdate;
  readonly #series: Map<string, LakeSeries>;
  #manifest: Manifest;
  #isChanged: boolean;
  #savedAt = performance.now();
  #tally = { written: 0, writtenRows: 0, writtenBytes: 0, removed: 0 };
  #failed: string[] = [];

  constructor(
    source: LakeSource,
    folder: LakeFolder,
    update: LakeUpdate,
    manifest: Manifest | undefined,
  ) {
    this.#source = source;
    this.#folder = folder;
    this.#update = update;
    this.#isChanged = manifest === undefined;
    this.#manifest = manifest ?? newManifest();
    this.#series = new Map(this.#manifest.series.map((one) => [seriesName(one), one]));
  }

  async run(): Promise<LakeReport> {
    const stored = await this.#source.listStored();
    this.#requireOwn(stored);
    const wanted = this.#select(stored);
    // Identifies the folder as a lake before it has files.
    if (this.#isChanged) await this.#save();
    if (this.#folder.wasInterrupted) await this.#removeUnknown();
    try {
      await this.#removeGone(stored);
      await this.#updateAll(wanted);
      await this.#followSchema(stored);
    } catch (error) {
      await this.#save().catch(() => {}); // the first failure is reported
      throw error;
    }
    await this.#save();
    return this.#report();
  }

  /** The candles of another database would replace all of the lake. */
  #requireOwn(stored: readonly StoredSeries[]): void {
    if (this.#series.size === 0) return;
    const own = new Set(stored.map(({ lineage }) => lineage));
    const isOwn = [...this.#series.values()].some(({ cursor }) =>
      own.has([...parseCursor(cursor).keys()][0]!)
    );
    if (isOwn) return;
    throw new AppError(
      "invalid_input",
      `Cannot update ${this.#update.root}: none of its ${this.#series.size} series is in this ` +
        "database; choose another folder, or empty it to begin again",
    );
  }

  #select(stored: readonly StoredSeries[]): StoredSeries[] {
    const { isSelected, root } = this.#update;
    if (isSelected === undefined) return [...stored];
    const selected = stored.filter(isSelected);
    if (selected.length === 0 && ![...this.#series.values()].some(isSelected)) {
      throw new AppError("not_found", `Cannot update ${root}: no selected series is stored`);
    }
    return selected;
  }

  /** Files of a process that was killed before it had them in the manifest. */
  async #removeUnknown(): Promise<void> {
    const known = new Set(
      [...this.#series.values()].flatMap(({ files }) => files.map(({ path }) => path)),
    );
    const unknown: string[] = [];
    for await (const path of listParquet(this.#update.root)) {
      if (!known.has(path)) unknown.push(path);
    }
    for (const path of unknown) await this.#folder.remove(path);
  }

  /** Removes selected series that are not stored any more. */
  async #removeGone(stored: readonly StoredSeries[]): Promise<void> {
    const held = new Set(stored.map(seriesName));
    const { isSelected = () => true } = this.#update;
    for (const [name, { files, ...series }] of this.#series) {
      if (held.has(name) || !isSelected(series)) continue;
      this.#series.delete(name);
      this.#isChanged = true;
      for (const { path } of files) {
        await this.#folder.remove(path);
        this.#tally.removed++;
      }
    }
  }

  async #updateAll(series: readonly StoredSeries[]): Promise<void> {
    for (const [i, one] of series.entries()) {
      this.#update.signal.throwIfAborted();
      if (await this.#isCurrent(one)) continue;
      try {
        await this.#updateOne(one, i + 1, series.length);
      } catch (error) {
        if (!isOfOneFile(error)) throw error;
        this.#failed.push(describeError(error));
      }
    }
  }

  /** True when the lake has the series' last change, and its files are there. */
  async #isCurrent(series: StoredSeries): Promise<boolean> {
    const known = this.#series.get(seriesName(series));
    if (known === undefined) return series.rows === 0;
    if (known.cursor !== formatCursor([series])) return false;
    const sizes = await Promise.all(known.files.map(({ path }) => this.#folder.sizeOf(path)));
    return known.files.every(({ bytes, schema }, i) =>
      bytes === sizes[i] && schema === this.#manifest.schema
    );
  }

  async #updateOne(series: Series, place: number, total: number): Promise<void> {
    const name = seriesName(series);
    const snapshot = await this.#source.open(series);
    try {
      const { entry, written, removed } = await updateSeries(snapshot, this.#series.get(name), {
        folder: this.#folder,
        chooseTypes: this.#chooseTypes,
        schema: () => this.#manifest.schema,
      });
      this.#isChanged = true;
      if (entry.files.length > 0) this.#series.set(name, entry);
      else this.#series.delete(name);
      this.#tally.removed += removed.length;
      for (const { rows, bytes } of written) {
        this.#tally.written++;
        this.#tally.writtenRows += rows;
        this.#tally.writtenBytes += bytes;
      }
      if (written.length > 0) this.#update.onSeries?.(entry, place, total);
    } finally {
      await snapshot.close();
    }
    if (performance.now() - this.#savedAt > SAVE_MS) await this.#save();
  }

  #chooseTypes: ChooseTypes = (sizes) => {
    const digits = withSizes(this.#manifest.decimal_digits, sizes);
    const types = describeTypes(digits);
    const isWider = JSON.stringify(types) !== JSON.stringify(this.#manifest.decimal_types);
    this.#manifest = {
      ...this.#manifest,
      decimal_digits: digits,
      decimal_types: types,
      schema: this.#manifest.schema + (isWider ? 1 : 0),
    };
    return { types: typesOf(digits), schema: this.#manifest.schema };
  };

  /** Writes files with narrower types than others again. */
  async #followSchema(stored: readonly StoredSeries[]): Promise<void> {
    const isOld = (series: Series) =>
      this.#series.get(seriesName(series))?.files.some(({ schema }) =>
        schema !== this.#manifest.schema
      ) ?? false;
    for (let schema = 0; schema !== this.#manifest.schema;) {
      schema = this.#manifest.schema;
      await this.#updateAll(stored.filter(isOld));
    }
  }

  async #save(): Promise<void> {
    const series = sortSeries(this.#series.values());
    if (this.#isChanged) {
      const written_at = toIso(this.#update.now());
      this.#manifest = { ...this.#manifest, wick: VERSION, written_at, series };
      await this.#folder.placeText(MANIFEST_NAME, formatManifest(this.#manifest));
      this.#isChanged = false;
    }
    const sums = formatSums(this.#manifest);
    if (await readText(this.#update.root, SUMS_NAME) !== sums) {
      await this.#folder.placeText(SUMS_NAME, sums);
    }
    this.#savedAt = performance.now();
  }

  #report(): LakeReport {
    const { series } = this.#manifest;
    return {
      series: series.length,
      files: series.reduce((sum, { files }) => sum + files.length, 0),
      rows: series.reduce((sum, { rows }) => sum + rows, 0),
      ...this.#tally,
      failed: this.#failed,
    };
  }
}

/** Failures that concern one path; a disk that is full or broken fails for all. */
const OF_ONE_PATH = new Set(["EACCES", "EPERM", "EBUSY", "EISDIR", "ENOTDIR", "ENAMETOOLONG"]);

function isOfOneFile(error: unknown): boolean {
  const cause = error instanceof AppError ? error.cause : undefined;
  return cause instanceof Error && OF_ONE_PATH.has((cause as { code?: string }).code ?? "");
}
