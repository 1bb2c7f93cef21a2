import { parse } from "csv-parse/sync";
import { hasThousands } from "./cell_values.ts";
import { type Lines, readLines, type TextForm } from "../binance/files/text_lines.ts";
import type { TablePart, TableRow } from "../ports/candle_table.ts";

/** Encoding and notation of a text table. */
export interface TextDialect extends TextForm {
  readonly separator: "," | ";" | "\t" | "|";
  readonly hasDecimalCommas: boolean;
}

/** Leading lines that are compared to detect the dialect. */
const SAMPLE_LINES = 20;

/** Detects encoding, separator and decimal commas from the beginning of a text file. */
export function detectDialect(head: Uint8Array): TextDialect {
  const encoding = detectEncoding(head);
  const text = new TextDecoder(encoding).decode(head);
  const hasCrOnly = !text.includes("\n") && /\r./.test(text);
  const lines = text.split(/\r\n|\n|\r/, SAMPLE_LINES).slice(0, -1).filter((line) => line !== "");
  const widths = ([";", "\t", "|", ","] as const).map((separator) => {
    const columns = lines.map((line) => line.split(separator).length);
    return { separator, width: columns.filter((count) => count >= 5).length };
  });
  const most = Math.max(...widths.map(({ width }) => width));
  const separator = widths.find(({ width }) => width === most && width > 0)?.separator ?? ",";
  const cells = lines.flatMap((line) => line.split(separator)).map((cell) =>
    cell.trim().replaceAll('"', "")
  );
  // `62,000` alone may be either; then it is no number.
  const hasDecimalCommas = separator !== "," &&
    cells.some((cell) => /^-?\d+,\d+$/.test(cell) && !hasThousands(cell) || /^-?0,\d+$/.test(cell));
  return { encoding, separator, hasDecimalCommas, hasCrOnly };
}

/** By the byte order mark, or by the zero bytes of ASCII text in UTF-16. */
function detectEncoding(head: Uint8Array): TextDialect["encoding"] {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
  const [even, odd] = [0, 1].map((rest) =>
    head.filter((byte, i) => i % 2 === rest && byte === 0).length
  );
  if (head.length < 8 || Math.max(even!, odd!) * 3 < head.length) return "utf-8";
  return odd! > even! ? "utf-16le" : "utf-16be";
}

/**
 * Reads the rows of a text table; empty lines are left out.
 *
 * @throws `bad_payload` for bytes in another encoding and for overlong lines
 */
export async function* readTextTable(
  bytes: AsyncIterable<Uint8Array>,
  dialect: TextDialect,
  path: string,
): AsyncGenerator<TablePart> {
  for await (const lines of readLines(bytes, path, dialect)) {
    yield { rows: toRows(lines, dialect), isCut: lines.isCut };
  }
}

function toRows({ first, lines }: Lines, dialect: TextDialect): TableRow[] {
  const filled = lines.flatMap((text, i) =>
    text.trim() === "" || /^sep=.$/.test(text) ? [] : [{ text, line: first + i }]
  );
  const rows = parseCsv(filled.map(({ text }) => text).join("\n"), dialect);
  // An unclosed quote joins lines, so each line is then parsed separately.
  return rows?.length === filled.length
    ? filled.map(({ line }, i) => ({ line, cells: rows[i] }))
    : filled.map(({ line, text }) => ({ line, cells: parseCsv(text, dialect)?.[0] }));
}

function parseCsv(text: string, { separator, hasDecimalCommas }: TextDialect) {
  try {
    const rows: string[][] = parse(text, {
      delimiter: separator,
      relax_column_count: true,
      trim: true,
    });
    if (!hasDecimalCommas) return rows;
    return rows.map((cells) => cells.map((cell) => cell.replace(/^(-?\d+),(\d+)/, "$1.$2")));
  } catch {
    return undefined;
  }
}
