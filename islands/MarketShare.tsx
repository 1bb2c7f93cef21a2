import type { ComponentChildren } from "preact";
import type { LiveShareCardProps } from "../lib/pages/markets/LiveShareCard.lazy.tsx";
import { useLazy } from "../lib/pages/components/use_lazy.ts";

export interface MarketShareProps extends LiveShareCardProps {
  /** The server-rendered card. */
  readonly children: ComponentChildren;
}

/** Shares of the coins; interactive once the page is loaded. */
export default function MarketShare({ children, ...props }: MarketShareProps) {
  const live = useLazy(true, () => import("../lib/pages/markets/LiveShareCard.lazy.tsx"));
  return live ? <live.LiveShareCard {...props} /> : <>{children}</>;
}
