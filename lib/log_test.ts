import assert from "node:assert/strict";
import { createLogger } from "./log.ts";

function linesOf(format: "text" | "json", level: "debug" | "warn" = "debug") {
  const lines: string[] = [];
  return { lines, log: createLogger({ level, format, write: (line) => lines.push(line) }) };
}

Deno.test("createLogger() writes one line an event: time, level, message, fields", () => {
  const { lines, log } = linesOf("text");
  log.info("Collected BTCUSDT 1h {as is}", { rows: 3, note: "two words", nothing: undefined });
  assert.match(
    lines.join("|"),
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info {4}Collected BTCUSDT 1h \{as is\} rows=3 note="two words"\n$/,
  );
});

Deno.test("createLogger() writes JSON lines that a machine can read", () => {
  const { lines, log } = linesOf("json");
  log.warn("Late", { series: "BTCUSDT 1h", age_ms: 7 });
  const event = JSON.parse(lines[0]!);
  assert.equal(event.message, "Late");
  assert.equal(event.series, "BTCUSDT 1h");
  assert.equal(event.age_ms, 7);
});

Deno.test("createLogger() lets no secret through, in fields or in connection strings", () => {
  for (const format of ["text", "json"] as const) {
    const { lines, log } = linesOf(format);
    log.error("Cannot connect to postgresql://wick:hunter2@host/db", { password: "hunter2" });
    const [line = ""] = lines;
    assert.equal(lines.length, 1);
    assert.ok(!line.includes("hunter2"), line);
    assert.ok(line.includes("wick:[REDACTED]@host"), line);
  }
});

Deno.test("createLogger() leaves out what is below its level", () => {
  const { lines, log } = linesOf("text", "warn");
  log.info("quiet");
  log.error("loud");
  assert.equal(lines.length, 1);
});
