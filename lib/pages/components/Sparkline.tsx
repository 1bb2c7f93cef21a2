import { SPARK_HEIGHT, SPARK_WIDTH, toSparkline } from "../../chart/svg/sparkline.ts";

/** A line through recent closes, with where it began dotted. */
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
