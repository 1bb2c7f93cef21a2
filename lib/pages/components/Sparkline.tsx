import { lineThrough } from "../../chart/svg/path_text.ts";

/** A line through recent closes, with a dotted line at the first one. */
export function Sparkline({ values }: { readonly values: readonly number[] }) {
  const line = toSparkline(values);
  if (line === undefined) return <span class="spark" />;
  const isUp = values.at(-1)! >= values[0]!;
  return (
    <svg
      class={`spark ${isUp ? "up" : "down"}`}
      viewBox={`0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path class="spark-start" d={`M0 ${line.baseline}H${SPARK_WIDTH}`} />
      <path class="spark-line" d={line.path} />
    </svg>
  );
}

const SPARK_WIDTH = 100;
const SPARK_HEIGHT = 24;
/** Margin for the line's own width. */
const EDGE = 2;

interface Sparkline {
  readonly path: string;
  /** Height of the first value, for a line to compare with. */
  readonly baseline: number;
}

/** A line through `values`, oldest first, over the whole width; empty for fewer than two values. */
export function toSparkline(values: readonly number[]): Sparkline | undefined {
  if (values.length < 2) return undefined;
  const low = Math.min(...values);
  const range = Math.max(...values) - low || 1;
  const x = (i: number) => Math.round(i / (values.length - 1) * SPARK_WIDTH);
  const y = (value: number) =>
    Math.round(SPARK_HEIGHT - EDGE - (value - low) / range * (SPARK_HEIGHT - 2 * EDGE));
  const baseline = y(values[0]!);
  return { path: lineThrough(values.map((value, i) => [x(i), y(value)])), baseline };
}
