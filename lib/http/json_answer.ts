import { mapInTurns } from "../event_loop.ts";
import { answerParts, answerText } from "./text_answer.ts";

const HEADERS = { "content-type": "application/json" };
/** Quotes within values are escaped, so this is always a name. */
const AGES = /"age_ms":-?[\d.]+/g;

/** Text that changes when `json` does, apart from its ages. */
function identityOf(json: string): string {
  return json.replaceAll(AGES, "");
}

/**
 * A JSON response with an ETag over `body` without ages, which change continuously. The tag is
 * therefore weak.
 */
export function answerJson(request: Request, body: unknown): Promise<Response> {
  const text = JSON.stringify(body);
  return answerText(request, { body: text, headers: HEADERS, identity: identityOf(text) });
}

/** A list of many items, and further members of its object. */
export interface LongList {
  readonly name: string;
  readonly items: readonly object[];
  readonly rest: Readonly<Record<string, unknown>>;
}

/** Items in one part of the text. */
const PART = 100;

/** The same for a long list; other requests are answered in between. */
export async function answerLongList(
  request: Request,
  { name, items, rest }: LongList,
): Promise<Response> {
  const texts = await mapInTurns(items, (item) => JSON.stringify(item));
  const parts = [`{${JSON.stringify(name)}:[`];
  for (let i = 0; i < texts.length; i += PART) {
    parts.push(`${i === 0 ? "" : ","}${texts.slice(i, i + PART).join()}`);
  }
  const members = Object.entries(rest).map(([name, value]) =>
    `,"${name}":${JSON.stringify(value)}`
  );
  parts.push(`]${members.join("")}}`);
  return await answerParts(request, { parts, headers: HEADERS, identityOf });
}
