import { App, csp, staticFiles } from "fresh";
import type { Services, State } from "./http/define.ts";
import { answerErrors } from "./pages/shell/error_middleware.tsx";
import { answerInTime } from "./http/answer_in_time.ts";
import { redirectToCanonical } from "./http/canonical_path.ts";
import { compressFiles } from "./http/compressed_files.ts";
import { allowOtherSites } from "./http/cors.ts";
import { limitRequests } from "./http/turns.ts";
import { completeNotAllowed, toRoutable, withoutLength } from "./http/methods.ts";
import { paintFirst } from "./pages/charts/paint_first.ts";
import { createReadyResponses, type ReadyResponses } from "./http/ready_responses.ts";
import { logRequest } from "./http/request_log.ts";
import { setSecurityHeaders } from "./http/security_headers.ts";
import { sharePages } from "./pages/shell/shared_pages.ts";
import { vendorFiles } from "./http/vendor_files.ts";

type Handler = (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

/** Fresh's app, which is handed only requests without a ready response, and that it can route. */
class RoutableApp extends App<State> {
  readonly #ready: ReadyResponses;

  constructor(basePath: string, ready: ReadyResponses) {
    super({ basePath });
    this.#ready = ready;
  }

  override handler(): Handler {
    const answer = super.handler();
    return (request, info) => {
      const ready = info && this.#ready.find(request, info);
      if (ready !== undefined) return Promise.resolve(ready);
      const response = answer(toRoutable(request), info);
      return request.method === "HEAD" ? response.then(withoutLength) : response;
    };
  }
}

/**
 * wick's web side around `services`. Tests pass their own services; file routes need a build
 * snapshot, from `_fresh/server.js` or from a build in memory.
 */
export function createApp(services: Services, vendorFolder: URL): App<State> {
  const ready = createReadyResponses(services);
  return new RoutableApp(services.settings.basePath, ready)
    .use((ctx) => {
      ctx.state.services = services;
      return ctx.next();
    })
    .use(logRequest)
    .use(ready.keep)
    .use(sharePages)
    .use(setSecurityHeaders)
    .use(paintFirst)
    .use(allowOtherSites)
    .use(csp({ useNonce: true }))
    .use(answerErrors)
    .use(answerInTime)
    .use(limitRequests)
    .use(redirectToCanonical)
    .use(completeNotAllowed)
    .use(vendorFiles(vendorFolder))
    .use(compressFiles())
    .use(staticFiles())
    .fsRoutes();
}
