export type Handler = (request: Request, info?: Deno.ServeHandlerInfo) => Promise<Response>;

export function get(handler: Handler, path: string, init?: RequestInit): Promise<Response> {
  return handler(new Request(`http://localhost${path}`, init));
}

/** Status and body of a response. */
export async function answerOf(
  handler: Handler,
  path: string,
  init?: RequestInit,
): Promise<[number, string]> {
  const response = await get(handler, path, init);
  return [response.status, await response.text()];
}

/** The HTML between `<body>` and `</body>`. */
export async function bodyOf(handler: Handler, path: string): Promise<string> {
  const html = await (await get(handler, path)).text();
  return /<body[^>]*>([^]*)<\/body>/.exec(html)?.[1] ?? html;
}

/** Runs a test that is meant to log errors, without showing them. */
export async function quietly<T>(run: () => Promise<T>): Promise<T> {
  const { console } = globalThis;
  const { error } = console;
  Object.assign(console, { error() {} });
  try {
    return await run();
  } finally {
    Object.assign(console, { error });
  }
}
