import { AppError } from "../core/errors.ts";
import { KLINE_COLUMNS, seriesName } from "../core/kline.ts";
import { toIso } from "../core/time.ts";
import type { ExportQuery, KlineExporter, OpenExport } from "../ports.ts";
import { copyOut } from "./copy_out.ts";
import type { Db, Loan } from "./database.ts";
import { bound } from "./_time_bound.ts";

/**
 * Exports as `COPY … TO STDOUT`, each on a connection of `exports` so that slow readers starve
 * nobody; `db` is for cancelling. One snapshot gives version, count and bytes.
 */
export function createKlineExporter(db: Db, exports: Db): KlineExporter {
  return {
    async open(query) {
      const loan = await exports.lend();
      try {
        await loan.query("begin isolation level repeatable read read only");
        // Along the key, rather than all rows sorted first: the first byte leaves at once, and no
        // export takes memory or disk for a sort.
        await loan.query("set local enable_sort = off");
        await loan.query("set local enable_seqscan = off");
        return await openExport(db, loan, query);
      } catch (error) {
        const isBroken = await loan.query("rollback").then(() => false, () => true);
        loan.release({ isBroken });
        throw error;
      }
    },
  };
}

async function openExport(db: Db, loan: Loan, query: ExportQuery): Promise<OpenExport> {
  const range = [bound(query.from, "-infinity"), bound(query.to, "infinity")] as const;
  const head = await readHead(loan, query, range);
  const own = `symbol_id = ${head.symbol_id} and interval = '${query.interval}'
    and open_time >= '${range[0]}' and open_time < '${range[1]}'`;
  const sql = `copy (${selectOf(query)} from ${versionsOf(query, own)}
    order by k.open_time) to stdout ${COPY_FORMAT[query.format]}`;
  let isCancelled = false;
  const close = async () => {
    await loan.query("commit");
    // A cancellation may arrive after the statement's end, and would hit the next one.
    loan.release({ isBroken: isCancelled });
  };
  return {
    version: head.version,
    rows: head.rows,
    gaps: head.gaps,
    close,
    bytes() {
      const bytes = copyOut(loan.client, sql, {
        onCancel() {
          isCancelled = true;
          db.query(CANCEL, [head.pid]).catch(() => {}); // it drains
        },
        async onEnd(error) {
          if (error === undefined) await close().catch(() => loan.release({ isBroken: true }));
          else loan.release({ isBroken: true });
        },
      });
      return query.format === "json" ? toJsonArray(bytes) : bytes;
    },
  };
}

/** The candles as they are, or as they were known at a time: each version was good until replaced. */
function versionsOf({ asOf }: ExportQuery, own: string): string {
  if (asOf === undefined) return `klines k where ${own}`;
  const columns = KLINE_COLUMNS.join();
  const time = `'${toIso(asOf)}'`;
  return `(
    select ${columns} from klines where ${own} and stored_at <= ${time}
    union all
    select ${columns} from kline_revisions
    where ${own} and stored_at <= ${time} and replaced_at > ${time}
  ) k`;
}

interface Head {
  /** Of the server's process: behind a pooler, the one that this transaction has. */
  readonly pid: number;
  readonly symbol_id: number;
  readonly version: number;
  readonly rows: number;
  readonly gaps: number;
}

/**
 * The whole series is counted already; a part of it is a stretch of the primary key. A candle had
 * the versions of its revisions before its own, so what was known at a time counts once.
 */
async function readHead(loan: Loan, query: ExportQuery, range: readonly [string, string]) {
  const isWhole = query.from === undefined && query.to === undefined && query.asOf === undefined;
  const [head] = await loan.query<Head>(
    `select pg_backend_pid() as pid, symbol_id, version,
       ${
      isWhole ? "row_count" : `(select count(*) from klines k
         where k.symbol_id = s.symbol_id and k.interval = s.interval
           and k.open_time >= $3 and k.open_time < $4 and k.stored_at <= $5)
       + (select count(*) from kline_revisions r
         where r.symbol_id = s.symbol_id and r.interval = s.interval and r.open_time >= $3
           and r.open_time < $4 and r.stored_at <= $5 and r.replaced_at > $5)`
    } as rows,
       (select count(*) from gaps g where g.symbol_id = s.symbol_id and g.interval = s.interval
         and g.to_time > $3 and g.from_time < $4) as gaps
     from series s join symbols using (symbol_id) where symbol = $1 and interval = $2`,
    isWhole
      ? [query.symbol, query.interval, ...range]
      : [query.symbol, query.interval, ...range, bound(query.asOf, "infinity")],
  );
  if (head) return head;
  throw new AppError("not_found", `Cannot export ${seriesName(query)}: it is not collected here`);
}

/** Only while it is an export: behind a pooler, somebody else's statement may run there next. */
const CANCEL = "select pg_cancel_backend(pid) from pg_stat_activity " +
  "where pid = $1 and query ilike 'copy (%'";

const COPY_FORMAT: Record<ExportQuery["format"], string> = {
  csv: "(format csv, header true)",
  binance: "(format csv)",
  // Text format with the lines as they are: JSON of these values holds no backslash to escape.
  ndjson: "(format text)",
  json: "(format text)",
};

/** `2024-01-01T00:00:00.000Z` */
export const isoTime = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const msTime = (column: string) => `(extract(epoch from ${column}) * 1000)::bigint`;

function selectOf({ format, time }: ExportQuery): string {
  const isTime = (column: string) => column.endsWith("_time");
  if (format === "binance") {
    return `select ${KLINE_COLUMNS.map((c) => isTime(c) ? msTime(c) : c)}, 0`;
  }
  const write = time === "ms" ? msTime : isoTime;
  if (format === "csv") {
    return `select ${KLINE_COLUMNS.map((c) => isTime(c) ? `${write(c)} as ${c}` : c)}`;
  }
  const fields = KLINE_COLUMNS.map((column) => {
    if (isTime(column)) return `"${column}":${time === "ms" ? "%s" : '"%s"'}`;
    return `"${column}":${column === "number_of_trades" ? "%s" : '"%s"'}`;
  });
  const values = KLINE_COLUMNS.map((column) => isTime(column) ? write(column) : column);
  return `select format('{${fields}}', ${values})`;
}

const [OPEN, CLOSE, COMMA, LINE_FEED] = ["[\n", "]\n", ",\n", 10].map((part) =>
  typeof part === "number" ? Uint8Array.of(part) : new TextEncoder().encode(part)
) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];

/** Lines of JSON → one JSON array, a line per element. */
function toJsonArray(lines: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  let isFirst = true;
  let endsLine = false;
  return lines.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, out) {
        if (isFirst) out.enqueue(OPEN);
        isFirst = false;
        if (endsLine) out.enqueue(COMMA);
        endsLine = chunk.at(-1) === 10;
        const text = new TextDecoder().decode(endsLine ? chunk.subarray(0, -1) : chunk);
        out.enqueue(new TextEncoder().encode(text.replaceAll("\n", ",\n")));
      },
      flush(out) {
        if (isFirst) out.enqueue(OPEN);
        if (endsLine) out.enqueue(LINE_FEED);
        out.enqueue(CLOSE);
      },
    }),
  );
}
