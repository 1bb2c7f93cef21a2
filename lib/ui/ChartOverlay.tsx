import type { ComponentChildren } from "preact";
import type { Candle } from "../chart/candle.ts";
import { type ChartWindow, xOf } from "../chart/chart_window.ts";
import { ChartLabels, type ChartLabelsProps } from "./ChartLabels.tsx";
import { CrosshairLines, CrosshairPrice, CrosshairTime } from "./Crosshair.tsx";
import { HoleBands } from "./HoleBands.tsx";
import { LastPriceTag } from "./LastPrice.tsx";

export interface ChartOverlayProps extends Omit<ChartLabelsProps, "window"> {
  /** What Plotly shows; nothing is drawn before. */
  readonly window: ChartWindow | undefined;
  /** The candle under the cursor. */
  readonly pointed: Candle | undefined;
  /** Plotly's own element. */
  readonly children: ComponentChildren;
}

/** What of the server's picture Plotly does not draw, beneath and above it, and the crosshair. */
export function ChartOverlay({ window, pointed, children, ...rest }: ChartOverlayProps) {
  const cross = window && pointed && isIn(window, pointed) && { window, candle: pointed };
  return (
    <>
      {window && (
        <svg class="panes" aria-hidden="true">
          <HoleBands window={window} holes={rest.holes} />
        </svg>
      )}
      {children}
      {window && (
        <div class="over">
          <svg class="panes" aria-hidden="true">
            <ChartLabels {...rest} window={window} />
            {cross && <CrosshairLines {...cross} />}
          </svg>
          <svg class="axis axis-price" aria-hidden="true">
            <LastPriceTag window={window} last={rest.bars.at(-1)!} decimals={rest.decimals} />
            {cross && <CrosshairPrice {...cross} decimals={rest.decimals} />}
          </svg>
          <svg class="axis axis-time" aria-hidden="true">
            {cross && <CrosshairTime {...cross} />}
          </svg>
        </div>
      )}
    </>
  );
}

function isIn(window: ChartWindow, { openTime }: Candle): boolean {
  const x = xOf(window, openTime);
  return x >= 0 && x <= 1;
}
