import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";

/** How far from what is seen is near. */
const MARGIN = "200px";

/** Whether the parent of `child` has been seen, or nearly so. */
export function useNear(child: RefObject<Element>): boolean {
  const isNear = useSignal(false);
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) isNear.value = true;
      if (isNear.value) observer.disconnect();
    }, { rootMargin: MARGIN });
    observer.observe(child.current!.parentElement!);
    return () => observer.disconnect();
  }, []);
  return isNear.value;
}
