import { z } from "zod";
import {
  createDocument,
  type ZodOpenApiMediaTypeObject,
  type ZodOpenApiOperationObject,
} from "zod-openapi";
import { failureAnswer } from "./answers.ts";
import type { Answer, Endpoint, FailureStatus } from "./endpoint.ts";

export interface DocumentOptions {
  /** Base URL of the API, including the base path. */
  readonly server: string;
  readonly version: string;
}

const FAILURE_WORDS: Record<FailureStatus, string> = {
  400: "A parameter is malformed, empty, repeated, missing or unknown; the message names it",
  404: "The symbol or series is not stored",
  405: "Only GET and HEAD are allowed; see `Allow`",
  410: "Too many candles have closed since `Last-Event-ID`; the message contains a URL for them",
  416: "The byte range is outside the file",
  429: "Too many requests; `Retry-After` gives the seconds to wait",
  503: "Temporarily unavailable; `Retry-After` gives the seconds to wait, if known",
};

/** The OpenAPI 3.1 description of `endpoints`: https://spec.openapis.org/oas/v3.1.1.html. */
export function toOpenApi(endpoints: readonly Endpoint[], options: DocumentOptions) {
  return createDocument({
    openapi: "3.1.1",
    info: {
      title: "wick",
      version: options.version,
      description:
        "Binance spot candles, complete and exact. All endpoints are read with GET. Times " +
        "in queries are epoch milliseconds or ISO 8601; ranges are half-open, `[from, to)`.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: options.server }],
    tags: [...new Set(endpoints.map(({ group }) => group))].map((name) => ({ name })),
    paths: Object.fromEntries(
      endpoints.map((endpoint) => [endpoint.path, { get: toOperation(endpoint) }]),
    ),
  });
}

function toOperation(endpoint: Endpoint): ZodOpenApiOperationObject {
  const { path, group, summary, description, answers, failures } = endpoint;
  const failure = { schema: endpoint.failureSchema ?? failureAnswer };
  return {
    operationId: path.slice(1).replaceAll(/\W+(\w)/g, (_, letter) => letter.toUpperCase()),
    tags: [group],
    summary,
    description,
    security: [],
    requestParams: { query: withDefaults(endpoint.query) },
    responses: {
      "200": {
        description: summary,
        headers: toHeaders(endpoint),
        content: Object.fromEntries(answers.map((answer) => [answer.type, toMedia(answer)])),
      },
      ...Object.fromEntries(failures.map((status) => [
        `${status}`,
        { description: FAILURE_WORDS[status], content: { "application/json": failure } },
      ])),
    },
  };
}

function toHeaders({ headers = {}, optionalHeaders = {} }: Endpoint) {
  const always = new Set(Object.keys(headers));
  return Object.fromEntries(
    Object.entries({ ...headers, ...optionalHeaders }).map(([name, description]) => [
      name,
      { description, required: always.has(name), schema: { type: "string" as const } },
    ]),
  );
}

function toMedia({ schema, text }: Answer): ZodOpenApiMediaTypeObject {
  return { schema: schema ?? z.string().meta({ description: text ?? "" }) };
}

/**
 * Moves a parameter's description, example and default to where OpenAPI readers expect them: zod
 * would drop those of a schema that converts text.
 */
function withDefaults(query: z.ZodObject): z.ZodObject {
  return z.object(Object.fromEntries(
    Object.entries(query.shape as Record<string, z.ZodType>).map(([name, schema]) => {
      const { description, examples, ...meta } = schema.meta() ?? {};
      const given = defaultOf(schema);
      const override = given === undefined ? {} : { default: given };
      const [example] = (examples ?? []) as unknown[];
      const param = {
        ...description === undefined ? {} : { description },
        ...example === undefined ? {} : { example },
      };
      return [name, schema.meta({ ...meta, override, param })];
    }),
  ));
}

/** The default of a parameter; `undefined` when it has none. */
export function defaultOf(schema: z.ZodType): unknown {
  return schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;
}
