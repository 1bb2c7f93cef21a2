import { KLINE_COLUMNS, type KlineColumn } from "../../../core/kline.ts";
import { shiftOpen } from "../../../core/interval.ts";
import { type EpochMs, type TimeRange, toIso } from "../../../core/time.ts";
import type { CandleQuery, DerivedColumns } from "../../../ports/kline_reader.ts";
import { AS_COLUMNS, AS_NUMBERS } from "./_column_sql.ts";
import { findDerivation, stepsOf } from "./_derivation.ts";
import { summedRows } from "../rollups/rollup_sql.ts";
import type { Db, Queryable } from "../connection/database.ts";
import { symbolIdOf, type SymbolIds } from "../series_postgres.ts";

/**
 * Reads candles of a series that is not stored, made of a shorter one: the oldest with `from`,
 * otherwise the newest. `undefined` for a series that is stored.
 *
 * @throws `not_found` when no stored interval divides that of the series
 */
export async function readDerived(
  db: Db,
  ids: SymbolIds,
  query: CandleQuery,
): Promise<DerivedColumns | undefined> {
  const { symbol, interval, from, limit } = query;
  const symbolId = await symbolIdOf(db, ids, symbol);
  return await db.snapshot(async (tx) => {
    const derivation = await findDerivation(tx, { symbol, interval, symbolId }, query);
    if (derivation === undefined) return undefined;
    const { base, lineage, version, ranges, omitted } = derivation;
    const grid = { interval, base };
    const isOldest = from !== undefined;
    const order = isOldest ? "asc" : "desc";
    const steps = stepsOf(ranges, grid);
    const sources = { symbolId, grid, order } as const;
    const found: Record<KlineColumn, number[]>[] = [];
    let missing = limit;
    for (const step of isOldest ? steps : steps.toReversed()) {
      if (missing === 0) break;
      const columns = await readStep(tx, sources, step, missing);
      missing -= columns.open_time.length;
      found.push(columns);
    }
    const columns = join(isOldest ? found : found.toReversed());
    return {
      mark: { lineage, version },
      ranges,
      columns: { symbol, interval, ...columns },
      derivedFrom: base,
      omitted: opensWithin(omitted, interval, columns.open_time),
    };
  });
}

async function readStep(
  tx: Queryable,
  { symbolId, grid, order }: {
    readonly symbolId: number;
    readonly grid: Parameters<typeof summedRows>[0];
    readonly order: "asc" | "desc";
  },
  { from, to }: TimeRange,
  limit: number,
): Promise<Record<KlineColumn, number[]>> {
  const source = `klines k where symbol_id = $1 and interval = '${grid.base}'
    and open_time >= $2 and open_time < $3`;
  const [columns] = await tx.query<Record<KlineColumn, number[]>>(
    `select ${AS_COLUMNS} from (
       select ${AS_NUMBERS} from (${summedRows(grid, source)}) k
       order by k.open_time ${order} limit $4
     ) own`,
    [symbolId, toIso(from), toIso(to), limit],
  );
  return columns!;
}

function join(
  found: readonly Record<KlineColumn, number[]>[],
): Record<KlineColumn, number[]> {
  const entries = KLINE_COLUMNS.map((column) => [column, found.flatMap((one) => one[column])]);
  return Object.fromEntries(entries) as Record<KlineColumn, number[]>;
}

/** Open times of candles that are left out between those that were found. */
function opensWithin(
  omitted: readonly TimeRange[],
  interval: CandleQuery["interval"],
  opens: readonly EpochMs[],
): EpochMs[] {
  const [first = 0, last = 0] = [opens[0], opens.at(-1)];
  const left: EpochMs[] = [];
  for (const { from, to } of omitted) {
    for (let open = from; open < to; open = shiftOpen(open, interval, 1)) {
      if (open > first && open < last) left.push(open);
    }
  }
  return left;
}
