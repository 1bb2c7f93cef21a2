import assert from "node:assert/strict";
import { formatCursor, formatNameCursor, parseCursor, parseNameCursor } from "./cursor.ts";

const MARKS = [
  { lineage: 0, version: 0 },
  { lineage: 4503599627370494, version: 123 },
  { lineage: 77, version: Number.MAX_SAFE_INTEGER },
];

Deno.test("parseCursor() reads what formatCursor() wrote, which needs no escaping", () => {
  const text = formatCursor(MARKS);
  assert.equal(encodeURIComponent(text), text);
  assert.deepEqual(
    [...parseCursor(text)],
    MARKS.map(({ lineage, version }) => [lineage, version]),
  );
});

Deno.test("parseCursor() rejects everything else, including each single lost or changed letter", () => {
  const text = formatCursor(MARKS);
  const bent = [...text].flatMap((char, i) => [
    text.slice(0, i) + text.slice(i + 1),
    text.slice(0, i) + (char === "1" ? "2" : "1") + text.slice(i + 1),
  ]);
  for (const other of ["", "0", "abc", "~", `${text}~`, `${text}x`, "1-1", "%00", ...bent]) {
    if (other !== text) assert.throws(() => parseCursor(other), RangeError, other);
  }
});

Deno.test("parseNameCursor() reads what formatNameCursor() wrote, and rejects everything else", () => {
  for (const name of ["BTCUSDT 1h", "币安人生USDT 1M", ""]) {
    const text = formatNameCursor(name);
    assert.equal(encodeURIComponent(text), text);
    assert.equal(parseNameCursor(text), name);
    for (const other of [`${text}x`, `x${text}`, text.slice(1), text.slice(0, -1), `${text}~`]) {
      assert.throws(() => parseNameCursor(other), RangeError, other);
    }
  }
  for (const other of ["", "~", "abc", formatCursor(MARKS)]) {
    assert.throws(() => parseNameCursor(other), RangeError, other);
  }
});
