import { useLazy } from "../../components/use_lazy.ts";

/** Loads rarely used code of the charts page; rejects when that fails. */
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
