import type { ComponentChildren } from "preact";
import { overlayLabel, overlayName } from "../../../core/overlay.ts";
import type { Study } from "../../../chart/model/study.ts";
import type { Interval } from "../../../core/interval.ts";
import type { ChartAddress, ChartType } from "../../../core/chart_address.ts";
import { chartHref } from "../../components/href.ts";
import { Icon } from "../../components/Icon.tsx";
import { hintOf, OverlayMenu, toggled } from "./OverlayMenu.tsx";

export interface LegendChipsProps {
  readonly basePath: string;
  readonly address: ChartAddress;
  readonly studies: readonly Study[];
  readonly type: ChartType;
  /** Imported candles of the series. */
  readonly importedRows: number;
  /** Of the candles shown. */
  readonly interval: Interval;
  /** The value of one of the studies. */
  readonly valueOf: (study: Study, index: number) => ComponentChildren;
}

/** The overlays, each with its newest value and a button to remove it. */
export function LegendChips(props: LegendChipsProps) {
  const { basePath, address, studies, interval, type, importedRows, valueOf } = props;
  return (
    <div class="legend">
      <ul class="chips" aria-label="Overlays">
        {type === "heikin" && (
          <li
            class="chip chip-plain"
            title="Drawn prices are averages. Table and files have the exchange's."
          >
            Heikin-Ashi
          </li>
        )}
        {address.imported !== undefined && (
          <ImportedChip basePath={basePath} address={address} isAny={importedRows > 0} />
        )}
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

interface ImportedChipProps {
  readonly basePath: string;
  readonly address: ChartAddress;
  /** True if the series has imported candles. */
  readonly isAny: boolean;
}

/** Legend of the imported candles, with a button to hide them. */
function ImportedChip({ basePath, address, isAny }: ImportedChipProps) {
  return (
    <li class="chip chip-imported">
      <svg class="chip-bars" viewBox="0 0 12 10" aria-hidden="true">
        <rect x="1.5" y="1.5" width="3" height="7" />
        <rect x="7.5" y="1.5" width="3" height="7" />
      </svg>
      {isAny ? "Imported, not from the exchange" : "No imported candles"}
      <a
        href={chartHref(basePath, { ...address, imported: undefined })}
        aria-label="Hide imported candles"
      >
        <Icon name="close" />
      </a>
    </li>
  );
}
