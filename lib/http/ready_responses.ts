import type { Context } from "fresh";
import { LRUCache } from "lru-cache";
import type { Reuse } from "./answer_cache.ts";
import type { Services, State } from "./define.ts";
import { beginRequest, endRequest } from "./request_log.ts";

/**
 * Finished responses of the last moment. Equal requests get a copy without being routed, and
 * without building headers again, while the answer in the response is fresh.
 */
export interface ReadyResponses {
  /** Middleware that keeps the response of a route with `state.reuse`. */
  keep(ctx: Context<State>): Promise<Response>;
  find(request: Request, info: Deno.ServeHandlerInfo): Response | undefined;
}

/** Request headers on which a response with `state.reuse` may depend. */
const VARY = ["accept-encoding", "cookie", "x-mbx-time-unit"];
const VARY_BEHIND_PROXY = [...VARY, "x-forwarded-host", "x-forwarded-proto"];
const MAX_REQUESTS = 1_000;
/** Responses of one answer: an unchanged answer is kept, and clients choose cookies freely. */
const MAX_OF_ANSWER = 16;
/** No host ends before it, with `http` or `https`. */
const FIRST_PATH = "https://".length;
/** Longer addresses and headers are not worth keeping. */
const MAX_KEY_CHARS = 4_000;

interface KnownRequest extends Reuse {
  readonly route: string;
}

export function createReadyResponses(services: Services): ReadyResponses {
  const { answers, settings } = services;
  const vary = settings.proxy.hops === 0 ? VARY : VARY_BEHIND_PROXY;
  const requests = new LRUCache<string, Omit<KnownRequest, "answer">>({ max: MAX_REQUESTS });
  /** Responses by answer, so that none outlives its answer, and by request. */
  const responses = new WeakMap<object, Map<string, Response>>();

  /** `undefined` for requests that need their own response. */
  function keyOf({ method, url, headers }: Request): string | undefined {
    if (method !== "GET" || headers.get("if-none-match") !== null) return undefined;
    let key = url;
    for (const name of vary) key += `\n${headers.get(name) ?? ""}`;
    return key.length > MAX_KEY_CHARS ? undefined : key;
  }

  return {
    async keep(ctx) {
      const response = await ctx.next();
      const { reuse } = ctx.state;
      const key = reuse && response.status === 200 ? keyOf(ctx.req) : undefined;
      if (reuse === undefined || key === undefined) return response;
      const { answer, ...known } = reuse;
      requests.set(key, { ...known, route: ctx.route ?? "file" });
      const ofAnswer = responses.get(answer) ?? new Map<string, Response>();
      // Deno 2.9 loses the only header of a response that is cloned before its headers are read.
      response.headers.has("content-type");
      if (ofAnswer.size >= MAX_OF_ANSWER) ofAnswer.delete(ofAnswer.keys().next().value!);
      responses.set(answer, ofAnswer.set(key, response.clone()));
      return response;
    },
    find(request, info) {
      const key = keyOf(request);
      const known = key === undefined ? undefined : requests.get(key);
      if (key === undefined || known === undefined) return undefined;
      const answer = answers.findFresh(known.name);
      const kept = answer && responses.get(answer)?.get(key);
      if (kept === undefined) return undefined;
      const begun = beginRequest("GET", known.route);
      const response = kept.clone();
      known.addHeaders?.(response.headers, request, info);
      const { url } = request;
      endRequest(services, begun, `GET ${url.slice(url.indexOf("/", FIRST_PATH))}`, response);
      return response;
    },
  };
}
