/** Maximum number of windows with a stream: HTTP/1.1 allows six connections per browser. */
export const MAX_STREAMS = 3;

/** Channel between windows of this origin; works on http in a LAN too. */
export const TURNS_CHANNEL = "wick-streams";

/** `left`, `here`: a window, by its ID. `ask`: requests the list of holders. */
export type TurnMessage =
  | { readonly took: string; readonly at: number }
  | { readonly left: string }
  | { readonly here: string }
  | { readonly ask: true };

/** HTTP/2 and later multiplex any number of streams over one connection. */
function isLimited(): boolean {
  const [page] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  return "BroadcastChannel" in globalThis && !/^h[23]/.test(page?.nextHopProtocol ?? "");
}

/**
 * Takes a turn at a stream. `onLost` is called when newer windows need it, at once if this one is
 * hidden. Call what this returns when the stream has ended.
 */
export function takeTurn(onLost: () => void): () => void {
  if (!isLimited()) return () => {};
  const channel = new BroadcastChannel(TURNS_CHANNEL);
  const say = (message: TurnMessage) => channel.postMessage(message);
  const [id, at] = [`${Math.random()}`, Date.now()];
  const newer = new Set<string>();
  let hasEnded = false;
  const end = () => {
    if (hasEnded) return;
    hasEnded = true;
    removeEventListener("pagehide", end);
    say({ left: id });
    channel.close();
  };
  channel.onmessage = ({ data }: MessageEvent<TurnMessage>) => {
    if ("ask" in data) say({ here: id });
    if ("left" in data) newer.delete(data.left);
    if (!("took" in data) || data.at < at || (data.at === at && data.took < id)) return;
    newer.add(data.took);
    if (newer.size < MAX_STREAMS && !document.hidden) return;
    end();
    onLost();
  };
  addEventListener("pagehide", end);
  say({ took: id, at });
  return end;
}
