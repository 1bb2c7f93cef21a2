import { numberText } from "../../core/text/number_text.ts";
import type { Param } from "../../core/text/query_text.ts";
import { toHref } from "../components/site_href.ts";

export interface PagerProps {
  /** Label for screen readers. */
  readonly label: string;
  /** Links backwards and forwards, `Newer` and `Older` by default. */
  readonly names?: readonly [string, string];
  readonly newerHref: string | undefined;
  readonly olderHref: string | undefined;
  /** `26–50 of 1,200` */
  readonly where: string;
  readonly jump?: PageJump | undefined;
}

/** A form that goes to any page. */
export interface PageJump {
  /** Its parameter. */
  readonly name: string;
  readonly page: number;
  readonly pages: number;
  /** The other parameters. */
  readonly params: readonly Param[];
  readonly part: string;
}

/** Links to the pages before and after one. */
export function Pager({ label, names, newerHref, olderHref, where, jump }: PagerProps) {
  if (newerHref === undefined && olderHref === undefined) return null;
  const [back, on] = names ?? ["Newer", "Older"];
  return (
    <nav class="pager" aria-label={label}>
      <PagerLink href={newerHref}>{back}</PagerLink>
      <span>{where}</span>
      {jump !== undefined && jump.pages > 2 && <JumpForm {...jump} />}
      <PagerLink href={olderHref}>{on}</PagerLink>
    </nav>
  );
}

function PagerLink({ href, children }: { href: string | undefined; children: string }) {
  return href === undefined
    ? <a class="button" role="link" aria-disabled="true">{children}</a>
    : <a class="button" href={href}>{children}</a>;
}

function JumpForm({ name, page, pages, params, part }: PageJump) {
  return (
    <form class="jump" method="get" action={`${toHref(".", "/status")}#${part}`}>
      {params.map(([key, value]) => <input key={key} type="hidden" name={key} value={value} />)}
      <label>
        Page <input type="number" name={name} value={page} min="1" max={pages} required />
      </label>
      <span>of {numberText(pages, 0)}</span>
      <button type="submit" class="button">Go</button>
    </form>
  );
}

/** Place in a list with numbered pages. */
export interface NumberedPage {
  /** Starts at 1. */
  readonly page: number;
  readonly size: number;
  readonly total: number;
  readonly href: (page: number) => string;
}

const lastPage = ({ size, total }: NumberedPage) => Math.max(1, Math.ceil(total / size));

/** The links of a `Pager`. */
export function pagerHrefs(place: NumberedPage) {
  const { page, href } = place;
  const last = lastPage(place);
  return {
    newerHref: page > 1 ? href(Math.min(page - 1, last)) : undefined,
    olderHref: page < last ? href(page + 1) : undefined,
  };
}

/** Shown instead of a page after the last one. */
export function PastEnd(place: NumberedPage) {
  const last = lastPage(place);
  return (
    <>
      There is no page {numberText(place.page, 0)}; the last one is{" "}
      <a href={place.href(last)}>page {numberText(last, 0)}</a>.
    </>
  );
}

/** `26–50 of 1,200`; `page` starts at 1. */
export function pageText(page: number, size: number, shown: number, total: number): string {
  const first = (page - 1) * size + 1;
  if (shown === 0) return `none of ${numberText(total, 0)}`;
  return `${numberText(first, 0)}–${numberText(first + shown - 1, 0)} of ${numberText(total, 0)}`;
}
