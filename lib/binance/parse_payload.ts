import type { z } from "zod";
import { AppError } from "../core/errors.ts";
import { toPlainText } from "../core/text/plain_text.ts";
import type { Oddities } from "./oddities.ts";

/** @throws `bad_payload` naming `what` and the invalid field */
export function parsePayload<T extends z.ZodType>(
  schema: T,
  json: unknown,
  what: string,
): z.output<T> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue!.path.length === 0 ? "" : ` at ${issue!.path.join(".")}`;
  throw new AppError("bad_payload", `Cannot read ${what}${where}: ${issue!.message}`);
}

export interface ListName {
  /** Such as `symbols of exchangeInfo`. */
  readonly what: string;
  /** Field that names an element in messages. */
  readonly key: string;
}

/** An element of a list that could not be read. */
export interface Unreadable {
  /** `undefined` when its name cannot be read either. */
  readonly name: string | undefined;
}

/** Parses a list element by element; reports and skips malformed elements. */
export function parseEach<T extends z.ZodType>(
  schema: T,
  list: readonly unknown[],
  { what, key }: ListName,
  oddities: Oddities,
): { readonly items: z.output<T>[]; readonly unreadable: Unreadable[] } {
  const items: z.output<T>[] = [];
  const unreadable: Unreadable[] = [];
  const reasons: string[] = [];
  for (const [index, element] of list.entries()) {
    const parsed = schema.safeParse(element);
    if (parsed.success) {
      items.push(parsed.data);
      continue;
    }
    const name = nameOf(element, key);
    const [issue] = parsed.error.issues;
    unreadable.push({ name });
    reasons.push(
      `${name ?? `number ${index + 1}`} (${[...issue!.path, ""].join(": ")}${issue!.message})`,
    );
  }
  if (reasons.length > 0) {
    const named = reasons.slice(0, MAX_NAMED).join(", ");
    const more = reasons.length > MAX_NAMED ? ` and ${reasons.length - MAX_NAMED} more` : "";
    oddities.report(`Skipped ${reasons.length} of ${list.length} ${what}: ${named}${more}`);
  }
  return { items, unreadable };
}

const MAX_NAMED = 5;
/** Longest quoted name in a message. */
const MAX_NAME = 40;

function nameOf(element: unknown, key: string): string | undefined {
  if (typeof element !== "object" || element === null) return undefined;
  const name = (element as Record<string, unknown>)[key];
  return typeof name === "string" && name !== "" || typeof name === "number"
    ? toPlainText(String(name), MAX_NAME)
    : undefined;
}
