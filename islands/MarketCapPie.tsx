import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { CapPieOptions } from "../lib/pages/components/use_cap_pie.ts";
import { useLazy } from "../lib/pages/components/use_lazy.ts";
import { useSignal } from "@preact/signals";

export interface MarketCapPieProps extends CapPieOptions {
  /** The card as the page was made. */
  readonly children: ComponentChildren;
}

/** Market caps of the configured coins, which come alive once they are near what is seen. */
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

/** How far from what is seen is near. */
const MARGIN = "200px";

/** Whether the parent of `child` has been seen, or nearly so. */
function useNear(child: RefObject<Element>): boolean {
  const isNear = useSignal(false);
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) isNear.value = true;
      if (isNear.value) observer.disconnect();
    }, { rootMargin: MARGIN });
    observer.observe(child.current!.parentElement!);
    return () => observer.disconnect();
  }, []);
  return isNear.value;
}
