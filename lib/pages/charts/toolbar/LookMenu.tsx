import type { ChartAddress, ChartLook } from "../../../core/chart_address.ts";
import { chartHref } from "../../components/href.ts";
import { Menu, MenuLinks } from "../../components/Menu.tsx";

const COLORS = [
  [undefined, "Teal and red", "default"],
  ["blue", "Blue and orange", "colour-blind safe"],
  ["inverse", "Red and teal", "red is up"],
] as const;

const CANDLES = [
  [undefined, "Tinted", "up light, down filled"],
  ["hollow", "Hollow", "up outlined, down filled"],
  ["solid", "Solid", "both filled"],
] as const;

export interface LookMenuProps {
  readonly basePath: string;
  readonly address: ChartAddress;
}

/** Colours and fill of the candles: by default direction does not depend on hue alone. */
export function LookMenu({ basePath, address }: LookMenuProps) {
  const href = (look: ChartLook) => chartHref(basePath, { ...address, ...look });
  return (
    <Menu label="Look" icon="palette" class="menu-end">
      <MenuLinks
        title="Colours"
        links={COLORS.map(([colors, name, hint]) => ({
          name,
          hint,
          href: href({ colors }),
          isOn: address.colors === colors,
          mark: <Swatch palette={colors ?? "teal"} fill="tinted" isFirst={colors === undefined} />,
        }))}
      />
      <MenuLinks
        title="Candles"
        links={CANDLES.map(([candles, name, hint]) => ({
          name,
          hint,
          href: href({ candles }),
          isOn: address.candles === candles,
          mark: <Swatch palette={address.colors ?? "teal"} fill={candles ?? "tinted"} />,
        }))}
      />
    </Menu>
  );
}

const SHAPE = "swatch-shape";

interface SwatchProps {
  readonly palette: string;
  readonly fill: string;
  /** The first swatch has the shape that the others use; colours are inherited. */
  readonly isFirst?: boolean;
}

/** A rising and a falling candle. */
function Swatch({ palette, fill, isFirst = false }: SwatchProps) {
  return (
    <svg class="swatch-candles" data-palette={palette} data-candles={fill} aria-hidden="true">
      {isFirst
        ? (
          <g id={SHAPE} class="swatch-shape">
            <path class="wick-up" d="M5.5 1v14" />
            <path class="wick-down" d="M16.5 1v14" />
            <rect class="body-up" x="2.5" y="4.5" width="6" height="7" />
            <rect class="body-down" x="13.5" y="4.5" width="6" height="7" />
          </g>
        )
        : <use href={`#${SHAPE}`} />}
    </svg>
  );
}
