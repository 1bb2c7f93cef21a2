import type { ComponentChildren } from "preact";
import type { EpochMs } from "../../core/time.ts";
import { type CapSlice, capTitle, type CapView, NO_COINS } from "../components/cap_view.ts";
import { CapLegend } from "./CapLegend.tsx";
import { CapSource } from "../components/CapSource.tsx";
import { Donut } from "../components/Donut.tsx";
import { PieCentre } from "../components/PieCentre.tsx";

export interface CapCardProps {
  readonly view: CapView;
  readonly now: EpochMs;
  /** The slice under the pointer. */
  readonly pointed: CapSlice | undefined;
  /** Whether `children`, a drawing by script, stands in for the picture. */
  readonly isDrawn: boolean;
  readonly children: ComponentChildren;
}

/** Ring, legend, age and source of the market caps. */
export function CapCard({ view, now, pointed, isDrawn, children }: CapCardProps) {
  return (
    <section class="card caps" aria-labelledby="caps-title">
      <header class="card-head">
        <h2 id="caps-title">Market caps</h2>
        <p>{capTitle(view)}</p>
      </header>
      <div class="caps-body">
        <div class="pie" data-ready={isDrawn ? "" : undefined} hidden={view.slices.length === 0}>
          <Donut view={view} />
          {children}
          <PieCentre view={view} pointed={pointed} />
        </div>
        {view.slices.length + view.missing.length === 0
          ? <p class="nothing">{NO_COINS}</p>
          : <CapLegend view={view} pointed={pointed} />}
      </div>
      <CapSource view={view} now={now} />
    </section>
  );
}
