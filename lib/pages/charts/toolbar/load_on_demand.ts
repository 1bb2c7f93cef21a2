import { useLazy } from "../../components/use_lazy.ts";

/** What few readers of the charts page need; rejects where it cannot be had. */
export function loadOnDemand() {
  return import("./on_demand.lazy.ts");
}

/** Has what follows a click come before it. */
export function prepare(): void {
  loadOnDemand().catch(() => {});
}

/** The same, from the first time that it is wanted. */
export function useOnDemand(isWanted: boolean, onFailure?: () => void) {
  return useLazy(isWanted, loadOnDemand, onFailure);
}
