import {
  COMMON_OVERLAYS,
  inOrder,
  MAX_OVERLAYS,
  type Overlay,
  overlayLabel,
  overlayName,
} from "../chart/overlay.ts";
import { HiddenFields } from "./HiddenFields.tsx";
import { type ChartAddress, chartHref, toHref } from "./href.ts";
import { Menu, MenuLinks } from "./Menu.tsx";

const HINT: Record<Overlay["kind"], string> = {
  sma: "mean of closes",
  ema: "mean, newer counts more",
  bb: "mean ± 2 deviations",
  vwap: "price per unit since midnight UTC",
  rsi: "0 to 100, own pane",
};

export interface OverlayMenuProps {
  readonly basePath: string;
  readonly address: ChartAddress;
}

/** Overlays to be switched on and off, and a field for those with other periods. */
export function OverlayMenu({ basePath, address }: OverlayMenuProps) {
  const on = address.overlays ?? [];
  const offered = inOrder([...COMMON_OVERLAYS, ...on]);
  return (
    <Menu label="Overlays" icon="plus" class="menu-overlays">
      <MenuLinks
        title="Overlays"
        links={offered.map((overlay) => ({
          name: overlayLabel(overlay),
          hint: HINT[overlay.kind],
          href: chartHref(basePath, toggled(address, overlay)),
          isOn: isIn(on, overlay),
        }))}
      />
      <form class="menu-form" method="get" action={toHref(basePath, "/charts")}>
        <HiddenFields address={address} without={["overlays"]} />
        <label for="overlay-list">Any periods, such as sma20,ema200</label>
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

/** The address with `overlay` switched; of too many the oldest goes. */
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
