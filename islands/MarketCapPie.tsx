import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import type { LiveCapCardProps } from "../lib/pages/charts/LiveCapCard.lazy.tsx";
import { useLazy } from "../lib/pages/components/use_lazy.ts";
import { useIntent } from "../lib/pages/components/use_near.ts";

export interface MarketCapPieProps extends LiveCapCardProps {
  /** The server-rendered card. */
  readonly children: ComponentChildren;
}

/** Age of the page's market caps after which newer ones are loaded. */
const NEWS_MS = 60_000;

/**
 * Market caps of the configured coins: the server's picture until the reader turns to them, or
 * newer ones are due.
 */
export default function MarketCapPie({ children, ...props }: MarketCapPieProps) {
  const end = useRef<HTMLElement>(null);
  const live = useLazy(
    useIntent(end, NEWS_MS),
    () => import("../lib/pages/charts/LiveCapCard.lazy.tsx"),
  );
  return live ? <live.LiveCapCard {...props} /> : (
    <>
      {children}
      <span ref={end} hidden />
    </>
  );
}
