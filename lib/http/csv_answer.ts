/**
 * A small CSV response: a header, then one line per row. Values are generated here and need no
 * quotes.
 */
export function answerCsv(
  fileName: string,
  columns: readonly string[],
  rows: readonly (readonly (string | number | undefined)[])[],
): Response {
  const lines = [columns, ...rows.map((row) => row.map((value) => value ?? ""))];
  return new Response(lines.map((line) => `${line.join(",")}\n`).join(""), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${fileName}"`,
      "cache-control": "no-cache",
    },
  });
}
