import { sessionOf } from "../../../chart/model/indicators/vwap.ts";
import {
  COMMON_OVERLAYS,
  inOrder,
  MAX_OVERLAYS,
  type Overlay,
  overlayLabel,
  overlayName,
} from "../../../core/overlay.ts";
import type { Interval } from "../../../core/interval.ts";
import { HiddenFields } from "../../components/HiddenFields.tsx";
import type { ChartAddress } from "../../../core/chart_address.ts";
import { chartHref } from "../../components/href.ts";
import { toHref } from "../../components/site_href.ts";
import { Menu, MenuLinks } from "../../components/Menu.tsx";

const HINT = {
  sma: "mean of closes",
  ema: "mean weighted to recent closes",
  bb: "mean ± 2 standard deviations",
  rsi: "0 to 100, separate pane",
} as const;

/** Start of each period of the volume-weighted average price. */
const ANCHOR = {
  day: "at 00:00 UTC",
  month: "on the 1st, UTC",
  year: "on 1 January, UTC",
} as const;

export interface OverlayMenuProps {
  readonly basePath: string;
  readonly address: ChartAddress;
  /** Interval of the displayed candles. */
  readonly interval: Interval;
}

/** Switches for overlays, and a field for other periods. */
export function OverlayMenu({ basePath, address, interval }: OverlayMenuProps) {
  const on = address.overlays ?? [];
  const offered = inOrder([...COMMON_OVERLAYS, ...on]);
  return (
    <Menu label="Overlays" icon="plus" class="menu-overlays">
      <MenuLinks
        title="Overlays"
        links={offered.map((overlay) => ({
          name: overlayLabel(overlay),
          hint: hintOf(overlay, interval),
          href: chartHref(basePath, toggled(address, overlay)),
          isOn: isIn(on, overlay),
        }))}
      />
      <form class="menu-form" method="get" action={toHref(basePath, "/charts")}>
        <HiddenFields address={address} without={["overlays"]} />
        <label for="overlay-list">Other periods, such as sma20,ema200</label>
        <input
          id="overlay-list"
          name="overlays"
          value={on.map(overlayName).join()}
          required
          pattern="((sma|ema|bb|rsi)\d{1,3}|vwap)(,((sma|ema|bb|rsi)\d{1,3}|vwap))*"
          title="smaN, emaN, bbN, rsiN or vwap, separated by commas"
          autocomplete="off"
          spellcheck={false}
        />
        <button class="button" type="submit">Draw</button>
      </form>
    </Menu>
  );
}

/** Short description of an overlay for candles of `interval`. */
export function hintOf({ kind }: Overlay, interval: Interval): string {
  return kind === "vwap"
    ? `volume-weighted mean price, restarts ${ANCHOR[sessionOf(interval)]}`
    : HINT[kind];
}

/** The address with `overlay` toggled; above the maximum, the oldest one is removed. */
export function toggled(address: ChartAddress, overlay: Overlay): ChartAddress {
  const on = address.overlays ?? [];
  const others = on.filter((one) => overlayName(one) !== overlayName(overlay));
  const overlays = isIn(on, overlay)
    ? others
    : inOrder([...others.slice(1 - MAX_OVERLAYS), overlay]);
  return { ...address, overlays };
}

function isIn(overlays: readonly Overlay[], overlay: Overlay): boolean {
  return overlays.some((one) => overlayName(one) === overlayName(overlay));
}
