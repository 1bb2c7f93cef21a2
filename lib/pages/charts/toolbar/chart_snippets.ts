import { timeText } from "../../../core/text/query_text.ts";
import type { Interval } from "../../../core/interval.ts";
import type { EpochMs } from "../../../core/time.ts";
import { csvUrl, toSnippets } from "../../components/snippets.ts";

export interface ChartSnippetOptions {
  /** Origin of this site, base path included. */
  readonly origin: string;
  readonly symbol: string;
  /** Range of the candles in view: open times from `from`, before `to`. */
  readonly interval: Interval;
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** Set if imported candles are drawn. */
  readonly imported?: "1" | undefined;
}

/** The snippets that are most useful next to a chart. */
export const CHART_SNIPPETS = ["curl", "pandas", "DuckDB", "Deno"] as const;
export type ChartSnippet = typeof CHART_SNIPPETS[number];

/** Code that fetches the candles in view, by language. */
export function toChartSnippets(options: ChartSnippetOptions): Record<ChartSnippet, string> {
  const { origin, symbol, interval, imported } = options;
  const range = { from: timeText(options.from), to: timeText(options.to) };
  const snippets = toSnippets({ origin, symbol, interval, ...range, imported });
  const codeOf = (name: ChartSnippet) => snippets.find((snippet) => snippet.name === name)!.code;
  const json = `${csvUrl({ origin, symbol, interval, ...range, imported })}&format=json`;
  return {
    curl: codeOf("curl"),
    pandas: codeOf("pandas"),
    DuckDB: codeOf("DuckDB"),
    Deno: [
      "const response = await fetch(",
      `  "${json}",`,
      ");",
      "if (!response.ok) throw new Error((await response.json()).error.message);",
      "const candles: Record<string, string>[] = await response.json();",
      "console.log(candles.length, candles.at(-1)?.close_price);",
    ].join("\n"),
  };
}
