import type { ComponentChildren } from "preact";

export interface HeadProps {
  children?: ComponentChildren;
}

/**
 * Puts its children into `<head>`, each in place of the tag that has the same key. On the server
 * only: in a browser, inside an island, it does nothing.
 */
export function Head({ children }: HeadProps): ComponentChildren {
  return IS_BROWSER ? null : children; // on the server, the renderer collects them
}

const IS_BROWSER = typeof document !== "undefined";
