import { DONUT_RADIUS, toDonut } from "../../chart/model/donut_arcs.ts";
import { toDonutLabels } from "../../chart/svg/donut_labels.ts";
import { shareText } from "../../core/text/number_text.ts";
import type { CapSlice, CapView } from "../components/cap_view.ts";

const EDGE = DONUT_RADIUS + 4;
/** Patterns that distinguish ten slices without colour, in the background colour. */
const PATTERNS = [
  "M0 4H8",
  "M0 0L8 8",
  "M8 0L0 8",
  "M4 0V8",
  "M0 4H8M4 0V8",
  "M0 0L8 8M8 0L0 8",
  "M2 2h2v2H2z",
  "M0 2H8M0 6H8",
  "M2 0V8M6 0V8",
];

export interface DonutLabelsProps {
  readonly view: CapView;
  readonly pointed: CapSlice | undefined;
}

/**
 * Drawn over the ring of server or Plotly: names and shares, patterns, and the edge of the
 * highlighted slice.
 */
export function DonutLabels({ view: { slices }, pointed }: DonutLabelsProps) {
  const shares = slices.map(({ share }) => share);
  const paths = toDonut(shares);
  return (
    <svg
      class="pie-labels"
      viewBox={`${-EDGE} ${-EDGE} ${2 * EDGE} ${2 * EDGE}`}
      aria-hidden="true"
    >
      <defs>
        {PATTERNS.map((path, i) => (
          <pattern
            key={path}
            id={`slice-pattern-${i + 1}`}
            width="8"
            height="8"
            patternUnits="userSpaceOnUse"
          >
            <path class="slice-line" d={path} />
          </pattern>
        ))}
      </defs>
      {slices.map(({ id, colour }, i) =>
        colour <= PATTERNS.length && (
          <path
            key={id}
            class="slice-pattern"
            fill={`url(#slice-pattern-${colour})`}
            d={paths[i]}
          />
        )
      )}
      {slices.map(({ id }, i) =>
        id === pointed?.id && <path key={id} class="slice-edge" d={paths[i]} />
      )}
      {toDonutLabels(shares).map(({ index, x, y, anchor, isInside }) => {
        const { id, ticker, share } = slices[index]!;
        return isInside
          ? (
            <g key={id} class="label-inside">
              <text x={x} y={y - 1} text-anchor={anchor}>{ticker}</text>
              <text x={x} y={y + 9} text-anchor={anchor}>{shareText(share)}</text>
            </g>
          )
          : <text key={id} x={x} y={y + 3} text-anchor={anchor}>{ticker} {shareText(share)}</text>;
      })}
    </svg>
  );
}
