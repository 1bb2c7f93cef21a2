/** Sends `text` as it is, and returns what comes back until the other side ends the connection. */
export async function exchange(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  text: string,
): Promise<string> {
  const connection = await Deno.connect({ hostname, port });
  await connection.write(new TextEncoder().encode(text));
  return await readToEnd(connection);
}

/** Reads until the other side ends the connection, and closes it. */
export async function readToEnd(connection: Deno.TcpConn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  let text = "";
  try {
    for (let n; (n = await connection.read(buffer)) !== null;) {
      text += decoder.decode(buffer.subarray(0, n), { stream: true });
    }
  } catch {
    // reset is an end, too
  }
  connection.close();
  return text;
}

/** A GET request with `headers`, after which the server ends the connection. */
export function getRequest(target: string, headers: readonly string[], method = "GET"): string {
  return [`${method} ${target} HTTP/1.1`, ...headers, "Connection: close", "", ""].join("\r\n");
}
