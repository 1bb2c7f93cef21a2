import type { ComponentChildren, VNode } from "preact";
import type { BuildAssets, Island } from "../build/build_assets.ts";

/** The page's address and build. */
export interface PageTarget {
  buildCache: BuildAssets;
  /** The base path, which begins every URL that the framework writes. */
  prefix: string;
  path: string;
  search: string;
}

export interface IslandUse {
  island: Island;
  props: Record<string, unknown>;
}

export interface Slot {
  name: string;
  children: ComponentChildren;
  isRendered: boolean;
}

export interface HeadTag {
  type: string;
  props: Record<string, unknown>;
}

/** State of one render. */
export class RenderState {
  readonly uses: IslandUse[] = [];
  readonly islands = new Set<Island>();
  readonly slots: Slot[] = [];
  /** Elements given to `<Head>`, by the key under which one replaces another. */
  readonly headTags = new Map<string, HeadTag>();
  /** Depth of `<Head>` components. */
  headDepth = 0;
  hasHtml = false;
  hasHead = false;
  hasBody = false;
  /** Inline scripts and styles have it whether or not a policy requires one, as in Fresh. */
  readonly nonce = crypto.randomUUID().replaceAll("-", "");
  /** The islands and slots around the current vnode, the innermost last. */
  #inside: { vnode: VNode; isIsland: boolean }[] = [];
  #expected: VNode | null = null;

  constructor(readonly target: PageTarget) {}

  /** True if an island renders the current vnode; its children props belong to the page. */
  get isInIsland(): boolean {
    return this.#inside.at(-1)?.isIsland ?? false;
  }

  /** Announces the vnode that renders an island, once it is marked. */
  expect(vnode: VNode): void {
    this.#expected = vnode;
  }

  isExpected(vnode: VNode): boolean {
    return this.#expected === vnode;
  }

  enter(vnode: VNode, isIsland: boolean): void {
    this.#inside.push({ vnode, isIsland });
  }

  leave(vnode: VNode): void {
    if (this.#inside.at(-1)?.vnode === vnode) this.#inside.pop();
  }
}

let current: RenderState | null = null;

/** The current render; rendering is synchronous, so there is at most one. */
export function currentRender(): RenderState | null {
  return current;
}

export function withRender<T>(state: RenderState, render: () => T): T {
  const outer = current;
  current = state;
  try {
    return render();
  } finally {
    current = outer;
  }
}
