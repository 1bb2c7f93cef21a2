import { App, csp, staticFiles } from "fresh";
import type { Services, State } from "./web/define.ts";
import { answerErrors } from "./web/error_middleware.tsx";
import { redirectToCanonical } from "./web/canonical_path.ts";
import { compressFiles } from "./web/compressed_files.ts";
import { allowOtherSites } from "./web/cors.ts";
import { completeNotAllowed, toRoutable } from "./web/methods.ts";
import { paintFirst } from "./web/paint_first.ts";
import { logRequest } from "./web/request_log.ts";
import { setSecurityHeaders } from "./web/security_headers.ts";
import { sharePages } from "./web/shared_pages.ts";
import { vendorFiles } from "./web/vendor_files.ts";

type Handler = (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

/** Fresh's app, which is handed only requests that it can route. */
class RoutableApp extends App<State> {
  override handler(): Handler {
    const answer = super.handler();
    return (request, info) => answer(toRoutable(request), info);
  }
}

/**
 * wick's web side around `services`. Tests hand in services of their own; file routes need a build
 * snapshot, from `_fresh/server.js` or from a build in memory.
 */
export function createApp(services: Services, vendorFolder: URL): App<State> {
  return new RoutableApp({ basePath: services.settings.basePath })
    .use((ctx) => {
      ctx.state.services = services;
      return ctx.next();
    })
    .use(logRequest)
    .use(sharePages)
    .use(setSecurityHeaders)
    .use(paintFirst)
    .use(allowOtherSites)
    .use(csp({ useNonce: true }))
    .use(answerErrors)
    .use(redirectToCanonical)
    .use(completeNotAllowed)
    .use(vendorFiles(vendorFolder))
    .use(compressFiles())
    .use(staticFiles())
    .fsRoutes();
}
