import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { applyHead } from "./apply_head.ts";

export interface HeadProps {
  children?: ComponentChildren;
}

/** Puts its children into `<head>`, each in place of the tag that has the same key. */
export function Head({ children }: HeadProps): ComponentChildren {
  useEffect(() => applyHead(children));
  return IS_BROWSER ? null : children; // on the server, the renderer collects them
}

const IS_BROWSER = typeof document !== "undefined";
