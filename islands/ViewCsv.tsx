import { page } from "../lib/chart/session/page_signals.ts";
import { fileRangeOf } from "../lib/chart/session/shown_range.ts";
import { type CsvFile, CsvLink } from "../lib/pages/charts/toolbar/CsvLink.tsx";
import { exportHref } from "../lib/pages/components/site_href.ts";

export interface ViewCsvProps extends CsvFile {
  readonly basePath: string;
  readonly symbol: string;
  readonly imported: "1" | undefined;
}

/** The file of the candles in view. */
export default function ViewCsv({ basePath, symbol, imported, ...served }: ViewCsvProps) {
  const view = page.view.value;
  const chart = page.running.value?.chart;
  const range = view && chart && fileRangeOf(chart);
  const file = range
    ? {
      href: exportHref(basePath, { symbol, interval: view.interval, imported, ...range }),
      rows: chart.count(range),
    }
    : served;
  return <CsvLink {...file} name="CSV" title="Candles in view" action="csv" />;
}
