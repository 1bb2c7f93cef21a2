import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { TABLE_NEWEST } from "../lib/chart/page_names.ts";
import { useLazy } from "../lib/pages/components/use_lazy.ts";
import { useNear } from "../lib/pages/components/use_near.ts";

export interface NewestRowsProps {
  /** The rows as the page was made. */
  readonly children: ComponentChildren;
}

/** Table rows that change with the stream, once the table is near the viewport. */
export default function NewestRows({ children }: NewestRowsProps) {
  const place = useRef<HTMLTableSectionElement>(null);
  const isNear = useNear(place);
  const live = useLazy(isNear, () => import("../lib/pages/charts/NewestCandles.lazy.tsx"));
  return (
    <tbody id={TABLE_NEWEST} ref={place}>
      {live ? <live.NewestCandles isNear={isNear} /> : children}
    </tbody>
  );
}
