import { type ChartAddress, chartParams } from "../../../core/chart_address.ts";
import { queryText } from "../../../core/text/query_text.ts";

/** Address of the list of all symbols, whose links keep the rest of a chart's address. */
export function symbolsHref(
  basePath: string,
  address: Partial<ChartAddress>,
  own: { readonly search?: string | undefined; readonly after?: string | undefined } = {},
): string {
  const { search = "", after = "" } = own;
  const params = [["search", search], ["after", after]] as const;
  const kept = chartParams(address).filter(([name]) => name !== "symbol" && name !== "page");
  return `${basePath}/symbols${
    queryText([...params.filter(([, value]) => value !== ""), ...kept])
  }`;
}
