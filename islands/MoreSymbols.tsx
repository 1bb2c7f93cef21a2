import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { useLazy } from "../lib/pages/components/use_lazy.ts";
import { useNear } from "../lib/pages/components/use_near.ts";

export interface MoreSymbolsProps {
  readonly searchHref: string;
  /** Symbols at the beginning of the list, separated by commas. */
  readonly first: string;
  /** The last symbol of the list. */
  readonly after: string;
  readonly current: string;
  /** Link to the page with all symbols. */
  readonly children: ComponentChildren;
}

/** The end of the symbol list; loads more symbols when it is scrolled into view. */
export default function MoreSymbols(props: MoreSymbolsProps) {
  const end = useRef<HTMLElement>(null);
  const more = useLazy(
    useNear(end),
    () => import("../lib/pages/charts/symbols/SymbolPages.lazy.tsx"),
  );
  return (
    <>
      {more && <more.SymbolPages {...props} end={end} />}
      <li>
        <span ref={end}>{props.children}</span>
      </li>
    </>
  );
}
