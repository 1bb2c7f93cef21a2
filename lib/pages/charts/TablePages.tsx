import type { CandlePage } from "./candle_rows.ts";
import { type ChartAddress, chartHref } from "../components/href.ts";

export interface TablePagesProps {
  readonly basePath: string;
  readonly address: ChartAddress;
  readonly paged: CandlePage;
}

/** Ways to the newer and the older candles of the table; hidden where all are on one page. */
export function TablePages({ basePath, address, paged: { page, pages } }: TablePagesProps) {
  const href = (to: number) => `${chartHref(basePath, { ...address, page: to })}#table`;
  return (
    <nav
      class="table-pages"
      id="table-pages"
      data-live
      hidden={pages === 1}
      aria-label="Pages of the table"
    >
      {page > 1 && <a href={href(page - 1)} rel="prev">Newer</a>}
      <span>page {page} of {pages}</span>
      {page < pages && <a href={href(page + 1)} rel="next">Older</a>}
    </nav>
  );
}
