import { TYPE_NAME } from "../../../chart/model/chart_type_text.ts";
import { CHART_TYPES, type ChartAddress, type ChartType } from "../../../core/chart_address.ts";
import { chartHref } from "../../components/href.ts";
import { Menu, MenuLinks } from "../../components/Menu.tsx";

const HINT: Record<ChartType, string> = {
  candles: "open, high, low and close",
  hollow: "coloured by the previous close, filled when falling",
  bars: "open on the left, close on the right",
  heikin: "averaged prices, not the exchange's",
  line: "closes",
  area: "closes, filled to the bottom",
  baseline: "closes above and below the first one in view",
};

/** Drawings on 22 × 16. */
const SHAPE: Record<ChartType, string> = {
  candles: "M5.5 2v3M5.5 11v3M3 5h5v6H3zM16.5 1v4M16.5 12v3M14 5h5v7h-5z",
  hollow: "M5.5 2v3M5.5 11v3M3 5h5v6H3zM16.5 1v4M16.5 12v3M14 5h5v7h-5zM14 7h5M14 9h5",
  bars: "M5.5 2v12M2.5 11h3M5.5 5h3M16.5 1v13M13.5 4h3M16.5 11h3",
  heikin: "M4.5 7v8M2.5 9h4v4h-4zM11 4v8M9 6h4v4H9zM17.5 1v8M15.5 3h4v4h-4z",
  line: "M1.5 12l6-6 5 4 8-8",
  area: "M1.5 12l6-6 5 4 8-8V15H1.5zM4 12.5h16.5M9 10h11.5",
  baseline: "M1 8h20M2 5l5-3 5 6 4 5 5-2",
};

export interface TypeMenuProps {
  readonly basePath: string;
  readonly address: ChartAddress;
}

/** The ways to draw prices; the current one names the menu. */
export function TypeMenu({ basePath, address }: TypeMenuProps) {
  const current = address.type ?? "candles";
  return (
    <Menu
      label={TYPE_NAME[current]}
      mark={<TypeMark type={current} />}
      class="menu-types menu-end"
    >
      <MenuLinks
        title="Chart type"
        links={CHART_TYPES.map((type) => ({
          name: TYPE_NAME[type],
          hint: HINT[type],
          href: chartHref(basePath, { ...address, type }),
          isOn: type === current,
          mark: <TypeMark type={type} />,
        }))}
      />
    </Menu>
  );
}

function TypeMark({ type }: { readonly type: ChartType }) {
  return (
    <svg class="type-mark" aria-hidden="true">
      <path d={SHAPE[type]} />
    </svg>
  );
}
