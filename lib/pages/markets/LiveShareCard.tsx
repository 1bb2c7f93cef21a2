import { useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { markCoinRow, watchCoinRows } from "../../chart/model/coin_rows.ts";
import { ShareCard } from "./ShareCard.tsx";
import { type CapPieOptions, useCapPie } from "../components/use_cap_pie.ts";

export interface LiveShareCardProps extends CapPieOptions {
  readonly kind: "pie" | "bars";
}

/** Shares as a ring or as bars; what is pointed at there and in the table shows in both. */
export function LiveShareCard({ kind, ...props }: LiveShareCardProps) {
  const { host, view, plot, pointed, time } = useCapPie(props);
  const slice = pointed.value === undefined ? undefined : view.value.slices[pointed.value];

  useEffect(() => {
    const abort = new AbortController();
    watchCoinRows((coin) => {
      const index = view.value.slices.findIndex(({ id }) => id === coin);
      pointed.value = index === -1 ? undefined : index;
    }, abort.signal);
    return () => abort.abort();
  }, []);
  useSignalEffect(() => {
    markCoinRow(pointed.value === undefined ? undefined : view.value.slices[pointed.value]?.id);
  });

  return (
    <ShareCard
      kind={kind}
      view={view.value}
      now={time.value}
      pointed={slice}
      isDrawn={plot.value !== undefined}
    >
      <div class="engine" ref={host} />
    </ShareCard>
  );
}
