import { ApiError } from "./api_error.ts";

/** Unit of times in responses. */
export type TimeUnit = "ms" | "us";

/** The unit requested by the header `X-MBX-TIME-UNIT`. */
export function parseTimeUnit(header: string | undefined): TimeUnit {
  if (header === undefined || /^millisecond$/i.test(header)) return "ms";
  if (/^microsecond$/i.test(header)) return "us";
  throw new ApiError(
    -1194,
    "Invalid value for time unit; expected either MICROSECOND or MILLISECOND.",
  );
}
