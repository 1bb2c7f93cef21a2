import { useEffect } from "preact/hooks";
import { Icon } from "../lib/pages/components/Icon.tsx";
import { useLazy } from "../lib/pages/components/use_lazy.ts";

export interface PageRefreshProps {
  readonly everyS: number;
  /** Where the page goes without scripts, to load itself again from time to time or to stop that. */
  readonly href: string;
  /** Whether the page loads itself again, without scripts. */
  readonly isRefreshing: boolean;
}

/**
 * Keeps the page's live parts current without a reload. Before scripts run it is a link that does
 * the same by way of the server.
 */
export default function PageRefresh({ everyS, href, isRefreshing }: PageRefreshProps) {
  const live = useLazy(true, () => import("../lib/pages/components/RefreshButton.lazy.tsx"));
  useEffect(() => {
    if (isRefreshing) location.replace(href); // from here on this is at work, not the server's header
  }, []);
  if (live) return <live.RefreshButton everyS={everyS} />;
  return (
    <a class="button refresh" href={href}>
      <Icon name={isRefreshing ? "frozen" : "later"} />
      {isRefreshing ? "Pause refresh" : `Refresh every ${everyS} s`}
    </a>
  );
}
