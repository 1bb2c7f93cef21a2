import { endOf, type Interval, shiftOpen } from "../../../core/interval.ts";
import type { EpochMs } from "../../../core/time.ts";
import type { Move, MoveHrefs } from "../../../chart/model/view_facts.ts";
import { type ChartAddress, chartHref } from "../../components/href.ts";

export interface MoveContext {
  readonly address: ChartAddress;
  /** Interval of the displayed candles. */
  readonly interval: Interval;
  /** Open times of the first and the last displayed candle. */
  readonly first: EpochMs;
  readonly last: EpochMs;
  readonly candles: number;
  /** Open times of the first and the last stored candle. */
  readonly oldest: EpochMs;
  readonly newest: EpochMs;
}

/** Minimum number of candles for zooming in. */
const MIN_CANDLES = 20;

/** URLs of neighbouring charts; moves without a target have none. */
export function toMoveAddresses(context: MoveContext): Partial<Record<Move, ChartAddress>> {
  const { address, interval, first, last, candles, oldest, newest } = context;
  const { from: _, to, page: __, ...series } = address;
  const before = Math.max(0, shiftOpen(first, interval, -candles));
  return {
    ...first > oldest && { earlier: { ...series, from: before, to: first } },
    ...first > oldest && { out: { ...series, from: before, to } },
    ...candles > MIN_CANDLES && {
      in: { ...series, from: shiftOpen(first, interval, Math.floor(candles / 2)), to },
    },
    ...last < newest && { later: laterOf(series, context) },
    ...(address.from !== undefined || to !== undefined) && { reset: series },
  };
}

/** As many candles again; the newest ones when there are no more. */
function laterOf(
  series: ChartAddress,
  { interval, last, candles, newest }: MoveContext,
): ChartAddress {
  const from = endOf(last, interval);
  const to = shiftOpen(from, interval, candles);
  return to > newest ? { ...series, from } : { ...series, from, to };
}

export function toMoveHrefs(basePath: string, context: MoveContext): MoveHrefs {
  return Object.fromEntries(
    Object.entries(toMoveAddresses(context))
      .map(([move, address]) => [move, chartHref(basePath, address)]),
  );
}
