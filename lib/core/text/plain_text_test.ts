import assert from "node:assert/strict";
import { AppError, describeError } from "../errors.ts";
import { toPlainText, toPrintable } from "./plain_text.ts";

Deno.test("toPrintable() removes terminal commands and bidirectional marks, and keeps line feeds", () => {
  const hostile = "a\rb\x1b[31mc\x07\x9bd\u202ee\u2028f\tg\x00h";
  assert.equal(toPrintable(hostile), "a b [31mc d e f g h");
  assert.equal(toPrintable("one\r\n  two\n"), "one\n  two\n");
  assert.equal(toPrintable("Größe 日本 ₿"), "Größe 日本 ₿");
});

Deno.test("toPlainText() turns any text into one truncated line", () => {
  assert.equal(toPlainText(" a\n\x1b[2Jb ", 20), "a  [2Jb");
  assert.equal(toPlainText("x".repeat(1e6), 5), "xxxxx…");
  assert.equal(toPlainText("12345", 5), "12345");
});

Deno.test("an AppError and the description of any error are printable and short", () => {
  const error = new AppError("bad_payload", `Cannot read\r\x1b[31m${"x".repeat(1e6)}`);
  assert.ok(error.message.length < 5_000 && !error.message.includes("\x1b"));
  assert.equal(describeError(new Error("a\x1bb\rc")), "a b c");
});

Deno.test("describeError() writes causes in one line, and none that the message has already", () => {
  const cause = new Error("no route: refused\n\tIs it running?");
  const told = new AppError("store_unavailable", "Cannot ask: no route: refused Is it running?", {
    cause,
  });
  assert.equal(describeError(told), told.message);
  assert.equal(
    describeError(new Error("Cannot ask", { cause })),
    "Cannot ask: no route: refused Is it running?",
  );
});
