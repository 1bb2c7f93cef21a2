import type { ComponentChildren } from "preact";
import type { EpochMs } from "../../core/time.ts";
import { type CapSlice, capTitle, type CapView, NO_COINS } from "../components/cap_view.ts";
import { CapSource } from "../components/CapSource.tsx";
import { Donut } from "../components/Donut.tsx";
import { PieCentre } from "../components/PieCentre.tsx";
import { moneyText, shareText } from "../../core/text/number_text.ts";

export interface CapCardProps {
  readonly view: CapView;
  readonly now: EpochMs;
  /** The slice under the pointer. */
  readonly pointed: CapSlice | undefined;
  /** True if `children`, drawn by script, replaces the picture. */
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

/** Longer tickers use a full row of the legend. */
const LEGEND_TICKER = 4;

function legendClass(ticker: string, isPointed: boolean): string | undefined {
  const names = [
    isPointed ? "is-pointed" : "",
    ticker.length > LEGEND_TICKER ? "is-long" : "",
  ].filter((name) => name !== "");
  return names.length > 0 ? names.join(" ") : undefined;
}

/** Every coin with its share; its market cap is in the tooltip. */
function CapLegend({ view, pointed }: { view: CapView; pointed: CapSlice | undefined }) {
  return (
    <ul class="cap-legend">
      {view.slices.map(({ id, ticker, colour, row, share, isDerived }) => (
        <li
          key={id}
          class={legendClass(ticker, pointed?.id === id)}
          title={`${ticker}: ${moneyText(row.market_cap)}`}
        >
          <svg class="swatch" aria-hidden="true">
            <rect class={`coin-${colour}`} />
          </svg>
          <b>{ticker}</b>
          {isDerived && (
            <span class="derived" title="Last known supply × last stored close">⚠ derived</span>
          )}
          <span class="cap-share">{shareText(share)}</span>
        </li>
      ))}
      {view.missing.length > 0 && (
        <li class="cap-missing">
          <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
            <rect x=".5" y=".5" width="9" height="9" rx="2" />
          </svg>
          <span>No data: {view.missing.join(", ")}</span>
        </li>
      )}
    </ul>
  );
}
