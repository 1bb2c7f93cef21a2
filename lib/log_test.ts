import assert from "node:assert/strict";
import { createLogger } from "./log.ts";

function linesOf(format: "text" | "json", level: "debug" | "warn" = "debug") {
  const lines: string[] = [];
  return { lines, log: createLogger({ level, format, write: (line) => lines.push(line) }) };
}

Deno.test("createLogger() writes one line per event: time, level, message, fields", () => {
  const { lines, log } = linesOf("text");
  log.info("Collected BTCUSDT 1h {as is}", { rows: 3, note: "two words", nothing: undefined });
  assert.match(
    lines.join("|"),
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info {4}Collected BTCUSDT 1h \{as is\} rows=3 note="two words"\n$/,
  );
});

Deno.test("createLogger() writes machine-readable JSON lines", () => {
  const { lines, log } = linesOf("json");
  log.warn("Late", { series: "BTCUSDT 1h", age_ms: 7 });
  const event = JSON.parse(lines[0]!);
  assert.equal(event.message, "Late");
  assert.equal(event.series, "BTCUSDT 1h");
  assert.equal(event.age_ms, 7);
});

Deno.test("createLogger() removes secrets from fields and connection strings", () => {
  for (const format of ["text", "json"] as const) {
    const { lines, log } = linesOf(format);
    log.error("Cannot connect to postgresql://wick:hunter2@host/db", { password: "hunter2" });
    const [line = ""] = lines;
    assert.equal(lines.length, 1);
    assert.ok(!line.includes("hunter2"), line);
    assert.ok(line.includes("wick:[REDACTED]@host"), line);
  }
});

Deno.test("createLogger() omits events below its level", () => {
  const { lines, log } = linesOf("text", "warn");
  log.info("quiet");
  log.error("loud");
  assert.equal(lines.length, 1);
});

Deno.test("createLogger() keeps an event on one line, whatever its message", () => {
  const { lines, log } = linesOf("text");
  log.error("GET / broke: Error: no\n    at here\n    at there");
  assert.equal(lines[0]!.trimEnd().split("\n").length, 1);
});

Deno.test("createLogger() writes the same lines to a file, and continues an existing one", async () => {
  const folder = await Deno.makeTempDir({ prefix: "wick-log-" });
  const file = `${folder}/wick.log`;
  for (const message of ["first", "second"]) {
    const lines: string[] = [];
    const write = (line: string) => lines.push(line);
    const log = createLogger({ level: "info", format: "json", file, write });
    log.info(message, { webhookUrl: "https://hooks.example/secret" });
    assert.ok((await Deno.readTextFile(file)).endsWith(lines.join("")));
  }
  const written = (await Deno.readTextFile(file)).trimEnd().split("\n");
  assert.deepEqual(written.map((line) => JSON.parse(line).message), ["first", "second"]);
  assert.ok(!written.join().includes("secret"));
  linesOf("text"); // lets go of the file
  await Deno.remove(folder, { recursive: true });
});

Deno.test("createLogger() fails immediately when its file cannot be written", () => {
  const options = { level: "info", format: "text", file: "/no/such/folder/wick.log" } as const;
  assert.throws(() => createLogger(options), /no\/such\/folder|No such file/);
});
