import { type ChartAddress, chartParams } from "../../core/chart_address.ts";
import { queryText } from "../../core/text/query_text.ts";

/** The canonical address of a chart: parameters by name, defaults left out. */
export function chartHref(basePath: string, address: Partial<ChartAddress>): string {
  return `${basePath}/charts${queryText(chartParams(address))}`;
}
