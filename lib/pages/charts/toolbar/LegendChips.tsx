import type { ComponentChildren } from "preact";
import { overlayLabel, overlayName } from "../../../core/overlay.ts";
import type { Study } from "../../../chart/model/study.ts";
import type { Interval } from "../../../core/interval.ts";
import type { ChartAddress } from "../../../core/chart_address.ts";
import { chartHref } from "../../components/href.ts";
import { Icon } from "../../components/Icon.tsx";
import { hintOf, OverlayMenu, toggled } from "./OverlayMenu.tsx";

export interface LegendChipsProps {
  readonly basePath: string;
  readonly address: ChartAddress;
  readonly studies: readonly Study[];
  /** Of the candles shown. */
  readonly interval: Interval;
  /** The value of one of the studies. */
  readonly valueOf: (study: Study, index: number) => ComponentChildren;
}

/** The overlays, each with its newest value and a button to remove it. */
export function LegendChips(props: LegendChipsProps) {
  const { basePath, address, studies, interval, valueOf } = props;
  return (
    <div class="legend">
      <ul class="chips" aria-label="Overlays">
        {studies.map((study, i) => {
          const label = overlayLabel(study.overlay);
          return (
            <li
              key={overlayName(study.overlay)}
              class="chip"
              title={hintOf(study.overlay, interval)}
            >
              <svg class="chip-line" viewBox="0 0 18 8" aria-hidden="true">
                <path class={`study study-${i + 1}`} d="M0 4h18" />
              </svg>
              {label}
              {valueOf(study, i)}
              <a
                href={chartHref(basePath, toggled(address, study.overlay))}
                aria-label={`Remove ${label}`}
              >
                <Icon name="close" />
              </a>
            </li>
          );
        })}
        <li class="chip chip-plain">
          <svg class="chip-bars" viewBox="0 0 12 10" aria-hidden="true">
            <path d="M1.5 10V6M6 10V1M10.5 10V4" />
          </svg>
          Volume
        </li>
      </ul>
      <OverlayMenu basePath={basePath} address={address} interval={interval} />
    </div>
  );
}
