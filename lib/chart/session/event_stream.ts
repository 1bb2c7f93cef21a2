/** One event of a stream; an event without `event:` is a `message`. */
export interface StreamEvent {
  readonly name: string;
  readonly data: string;
  readonly id: string | undefined;
}

/**
 * Reads `text/event-stream` as it comes in, in pieces that may end anywhere, by the rules of
 * https://html.spec.whatwg.org/multipage/server-sent-events.html: lines end with CR, LF or both,
 * an empty line ends an event, comments and unknown fields are passed over, an event without data
 * is none.
 */
export function eventStreamReader(onEvent: (event: StreamEvent) => void): (piece: string) => void {
  let rest = "";
  let [name, data, id]: [string, string[], string | undefined] = ["", [], undefined];
  const readLine = (line: string) => {
    if (line === "") {
      if (data.length > 0) onEvent({ name: name || "message", data: data.join("\n"), id });
      [name, data] = ["", []];
      return;
    }
    const [, field, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!;
    if (field === "data") data.push(value);
    else if (field === "event") name = value;
    else if (field === "id" && !value.includes("\0")) id = value;
  };
  return (piece) => {
    // A CR at the end may be the first half of CR LF.
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop()!;
    lines.forEach(readLine);
  };
}
