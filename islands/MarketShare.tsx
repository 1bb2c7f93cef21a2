import type { ComponentChildren } from "preact";
import type { LiveShareCardProps } from "../lib/pages/markets/LiveShareCard.lazy.tsx";
import { useLazy } from "../lib/pages/components/use_lazy.ts";

export interface MarketShareProps extends LiveShareCardProps {
  /** The card as the page was made. */
  readonly children: ComponentChildren;
}

/** Shares of the coins, which come alive once the page stands. */
export default function MarketShare({ children, ...props }: MarketShareProps) {
  const live = useLazy(true, () => import("../lib/pages/markets/LiveShareCard.lazy.tsx"));
  return live ? <live.LiveShareCard {...props} /> : <>{children}</>;
}
