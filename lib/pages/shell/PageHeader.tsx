import type { ComponentChildren } from "preact";
import type { PageLook } from "../../core/chart_address.ts";
import { toHref } from "../components/site_href.ts";

/** Pages, in the order of the navigation. */
const PAGES = [
  ["/charts", "Charts"],
  ["/markets", "Markets"],
  ["/universe", "Universe"],
  ["/status", "Status"],
  ["/docs", "Docs"],
] as const;

export interface PageHeaderProps {
  readonly basePath: string;
  /** Path of the current page, below the base path. */
  readonly path: string;
  /** The theme in the URL, added to links to other pages. */
  readonly look: PageLook;
  /** Clock and theme switch on the right. */
  readonly children: ComponentChildren;
}

export function PageHeader({ basePath, path, look, children }: PageHeaderProps) {
  return (
    <header class="top">
      <a class="brand" href={toHref(basePath, "/charts", look)}>
        <BrandMark />
        <span>wick</span>
      </a>
      <nav class="pages" aria-label="Pages">
        <ul>
          {PAGES.map(([page, name]) => (
            <li key={page}>
              <a
                href={toHref(basePath, page, look)}
                aria-current={page === path ? "page" : undefined}
              >
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="top-end">{children}</div>
    </header>
  );
}

/** A hollow candle whose upper wick burns. */
function BrandMark() {
  return (
    <svg class="mark" viewBox="0 0 20 28" aria-hidden="true">
      <path
        class="mark-flame"
        d="M10 1c2.3 2.6 2.9 4 2.9 5.3A2.9 2.9 0 017.1 6.3C7.1 5 7.7 3.6 10 1z"
      />
      <path class="mark-wick" d="M10 8.5v3M10 22.5v4.5" />
      <rect class="mark-body" x="5" y="11.5" width="10" height="11" rx="1.5" />
    </svg>
  );
}
