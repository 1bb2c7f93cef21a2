import type { ComponentChildren } from "preact";
import { BrandMark } from "./BrandMark.tsx";
import { toHref } from "./href.ts";

/** Pages, in the order of the navigation. */
const PAGES = [["/charts", "Charts"], ["/markets", "Markets"], ["/status", "Status"], [
  "/docs",
  "Docs",
]] as const;

export interface PageHeaderProps {
  readonly basePath: string;
  /** Of the page shown, behind the base path. */
  readonly path: string;
  /** Clock and switches on the right. */
  readonly children: ComponentChildren;
}

export function PageHeader({ basePath, path, children }: PageHeaderProps) {
  return (
    <header class="top">
      <a class="brand" href={toHref(basePath, "/charts")}>
        <BrandMark />
        wick
      </a>
      <nav class="pages" aria-label="Pages">
        <ul>
          {PAGES.map(([page, name]) => (
            <li key={page}>
              <a
                href={toHref(basePath, page)}
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
