import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { everyVisible } from "../../chart/session/visible_timer.ts";
import { onIntent } from "../../chart/session/when_wanted.ts";

/** Distance from the viewport that counts as near. */
const MARGIN = "200px";

/** True if the parent of `child` is in view, or nearly so. */
export function useNear(child: RefObject<Element>): boolean {
  const isNear = useSignal(false);
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => isNear.value = entries.at(-1)!.isIntersecting,
      { rootMargin: MARGIN },
    );
    observer.observe(child.current!.parentElement!);
    return () => observer.disconnect();
  }, []);
  return isNear.value;
}

/**
 * True once the parent of `child` is in view and the reader turns to it, or `ms` after it came into
 * view. A finger does not hover before it taps, so for touch it is enough to be in view.
 */
export function useIntent(child: RefObject<Element>, ms: number): boolean {
  const isNear = useNear(child);
  const isWanted = useSignal(false);
  useEffect(() => {
    if (!isNear || isWanted.value) return;
    const want = () => void (isWanted.value = true);
    if (matchMedia("(hover: none)").matches) return want();
    const abort = new AbortController();
    onIntent(child.current!.parentElement!, want, abort.signal);
    everyVisible(ms, want, abort.signal);
    return () => abort.abort();
  }, [isNear]);
  return isWanted.value;
}
