import { parseArgs, type ParseArgsConfig } from "node:util";
import type { z } from "zod";
import { AppError } from "../core/errors.ts";

type Flags = NonNullable<ParseArgsConfig["options"]>;

/**
 * Reads `--flag value` pairs and checks them; commas make lists where the schema wants them.
 *
 * @throws `invalid_input` in one line that names the flag
 */
export function readFlags<T extends z.ZodType>(
  args: string[],
  options: Flags,
  schema: T,
): z.output<T> {
  let values: Record<string, unknown>;
  try {
    values = parseArgs({ args, options, strict: true }).values;
  } catch (error) {
    throw new AppError("invalid_input", (error as Error).message.split("\n")[0]!);
  }
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const flag = `--${String(issue!.path[0] ?? "")}`;
  const isMissing = issue!.path[0] !== undefined && values[String(issue!.path[0])] === undefined;
  throw new AppError(
    "invalid_input",
    isMissing ? `${flag} is missing` : `${flag}: ${issue!.message}`,
  );
}
