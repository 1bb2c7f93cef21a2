import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";

/**
 * What `load` imports, from the first time that it is wanted; it is no part of the page before.
 * `onFailure` is called where it cannot be had: a newer version may have taken the server's place
 * since the page was made.
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
