import { toOpenApi } from "../lib/openapi/document.ts";
import { ENDPOINTS } from "../lib/openapi/endpoints.ts";
import { VERSION } from "../lib/core/version.ts";
import { noQuerySchema } from "../lib/http/queries/api_queries.ts";
import { define } from "../lib/http/define.ts";
import { answerJson } from "../lib/http/json_answer.ts";
import { byMethod } from "../lib/http/methods.ts";
import { parseQuery } from "../lib/http/queries/query.ts";

/** GET /openapi.json → the OpenAPI document. */
export const handler = define.handlers(byMethod({
  GET({ req, url, state }) {
    parseQuery(url.searchParams, noQuerySchema);
    const { basePath } = state.services.settings;
    return answerJson(req, toOpenApi(ENDPOINTS, { server: basePath || "/", version: VERSION }));
  },
}));
