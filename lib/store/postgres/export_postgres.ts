import type { KlineColumn } from "../../core/kline.ts";
import type { EpochMs, TimeRange } from "../../core/time.ts";
import type {
  DecimalSize,
  ExportQuery,
  KlineExporter,
  LineBlock,
  OpenExport,
} from "../../ports/kline_exporter.ts";
import { type OwnHead, readHeads } from "./_export_head.ts";
import {
  copyLines,
  copyTuples,
  DECIMAL_COLUMNS,
  MEASURING,
  selectBlocks,
  selectDigits,
  type Slice,
} from "./_export_sql.ts";
import { partsOf } from "./_export_parts.ts";
import { PART_ROWS } from "./_time_parts.ts";
import { copyOut } from "./connection/copy_out.ts";
import type { Db, Loan } from "./connection/database.ts";

/**
 * Exports as `COPY … TO STDOUT`, each on a connection of `exports` so that slow readers starve
 * nobody; descriptions, which may count all rows, come from `heavy`, and `db` cancels. One snapshot gives heads and bytes. What
 * has to be computed of a long series is, some `partRows` rows at a time.
 */
export function createKlineExporter(
  db: Db,
  exports: Db,
  { partRows = PART_ROWS, heavy = db }: { readonly partRows?: number; readonly heavy?: Db } = {},
): KlineExporter {
  return {
    describe: (query) => heavy.snapshot((tx) => readHeads(tx, query)),
    async open(query) {
      const loan = await exports.lend();
      try {
        await loan.beginSnapshot();
        const heads = await readHeads(loan, query);
        const settings = query.after === undefined ? ALONG_THE_KEY : "";
        const [{ pid } = { pid: 0 }] = await loan.query<{ pid: number }>(`${OWN_PID}${settings}`);
        return createOpenExport(db, { loan, pid, partRows }, query, heads);
      } catch (error) {
        const isBroken = await loan.query("rollback").then(() => false, () => true);
        loan.release({ isBroken });
        throw error;
      }
    },
  };
}

/**
 * Rather than all rows sorted first: the first byte leaves at once, and no export takes memory or
 * disk for a sort. (Changes since a cursor are few, and found by another index.)
 */
const ALONG_THE_KEY =
  ", set_config('enable_sort', 'off', true), set_config('enable_seqscan', 'off', true)";

/** Of the server's process: behind a pooler, the one that this transaction has. */
const OWN_PID = "select pg_backend_pid() as pid";
/** Only while it is an export: behind a pooler, somebody else's statement may run there next. */
const CANCEL = `select pg_cancel_backend(pid) from pg_stat_activity
  where pid = $1 and (query ilike 'copy (%' or query like '${MEASURING}%')`;

/** Rows of a block: some 2 MB of CSV. */
const BLOCK_ROWS = 16_384;

function createOpenExport(
  db: Db,
  { loan, pid, partRows }: { loan: Loan; pid: number; partRows: number },
  query: ExportQuery,
  heads: readonly OwnHead[],
): OpenExport {
  let isBroken = false;
  let isClosed = false;
  /** Settles with the statement that runs last. */
  let running: Promise<void> | undefined;
  const stop = () => {
    // The cancellation may arrive after the statement's end, and would hit the next one.
    isBroken = true;
    (loan.server ?? db).query(CANCEL, [pid]).catch(() => {}); // it drains
  };
  const copy = (sql: string) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    running = promise;
    return copyOut(loan.client, sql, {
      onCancel: stop,
      onEnd(error) {
        isBroken ||= error !== undefined;
        running = undefined;
        resolve();
        return Promise.resolve();
      },
    });
  };
  const ask = async <T>(question: Promise<T>): Promise<T> => {
    running = question.then(() => {}, () => {});
    try {
      return await question;
    } catch (error) {
      isBroken = true;
      throw error;
    } finally {
      running = undefined;
    }
  };
  const sliceOf = (index: number, part: Partial<TimeRange> = {}): Slice => {
    const { symbolId, interval, afterVersion } = heads[index]!;
    const { from, to, asOf } = { ...query, ...part };
    return { symbolId, interval, from, to, asOf, afterVersion };
  };
  const partsAt = (index: number) => partsOf(sliceOf(index), heads[index]!, partRows);
  return {
    heads,
    lines: (index, layout, part) => copy(copyLines(sliceOf(index, part), layout)),
    tuples: (index, sizes) => copy(copyTuples(sliceOf(index), sizes)),
    async *measure(indexes) {
      const digits = new DigitCount();
      for (const [i, part] of indexes.flatMap(partsAt).entries()) {
        if (i > 0) yield;
        const [row] = await ask(loan.query<DigitRow>(selectDigits(part)));
        digits.add(row!);
      }
      return digits.sizes();
    },
    async blocks(index, layout) {
      const blocks: LineBlock[] = [];
      for (const part of partsAt(index)) {
        blocks.push(...await ask(readBlocks(loan, selectBlocks(part, layout, BLOCK_ROWS))));
      }
      return blocks;
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      if (running && !isBroken) stop();
      await running;
      if (!isBroken) await loan.query("commit").catch(() => isBroken = true);
      loan.release({ isBroken });
    },
  };
}

type DigitRow = Record<string, string | number | null>;

/** The most digits that the parts of an export have. */
class DigitCount {
  readonly #most = new Map(DECIMAL_COLUMNS.map((column) => [column, { whole: 1, scale: 0 }]));

  /** Takes what `selectDigits` gives. */
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

async function readBlocks(loan: Loan, sql: string): Promise<LineBlock[]> {
  const rows = await loan.query<{ open_time: EpochMs; bytes: number }>(sql);
  return rows.map(({ open_time, bytes }) => ({ from: open_time, bytes }));
}
