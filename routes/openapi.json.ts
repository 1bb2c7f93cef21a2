import { toOpenApi } from "../lib/openapi/document.ts";
import { ENDPOINTS } from "../lib/openapi/endpoints.ts";
import { VERSION } from "../lib/ui/version.ts";
import { noQuerySchema } from "../lib/web/api_queries.ts";
import { define } from "../lib/web/define.ts";
import { answerJson } from "../lib/web/json_answer.ts";
import { byMethod } from "../lib/web/methods.ts";
import { parseQuery } from "../lib/web/query.ts";

/** GET /openapi.json → the HTTP API for machines. */
export const handler = define.handlers(byMethod({
  GET({ req, url, state }) {
    parseQuery(url.searchParams, noQuerySchema);
    const { basePath } = state.services.settings;
    return answerJson(req, toOpenApi(ENDPOINTS, { server: basePath || "/", version: VERSION }));
  },
}));
