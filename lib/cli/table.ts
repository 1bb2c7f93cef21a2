/** Columns side by side; numbers lie at the right. Trailing blanks are left out. */
export function toTable(
  titles: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string[] {
  const text = (cell: string | number) =>
    typeof cell === "number" ? cell.toLocaleString("en") : cell;
  const isNumber = titles.map((_, i) => rows.some((row) => typeof row[i] === "number"));
  const width = titles.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => text(row[i]!).length))
  );
  const toLine = (cells: readonly string[]) =>
    cells.map((cell, i) => isNumber[i] ? cell.padStart(width[i]!) : cell.padEnd(width[i]!))
      .join("  ").trimEnd();
  return [titles, ...rows.map((row) => row.map(text))].map(toLine);
}
