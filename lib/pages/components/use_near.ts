import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

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
