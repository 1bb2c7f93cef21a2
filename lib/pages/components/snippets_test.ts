import assert from "node:assert/strict";
import { join } from "node:path";
import { klinesFrom } from "../../testing/klines.ts";
import {
  evalWithPackages,
  type ProgramResult,
  runClient,
  runProgram,
} from "../../testing/client_program.ts";
import { createPageApp } from "../../testing/page_app.ts";
import {
  BASH,
  CURL,
  getProgram,
  PANDAS,
  type Program,
  programTest,
  PYTHON,
  R,
} from "../../testing/programs.ts";
import { parseTime } from "../../core/time.ts";
import { type Snippet, toSnippets } from "./snippets.ts";

const now = parseTime("2024-02-03T00:01Z");
const app = await createPageApp({ symbols: ["ETHUSDT"], intervals: ["4h"], now });
const candles = klinesFrom("2023-12-01", "4h", 384).toSpliced(200, 2);
await app.addKlines("ETHUSDT", "4h", candles);
const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, app.handler);
const origin = `http://127.0.0.1:${server.addr.port}`;
const folder = await Deno.makeTempDir({ prefix: "wick-snippets-" });
Deno.test.afterAll(async () => {
  await server.shutdown();
  await app.close();
  await Deno.remove(folder, { recursive: true });
});

const RANGE = { from: "2024-01-01", to: "2024-02-01" };
const snippets = toSnippets({ origin, symbol: "ETHUSDT", interval: "4h", ...RANGE });
const csv = await (await fetch(
  `${origin}/export?symbol=ETHUSDT&interval=4h&from=${RANGE.from}&to=${RANGE.to}`,
)).text();
const rows = csv.trimEnd().split("\n").slice(1).map((line) => line.split(","));
const closes = rows.map((row) => Number(row[4]));
const highest = Math.max(...closes);

/** Runs an example unchanged, and checks its result. */
const RUNS: Record<string, (snippet: Snippet) => Promise<void>> = {
  async curl({ code }) {
    requireDone(await runProgram(getProgram(BASH), ["-c", code], { cwd: folder }));
    assert.equal(await Deno.readTextFile(join(folder, "ETHUSDT-4h.csv")), csv);
  },
  async pandas({ code }) {
    const { out } = requireDone(await runProgram(getProgram(PANDAS), ["-c", code]));
    assert.match(out, new RegExp(`count +${rows.length}\\.0`));
    assert.match(out, new RegExp(`max +${highest.toFixed(6)}`));
  },
  /** Debian has no polars, so only the syntax is checked. */
  async polars({ code }) {
    const parse = "import ast, sys; print(ast.dump(ast.parse(sys.argv[1])))";
    const { out } = requireDone(await runProgram(getProgram(PYTHON), ["-c", parse, code]));
    assert.match(out, new RegExp(`${RANGE.from}&to=${RANGE.to}`));
  },
  /** DuckDB would download an extension to read URLs, so it gets the file instead. */
  async DuckDB({ code }) {
    const file = join(folder, "duckdb.csv");
    await Deno.writeTextFile(file, csv);
    const local = code.replace(/'https?:[^']*'/, `'${file}'`);
    assert.notEqual(local, code);
    const { out } = requireDone(await runClient("duckdb", [local]));
    const [[max]] = JSON.parse(out);
    assert.equal(max, highest.toFixed(8));
  },
  async R({ code }) {
    const { out } = requireDone(await runProgram(getProgram(R), ["-e", code]));
    const summary = out.trim().split("\n").at(-1)!.trim().split(/\s+/);
    assert.equal(summary.length, 6);
    assert.ok(Math.abs(Number(summary[5]) - highest) / highest < 0.01, out);
    const check = `${code}\ncat(format(candles$open_time[1], "%F %H:%M"), nrow(candles))`;
    const told = requireDone(await runProgram(getProgram(R), ["-e", check])).out;
    assert.match(told, new RegExp(`2024-01-01 00:00 ${rows.length}$`));
  },
  async JavaScript({ code }) {
    const { out } = requireDone(await runProgram(Deno.execPath(), ["eval", code]));
    assert.match(out, /^2024-02-02T20:00:00\.000Z [\d.]+\n$/);
  },
  async ccxt({ code }) {
    const { out } = requireDone(await evalWithPackages(code));
    const from = parseTime(RANGE.from);
    const held = candles.filter(({ openTime }) => openTime >= from);
    assert.match(out, new RegExp(`^ETH/USDT ${held.length} \\[\\s+${from},`));
  },
};

/** Programs besides Deno that run the examples. */
const NEEDS: Record<string, readonly Program[]> = {
  curl: [BASH, CURL],
  pandas: [PANDAS],
  polars: [PYTHON],
  R: [R],
};

function requireDone(result: ProgramResult): ProgramResult {
  assert.equal(result.code, 0, result.err);
  return result;
}

for (const snippet of snippets) {
  programTest(NEEDS[snippet.name] ?? [], `the ${snippet.name} example works`, () => {
    assert.ok(snippet.name in RUNS, `no test runs the ${snippet.name} example`);
    return RUNS[snippet.name]!(snippet);
  });
}
