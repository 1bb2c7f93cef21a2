import type { ChartAddress } from "../../core/chart_address.ts";
import { numberText } from "../../core/text/number_text.ts";
import { chartHref } from "../components/href.ts";

export interface ImportedNoteProps {
  readonly basePath: string;
  readonly address: ChartAddress;
  /** Imported candles of the series. */
  readonly rows: number;
}

/** Number of imported candles of the series, and a link that draws or hides them. */
export function ImportedNote({ basePath, address, rows }: ImportedNoteProps) {
  if (rows === 0) return null;
  const isDrawn = address.imported !== undefined;
  const change = { imported: isDrawn ? undefined : "1", page: undefined } as const;
  return (
    <p class="quiet imported-note">
      {numberText(rows, 0)} imported {rows === 1 ? "candle" : "candles"}{" "}
      of this series (from a file; not the exchange's) {rows === 1 ? "is" : "are"}{" "}
      {isDrawn ? "drawn in grey, with dashed sides." : "not drawn."}{" "}
      <a href={chartHref(basePath, { ...address, ...change })}>
        {isDrawn ? "Hide" : "Draw"} {rows === 1 ? "it" : "them"}
      </a>
    </p>
  );
}
