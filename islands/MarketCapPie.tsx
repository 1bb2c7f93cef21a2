import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { CapPieOptions } from "../lib/pages/components/use_cap_pie.ts";
import { useLazy } from "../lib/pages/components/use_lazy.ts";
import { useNear } from "../lib/pages/components/use_near.ts";

export interface MarketCapPieProps extends CapPieOptions {
  /** The server-rendered card. */
  readonly children: ComponentChildren;
}

/** Market caps of the configured coins; interactive once they are near the viewport. */
export default function MarketCapPie({ children, ...props }: MarketCapPieProps) {
  const end = useRef<HTMLElement>(null);
  const live = useLazy(useNear(end), () => import("../lib/pages/charts/LiveCapCard.lazy.tsx"));
  return live ? <live.LiveCapCard {...props} /> : (
    <>
      {children}
      <span ref={end} hidden />
    </>
  );
}
