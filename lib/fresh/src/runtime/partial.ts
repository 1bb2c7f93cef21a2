import type { ComponentChildren, VNode } from "preact";

export interface PartialProps {
  children?: ComponentChildren;
  /** Unique on a page. */
  name: string;
  mode?: "replace" | "prepend" | "append";
}

/** Renders its children; client navigation is left out here. */
export function Partial(props: PartialProps): VNode {
  return props.children as VNode;
}
Partial.displayName = "Partial";
