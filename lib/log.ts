import {
  configureSync,
  getJsonLinesFormatter,
  getLogger,
  getTextFormatter,
  type LogRecord,
  type Sink,
  type TextFormatter,
} from "@logtape/logtape";
import { getRotatingFileSink } from "@logtape/file";
import { DEFAULT_REDACT_FIELDS, redactByField, redactByPattern } from "@logtape/redaction";
import { toPrintable } from "./core/text/plain_text.ts";
import type { Logger } from "./ports/host.ts";

export interface LogOptions {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly format: "text" | "json";
  /** A second destination for every line; kept below 10 MB, with five older files. */
  readonly file?: string | undefined;
  /** Takes one line, with its line feed; standard output by default. */
  readonly write?: (line: string) => void;
}

/** Passwords inside connection strings: `postgresql://wick:…@host`. */
const URL_PASSWORD = { pattern: /(\w+:\/\/[^\s:/@]*:)[^\s@]+(?=@)/g, replacement: "$1[REDACTED]" };

/** Prints a line for the user who started the program. Only this file uses the console. */
export function printLine(line: string): void {
  // deno-lint-ignore no-console
  console.log(line);
}

/** Prints a line to standard error, separate from results. */
export function printError(line: string): void {
  // deno-lint-ignore no-console
  console.error(line);
}

const FILE = { maxSize: 10_000_000, maxFiles: 5, bufferSize: 0 } as const;

/**
 * Logs each event as one line with secrets removed.
 * @throws when the log file cannot be written
 */
export function createLogger(options: LogOptions): Logger {
  const write = options.write ?? ((line) => printLine(line.trimEnd()));
  const format = redactByPattern(FORMATS[options.format], [URL_PASSWORD]);
  const sinks: Record<string, Sink> = {
    lines: redactFields((record) => write(format(record))),
    ...options.file === undefined
      ? {}
      : { file: redactFields(getRotatingFileSink(options.file, { ...FILE, formatter: format })) },
  };
  const names = Object.keys(sinks);
  configureSync({
    reset: true,
    sinks,
    loggers: [
      { category: "wick", sinks: names, lowestLevel: LEVELS[options.level] },
      { category: ["logtape", "meta"], sinks: names, lowestLevel: "error" },
    ],
  });
  return toPort(getLogger("wick"), options.level);
}

function redactFields(sink: Sink): Sink {
  return redactByField(sink, {
    fieldPatterns: [...DEFAULT_REDACT_FIELDS, /url$/i],
    action: () => "[REDACTED]",
  });
}

const LEVELS = { debug: "debug", info: "info", warn: "warning", error: "error" } as const;

const FORMATS: Record<LogOptions["format"], TextFormatter> = {
  json: getJsonLinesFormatter({ properties: "flatten", categorySeparator: "." }),
  text: getTextFormatter({
    timestamp: "rfc3339",
    format: ({ timestamp, record, message }) =>
      `${timestamp} ${record.level.padEnd(7)} ${message.replaceAll("\n", "\\n")}${
        fieldsOf(record)
      }`,
  }),
};

function fieldsOf(record: LogRecord): string {
  return Object.entries(record.properties)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${/^[\w.:+-]+$/.test(`${value}`) ? value : quote(value)}`)
    .join("");
}

function quote(value: unknown): string {
  return toPrintable(JSON.stringify(typeof value === "object" ? value : String(value)));
}

/** The message is plain text, not a template: braces are literal. It may quote outside text. */
function toPort(log: ReturnType<typeof getLogger>, level: LogOptions["level"]): Logger {
  const escape = (message: string) =>
    toPrintable(message).replaceAll("{", "{{").replaceAll("}", "}}");
  return {
    // Every request has one: the text is not made for nothing.
    debug: level === "debug" ? (message, fields) => log.debug(escape(message), fields) : () => {},
    info: (message, fields) => log.info(escape(message), fields),
    warn: (message, fields) => log.warn(escape(message), fields),
    error: (message, fields) => log.error(escape(message), fields),
  };
}
