import type { KlineColumn } from "../../../core/kline.ts";
import type { EpochMs, TimeRange } from "../../../core/time.ts";
import type {
  DecimalSize,
  ExportQuery,
  KlineExporter,
  LineBlock,
  LineLayout,
  OpenExport,
} from "../../../ports/kline_exporter.ts";
import type { LakeSource, Period, Survey } from "../../../ports/lake_source.ts";
import { type OwnHead, readHeads } from "./_export_head.ts";
import type { SymbolIds } from "../series_postgres.ts";
import {
  copyLines,
  copyTuples,
  DECIMAL_COLUMNS,
  MEASURING,
  selectBlocks,
  selectDigits,
  selectPeriods,
  selectSurvey,
  type Slice,
} from "./_export_sql.ts";
import { partWithin } from "./time_bound.ts";
import { cutTimes, PART_ROWS } from "../time_parts.ts";
import { copyOut } from "../connection/copy_out.ts";
import type { Db, Loan } from "../connection/database.ts";

/**
 * Exports as `COPY … TO STDOUT`, each on a connection of `exports`, so that slow readers hold up no
 * other query. Descriptions, which may count all rows, come from `heavy`; `db` cancels statements.
 * One snapshot gives heads and bytes. Statements that read a long series without sending rows do so
 * some `partRows` rows at a time.
 */
export function createKlineExporter(
  db: Db,
  exports: Db,
  { partRows = PART_ROWS, heavy = db }: { readonly partRows?: number; readonly heavy?: Db } = {},
): KlineExporter {
  const ids: SymbolIds = new Map();
  return {
    describe: (query) => heavy.snapshot((tx) => readHeads(tx, ids, query)),
    open: (query) => openSnapshot({ db, exports, ids, partRows }, query),
  };
}

/** Series for files that are brought up to date, read on the connections of exports. */
export function createLakeSource(db: Db, exports: Db): LakeSource {
  const ids: SymbolIds = new Map();
  return {
    listStored: () =>
      db.query(
        `select symbol, interval, lineage, version, row_count as rows
         from series join symbols using (symbol_id) order by symbol, interval`,
      ),
    async open(series) {
      const query: ExportQuery = { series: [series], format: "parquet" };
      const snapshot = await openSnapshot({ db, exports, ids, partRows: PART_ROWS }, query);
      const [head] = snapshot.heads;
      return {
        head: head!,
        survey: (part) => snapshot.survey(part),
        changedPeriods: (period, after) => snapshot.changedPeriods(period, after),
        tuples: (sizes, part) => snapshot.tuples(0, sizes, part),
        close: () => snapshot.close(),
      };
    },
  };
}

interface SnapshotParts extends Pick<SnapshotOptions, "db" | "partRows"> {
  readonly exports: Db;
  readonly ids: SymbolIds;
}

async function openSnapshot(
  { db, exports, ids, partRows }: SnapshotParts,
  query: ExportQuery,
): Promise<Snapshot> {
  const loan = await exports.lend();
  try {
    await loan.beginSnapshot();
    const heads = await readHeads(loan, ids, query);
    const settings = query.after === undefined ? ALONG_THE_KEY : "";
    const [{ pid } = { pid: 0 }] = await loan.query<{ pid: number }>(`${OWN_PID}${settings}`);
    return new Snapshot({ db, loan, pid, partRows, query, heads });
  } catch (error) {
    const isBroken = await loan.query("rollback").then(() => false, () => true);
    loan.release({ isBroken });
    throw error;
  }
}

/**
 * Avoids sorting all rows first: the first byte is sent immediately, and no export takes memory or
 * disk for a sort. (Changes since a cursor are few, and use another index.)
 */
const ALONG_THE_KEY =
  ", set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true)";

/** Of the server process; behind a pooler, the one used by this transaction. */
const OWN_PID = "select pg_backend_pid() as pid";
/**
 * Only while it is an export: behind a pooler, a statement of another client may run there next.
 */
const CANCEL = `select pg_cancel_backend(pid) from pg_stat_activity
  where pid = $1 and (query ilike 'copy (%' or query like '${MEASURING}%')`;

/** Rows of a block: about 2 MB of CSV. */
const BLOCK_ROWS = 16_384;

interface SnapshotOptions {
  /** Cancels statements of `loan`, unless that has a server to ask. */
  readonly db: Db;
  readonly loan: Loan;
  readonly pid: number;
  readonly partRows: number;
  readonly query: ExportQuery;
  readonly heads: readonly OwnHead[];
}

/** An export whose transaction is open on `loan`. */
class Snapshot implements OpenExport {
  readonly heads: readonly OwnHead[];
  readonly #options: SnapshotOptions;
  #isBroken = false;
  #isClosed = false;
  /** Settles with the statement that runs last. */
  #running: Promise<void> | undefined;

  constructor(options: SnapshotOptions) {
    this.#options = options;
    this.heads = options.heads;
  }

  lines(index: number, layout: LineLayout, part?: Partial<TimeRange>): ReadableStream<Uint8Array> {
    return this.#copy(copyLines(this.#sliceOf(index, part), layout));
  }

  tuples(
    index: number,
    sizes: ReadonlyMap<KlineColumn, DecimalSize>,
    part?: Partial<TimeRange>,
  ): ReadableStream<Uint8Array> {
    return this.#copy(copyTuples(this.#sliceOf(index, part), sizes));
  }

  async *measure(
    indexes: readonly number[],
  ): AsyncGenerator<undefined, Map<KlineColumn, DecimalSize>> {
    const digits = new DigitCount();
    for (const [i, part] of indexes.flatMap((index) => this.#partsAt(index)).entries()) {
      if (i > 0) yield;
      const [row] = await this.#query<DigitRow>(selectDigits(part));
      digits.add(row!);
    }
    return digits.sizes();
  }

  /** Counts and measures a part of the first series. */
  async survey(part: TimeRange): Promise<Survey> {
    const [row] = await this.#query<SurveyRow>(selectSurvey(this.#sliceOf(0, part)));
    const { rows, first, last, ...digits } = row!;
    const count = new DigitCount();
    count.add(digits);
    return {
      rows,
      firstOpenTime: first ?? undefined,
      lastOpenTime: last ?? undefined,
      sizes: count.sizes(),
    };
  }

  /** Periods of the first series that have changed after a version. */
  async changedPeriods(period: Period, after: number): Promise<EpochMs[]> {
    const changed = { ...this.#sliceOf(0), afterVersion: after };
    const rows = await this.#query<{ begin: EpochMs }>(selectPeriods(changed, period));
    return rows.map(({ begin }) => begin);
  }

  async blocks(index: number, layout: LineLayout): Promise<LineBlock[]> {
    const blocks: LineBlock[] = [];
    for (const part of this.#partsAt(index)) {
      const sql = selectBlocks(part, layout, BLOCK_ROWS);
      const rows = await this.#query<{ open_time: EpochMs; bytes: number }>(sql);
      blocks.push(...rows.map(({ open_time, bytes }) => ({ from: open_time, bytes })));
    }
    return blocks;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { loan } = this.#options;
    if (this.#running && !this.#isBroken) this.#stop();
    await this.#running;
    if (!this.#isBroken) await loan.query("commit").catch(() => this.#isBroken = true);
    loan.release({ isBroken: this.#isBroken });
  }

  #sliceOf(index: number, part: Partial<TimeRange> = {}): Slice {
    const { symbolId, interval, afterVersion, within, derived, imported } = this.heads[index]!;
    const { asOf } = this.#options.query;
    const range = { ...this.#options.query, ...part };
    // The parts of derived candles are whole.
    const { from, to } = derived === undefined ? partWithin(range, within) : range;
    const isImported = imported !== undefined;
    return { symbolId, interval, base: derived?.from, isImported, from, to, asOf, afterVersion };
  }

  #partsAt(index: number): Slice[] {
    const { derived } = this.heads[index]!;
    if (derived !== undefined) return derived.parts.map((part) => this.#sliceOf(index, part));
    return partsOf(this.#sliceOf(index), this.heads[index]!, this.#options.partRows);
  }

  #copy(sql: string): ReadableStream<Uint8Array> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#running = promise;
    return copyOut(this.#options.loan.client, sql, {
      onCancel: () => this.#stop(),
      onEnd: (error) => {
        this.#isBroken ||= error !== undefined;
        this.#running = undefined;
        resolve();
        return Promise.resolve();
      },
    });
  }

  async #query<Row extends object>(sql: string): Promise<Row[]> {
    const question = this.#options.loan.query<Row>(sql);
    this.#running = question.then(() => {}, () => {});
    try {
      return await question;
    } catch (error) {
      this.#isBroken = true;
      throw error;
    } finally {
      this.#running = undefined;
    }
  }

  #stop(): void {
    // The cancellation may arrive after the statement's end, and would hit the next one.
    this.#isBroken = true;
    const { db, loan, pid } = this.#options;
    (loan.server ?? db).query(CANCEL, [pid]).catch(() => {}); // it drains
  }
}

type DigitRow = Record<string, string | number | null>;

type SurveyRow = DigitRow & {
  readonly rows: number;
  readonly first: EpochMs | null;
  readonly last: EpochMs | null;
};

/** The maximum digits over the parts of an export. */
class DigitCount {
  readonly #most = new Map(DECIMAL_COLUMNS.map((column) => [column, { whole: 1, scale: 0 }]));

  /** Accepts the result of `selectDigits`. */
  add(row: DigitRow): void {
    for (const [column, digits] of this.#most) {
      const largest = String(row[`${column}_largest`] ?? "0");
      digits.whole = Math.max(digits.whole, largest.split(".")[0]!.length);
      digits.scale = Math.max(digits.scale, Number(row[`${column}_scale`]));
    }
  }

  sizes(): Map<KlineColumn, DecimalSize> {
    const sizes = [...this.#most].map(([column, { whole, scale }]) =>
      [column, { precision: whole + scale, scale }] as const
    );
    return new Map<KlineColumn, DecimalSize>(sizes);
  }
}

/**
 * Cuts a range into parts of about `partRows` rows each. The outer ends stay unchanged, so no row
 * is lost.
 */
function partsOf(
  slice: Slice,
  { rows, firstOpenTime, lastOpenTime }: OwnHead,
  partRows: number,
): Slice[] {
  if (firstOpenTime === undefined || lastOpenTime === undefined) return [slice];
  const cuts = cutTimes(
    {
      from: Math.max(firstOpenTime, slice.from ?? -Infinity),
      to: Math.min(lastOpenTime + 1, slice.to ?? Infinity),
    },
    rows,
    partRows,
  );
  return [slice.from, ...cuts].map((from, i) => ({ ...slice, from, to: cuts[i] ?? slice.to }));
}
