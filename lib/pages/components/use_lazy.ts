import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/**
 * Imports code with `load` when it is first needed. `onFailure` is called when that fails, for
 * example because a newer version has been deployed since the page was rendered.
 */
export function useLazy<T>(
  isWanted: boolean,
  load: () => Promise<T>,
  onFailure = () => {},
): T | undefined {
  const loaded = useSignal<T | undefined>(undefined);
  useEffect(() => {
    if (!isWanted || loaded.value !== undefined) return;
    load().then((it) => loaded.value = it, onFailure);
  }, [isWanted]);
  return loaded.value;
}
