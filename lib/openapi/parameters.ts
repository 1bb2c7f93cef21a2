import { z } from "zod";
import { defaultOf } from "./document.ts";

/** A parameter as shown to readers. */
export interface Parameter {
  readonly name: string;
  readonly isRequired: boolean;
  readonly description: string;
  /** Allowed values, if there are few. */
  readonly values: readonly string[];
  /** The default value. */
  readonly default: string | undefined;
  readonly example: string | undefined;
}

/** The parameters of a query's schema, in its order. */
export function toParameters(query: z.ZodObject): Parameter[] {
  return Object.entries(query.shape as Record<string, z.ZodType>).map(([name, schema]) => {
    const { description = "", examples = [] } = schema.meta() ?? {};
    const given = defaultOf(schema);
    const [example] = examples as unknown[];
    const { enum: values = [] } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
    return {
      name,
      isRequired: !z.object({ schema }).safeParse({}).success,
      description,
      values: values.map(String),
      default: given === undefined ? undefined : String(given),
      example: example === undefined ? undefined : String(example),
    };
  });
}
