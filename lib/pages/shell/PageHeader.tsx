import type { ComponentChildren } from "preact";
import { BrandMark } from "./BrandMark.tsx";
import { type PageLook, toHref } from "../components/href.ts";

/** Pages, in the order of the navigation. */
const PAGES = [["/charts", "Charts"], ["/markets", "Markets"], ["/status", "Status"], [
  "/docs",
  "Docs",
]] as const;

export interface PageHeaderProps {
  readonly basePath: string;
  /** Of the page shown, behind the base path. */
  readonly path: string;
  /** As the address has it: it goes along to the other pages. */
  readonly look: PageLook;
  /** Clock and switches on the right. */
  readonly children: ComponentChildren;
}

export function PageHeader({ basePath, path, look, children }: PageHeaderProps) {
  return (
    <header class="top">
      <a class="brand" href={toHref(basePath, "/charts", look)}>
        <BrandMark />
        wick
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
