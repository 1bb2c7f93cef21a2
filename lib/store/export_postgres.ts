import type { KlineColumn } from "../core/kline.ts";
import type { EpochMs, TimeRange } from "../core/time.ts";
import type { DecimalSize, ExportQuery, KlineExporter, LineBlock, OpenExport } from "../ports.ts";
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
import { copyOut } from "./copy_out.ts";
import type { Db, Loan } from "./database.ts";

/**
 * Exports as `COPY … TO STDOUT`, each on a connection of `exports` so that slow readers starve
 * nobody; `db` is for everything short, cancelling included. One snapshot gives heads and bytes.
 */
export function createKlineExporter(db: Db, exports: Db): KlineExporter {
  return {
    describe: (query) => db.snapshot((tx) => readHeads(tx, query)),
    async open(query) {
      const loan = await exports.lend();
      try {
        await loan.query("begin isolation level repeatable read read only");
        const heads = await readHeads(loan, query);
        const settings = query.after === undefined ? ALONG_THE_KEY : "";
        const [{ pid } = { pid: 0 }] = await loan.query<{ pid: number }>(`${OWN_PID}${settings}`);
        return createOpenExport(db, { loan, pid }, query, heads);
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
  { loan, pid }: { loan: Loan; pid: number },
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
  return {
    heads,
    lines: (index, layout, part) => copy(copyLines(sliceOf(index, part), layout)),
    tuples: (index, sizes) => copy(copyTuples(sliceOf(index), sizes)),
    measure: () => ask(measure(loan, heads.map((_, index) => sliceOf(index)))),
    blocks: (index, layout) =>
      ask(readBlocks(loan, selectBlocks(sliceOf(index), layout, BLOCK_ROWS))),
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

async function measure(loan: Loan, slices: readonly Slice[]) {
  const most = new Map(DECIMAL_COLUMNS.map((column) => [column, { whole: 1, scale: 0 }]));
  for (const slice of slices) {
    const [row] = await loan.query<Record<string, string | number | null>>(selectDigits(slice));
    for (const [column, digits] of most) {
      const largest = String(row![`${column}_largest`] ?? "0");
      digits.whole = Math.max(digits.whole, largest.split(".")[0]!.length);
      digits.scale = Math.max(digits.scale, Number(row![`${column}_scale`]));
    }
  }
  const sizes = [...most].map(([column, { whole, scale }]) =>
    [column, { precision: whole + scale, scale }] as const
  );
  return new Map<KlineColumn, DecimalSize>(sizes);
}

async function readBlocks(loan: Loan, sql: string): Promise<LineBlock[]> {
  const rows = await loan.query<{ open_time: EpochMs; bytes: number }>(sql);
  return rows.map(({ open_time, bytes }) => ({ from: open_time, bytes }));
}
