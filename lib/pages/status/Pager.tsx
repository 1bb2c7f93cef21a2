import { numberText } from "../../core/number_text.ts";

export interface PagerProps {
  /** Label for screen readers. */
  readonly label: string;
  readonly newerHref: string | undefined;
  readonly olderHref: string | undefined;
  /** `26–50 of 1,200` */
  readonly where: string;
}

/** Links to newer and older pages. */
export function Pager({ label, newerHref, olderHref, where }: PagerProps) {
  if (newerHref === undefined && olderHref === undefined) return null;
  return (
    <nav class="pager" aria-label={label}>
      <PagerLink href={newerHref}>Newer</PagerLink>
      <span>{where}</span>
      <PagerLink href={olderHref}>Older</PagerLink>
    </nav>
  );
}

function PagerLink({ href, children }: { href: string | undefined; children: string }) {
  return href === undefined
    ? <a class="button" role="link" aria-disabled="true">{children}</a>
    : <a class="button" href={href}>{children}</a>;
}

/** `26–50 of 1,200`; `page` starts at 1. */
export function pageText(page: number, size: number, shown: number, total: number): string {
  const first = (page - 1) * size + 1;
  if (shown === 0) return `none of ${numberText(total, 0)}`;
  return `${numberText(first, 0)}–${numberText(first + shown - 1, 0)} of ${numberText(total, 0)}`;
}
