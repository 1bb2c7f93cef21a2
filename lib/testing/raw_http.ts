export interface ReadOptions {
  /** Time limit of a connection; default none. */
  readonly limitMs?: number;
  /** True if the `size` bytes received so far are complete. */
  readonly isEnough?: (text: string, size: number) => boolean;
}

/**
 * Sends `text` unchanged, and returns everything received until the server closes the connection.
 */
export async function exchange(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  text: string,
  options: ReadOptions = {},
): Promise<string> {
  const connection = await Deno.connect({ hostname, port });
  await connection.write(new TextEncoder().encode(text));
  return await readToEnd(connection, options);
}

/** Reads until the server closes the connection, and closes it. */
export async function readToEnd(
  connection: Deno.TcpConn,
  { limitMs, isEnough = () => false }: ReadOptions = {},
): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  let [text, size] = ["", 0];
  let isLate = false;
  const giveUp = () => {
    isLate = true;
    connection.close();
  };
  const timer = limitMs === undefined ? undefined : setTimeout(giveUp, limitMs);
  try {
    for (let n; (n = await connection.read(buffer)) !== null;) {
      text += decoder.decode(buffer.subarray(0, n), { stream: true });
      size += n;
      if (isEnough(text, size)) break;
    }
  } catch {
    // A reset also ends the connection.
  }
  clearTimeout(timer);
  if (isLate) throw new Error(`no end within ${limitMs} ms: ${text.slice(0, 500)}`);
  connection.close();
  return text;
}

/** A GET request with `headers` that closes the connection afterwards. */
export function getRequest(target: string, headers: readonly string[], method = "GET"): string {
  return [`${method} ${target} HTTP/1.1`, ...headers, "Connection: close", "", ""].join("\r\n");
}
