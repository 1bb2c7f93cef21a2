import { type CapFacts, unpackCaps } from "./cap_facts.ts";
import { CapCard } from "./CapCard.tsx";
import { type CapPieOptions, useCapPie } from "../components/use_cap_pie.ts";

export interface LiveCapCardProps extends Omit<CapPieOptions, "coins" | "rows"> {
  readonly caps: readonly CapFacts[];
}

/** Card with the market caps of the configured coins, updated without a reload. */
export function LiveCapCard({ caps, ...props }: LiveCapCardProps) {
  const { host, view, plot, pointed, time } = useCapPie({ ...props, ...unpackCaps(caps) });
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
