import type { ChartView } from "../../../chart/model/chart_view.ts";
import { MAX_DRAWN, NARROW } from "../../../chart/model/merge_candles.ts";
import { ChartPicture } from "./ChartPicture.tsx";

/** The server's picture of the chart, in a wide and a narrow version. */
export function ChartPictures(props: { readonly view: ChartView; readonly label: string }) {
  return (
    <>
      {/* Patterns are referenced by ID, so each exists once. */}
      <svg class="patterns" aria-hidden="true">
        <defs>
          <pattern
            id="hatch"
            width="6"
            height="6"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <path d="M0 0v6" />
          </pattern>
        </defs>
      </svg>
      <ChartPicture {...props} count={MAX_DRAWN} width="wide" />
      <ChartPicture {...props} count={NARROW.inView} width="narrow" />
    </>
  );
}
