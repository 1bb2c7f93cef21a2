export interface IslandMarker {
  name: string;
  index: number;
  key: string;
  start: Comment;
  end: Comment;
}

export interface SlotRange {
  start: Comment;
  end: Comment;
}

export interface Markers {
  /** Islands that are not inside another one. */
  roots: IslandMarker[];
  slots: Map<number, SlotRange>;
}

/** Reads `frsh:island:<name>:<props index>:<key>`. */
export function parseIslandMarker(text: string): Omit<IslandMarker, "start" | "end"> | null {
  const match = /^frsh:island:([^:]+):(\d+):(.*)$/.exec(text);
  return match &&
    { name: match[1]!, index: Number(match[2]), key: decodeURIComponent(match[3]!) };
}

/** Finds the comments around islands and slots. */
export function findMarkers(container: Node): Markers {
  const roots: IslandMarker[] = [];
  const slots = new Map<number, SlotRange>();
  const open: Comment[] = [];
  const walker = document.createTreeWalker(container, NodeFilter.SHOW_COMMENT);
  while (walker.nextNode()) {
    const comment = walker.currentNode as Comment;
    if (/^frsh:(?:island|slot):/.test(comment.data)) open.push(comment);
    if (!/^\/frsh:(?:island|slot)$/.test(comment.data)) continue;
    const start = open.pop();
    if (start === undefined) continue;
    const island = parseIslandMarker(start.data);
    if (island === null) {
      slots.set(parseInt(start.data.slice(10)), { start, end: comment });
    } else if (open.length === 0) {
      roots.push({ ...island, start, end: comment });
    }
  }
  return { roots, slots };
}
