/** The parts of a request that the simulator reads. */
export interface Incoming {
  readonly method: string;
  readonly path: string;
  /** Without the question mark, as received. */
  readonly query: string;
  readonly ip: string;
  header(name: string): string | undefined;
  /** The body as text; control routes only. */
  text(): Promise<string>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
}

export const JSON_TYPE = "application/json;charset=UTF-8";

export function jsonAnswer(
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return bodyAnswer(JSON.stringify(value), status, { "content-type": JSON_TYPE, ...headers });
}

export function bodyAnswer(
  body: Uint8Array | string,
  status: number,
  headers: Readonly<Record<string, string>>,
): Answer {
  return { status, headers, body };
}
