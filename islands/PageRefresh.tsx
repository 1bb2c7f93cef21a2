import { useEffect } from "preact/hooks";
import { Icon } from "../lib/pages/components/Icon.tsx";
import { useLazy } from "../lib/pages/components/use_lazy.ts";

export interface PageRefreshProps {
  readonly everyS: number;
  /** Link that starts or stops periodic reloading without scripts. */
  readonly href: string;
  /** True if the page reloads periodically without scripts. */
  readonly isRefreshing: boolean;
}

/**
 * Updates the page's live parts without a reload. Before scripts run it is a link that makes the
 * server reload the page.
 */
export default function PageRefresh({ everyS, href, isRefreshing }: PageRefreshProps) {
  const live = useLazy(true, () => import("../lib/pages/components/RefreshButton.lazy.tsx"));
  useEffect(() => {
    if (isRefreshing) location.replace(href); // replaces the server's Refresh header
  }, []);
  if (live) return <live.RefreshButton everyS={everyS} />;
  return (
    <a class="button refresh" href={href}>
      <Icon name={isRefreshing ? "frozen" : "later"} />
      {isRefreshing ? "Pause refresh" : `Refresh every ${everyS} s`}
    </a>
  );
}
