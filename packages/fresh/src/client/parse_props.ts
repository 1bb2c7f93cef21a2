import { computed, signal } from "@preact/signals";
import { Fragment, h, type VNode } from "preact";
import { unflatten } from "./unflatten.ts";

export type IslandProps = Record<string, unknown>;

export interface ParsedProps {
  /** By the index in the island's marker. */
  props: IslandProps[];
  /** Fragments in place of JSX, to be filled with the server's HTML. */
  slotNodes: Map<number, VNode>;
}

export function parseProps(serialized: string): ParsedProps {
  const slotNodes = new Map<number, VNode>();
  const props: IslandProps[] = unflatten(serialized, {
    Signal: ([value]: [unknown]) => signal(value),
    Computed: ([value]: [unknown]) => computed(() => value),
    Slot([id]: [number]) {
      const vnode = h(Fragment, null);
      slotNodes.set(id, vnode);
      return vnode;
    },
  });
  return { props, slotNodes };
}
