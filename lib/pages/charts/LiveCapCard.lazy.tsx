import { CapCard } from "./CapCard.tsx";
import { type CapPieOptions, useCapPie } from "../components/use_cap_pie.ts";

/** Card with the market caps of the configured coins, updated without a reload. */
export function LiveCapCard(props: CapPieOptions) {
  const { host, view, plot, pointed, time } = useCapPie(props);
  return (
    <CapCard
      view={view.value}
      now={time.value}
      pointed={pointed.value === undefined ? undefined : view.value.slices[pointed.value]}
      isDrawn={plot.value !== undefined}
    >
      <div class="engine" ref={host} />
    </CapCard>
  );
}
