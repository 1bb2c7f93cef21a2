import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

type OnDemand = typeof import("./on_demand.ts");

/**
 * What few readers of the charts page need, which is no part of it before. Rejects where it cannot
 * be had: a newer version may have taken the server's place since the page was made.
 */
export function loadOnDemand(): Promise<OnDemand> {
  return import("./on_demand.ts");
}

/** The same, from the first time that it is wanted. `onFailure` is called where it cannot be had. */
export function useOnDemand(isWanted: boolean, onFailure = () => {}): OnDemand | undefined {
  const loaded = useSignal<OnDemand | undefined>(undefined);
  useEffect(() => {
    if (!isWanted || loaded.value !== undefined) return;
    loadOnDemand().then((it) => loaded.value = it, onFailure);
  }, [isWanted]);
  return loaded.value;
}
