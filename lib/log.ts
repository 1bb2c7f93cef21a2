import {
  configureSync,
  getJsonLinesFormatter,
  getLogger,
  getTextFormatter,
  type LogRecord,
  type TextFormatter,
} from "@logtape/logtape";
import { DEFAULT_REDACT_FIELDS, redactByField, redactByPattern } from "@logtape/redaction";
import type { Logger } from "./ports.ts";

export interface LogOptions {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly format: "text" | "json";
  /** Takes one line, with its line feed; standard output by default. */
  readonly write?: (line: string) => void;
}

/** Passwords inside connection strings: `postgresql://wick:…@host`. */
const URL_PASSWORD = { pattern: /(\w+:\/\/[^\s:/@]*:)[^\s@]+(?=@)/g, replacement: "$1[REDACTED]" };

/** A line for whoever started the program. This file alone touches the console. */
export function printLine(line: string): void {
  // deno-lint-ignore no-console
  console.log(line);
}

/** A line for whoever started the program, where results do not get mixed with it. */
export function printError(line: string): void {
  // deno-lint-ignore no-console
  console.error(line);
}

/** One line an event, secrets taken out. */
export function createLogger(options: LogOptions): Logger {
  const write = options.write ?? ((line) => printLine(line.trimEnd()));
  const format = redactByPattern(FORMATS[options.format], [URL_PASSWORD]);
  configureSync({
    reset: true,
    sinks: {
      lines: redactByField((record) => write(format(record)), {
        fieldPatterns: [...DEFAULT_REDACT_FIELDS, /url$/i],
        action: () => "[REDACTED]",
      }),
    },
    loggers: [
      { category: "wick", sinks: ["lines"], lowestLevel: LEVELS[options.level] },
      { category: ["logtape", "meta"], sinks: ["lines"], lowestLevel: "error" },
    ],
  });
  return toPort(getLogger("wick"));
}

const LEVELS = { debug: "debug", info: "info", warn: "warning", error: "error" } as const;

const FORMATS: Record<LogOptions["format"], TextFormatter> = {
  json: getJsonLinesFormatter({ properties: "flatten", categorySeparator: "." }),
  text: getTextFormatter({
    timestamp: "rfc3339",
    format: ({ timestamp, record, message }) =>
      `${timestamp} ${record.level.padEnd(7)} ${message}${fieldsOf(record)}`,
  }),
};

function fieldsOf(record: LogRecord): string {
  return Object.entries(record.properties)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${/^[\w.:+-]+$/.test(`${value}`) ? value : quote(value)}`)
    .join("");
}

function quote(value: unknown): string {
  return JSON.stringify(typeof value === "object" ? value : String(value));
}

/** The message is text, not a template: braces in it mean braces. */
function toPort(log: ReturnType<typeof getLogger>): Logger {
  const escape = (message: string) => message.replaceAll("{", "{{").replaceAll("}", "}}");
  return {
    debug: (message, fields) => log.debug(escape(message), fields),
    info: (message, fields) => log.info(escape(message), fields),
    warn: (message, fields) => log.warn(escape(message), fields),
    error: (message, fields) => log.error(escape(message), fields),
  };
}
