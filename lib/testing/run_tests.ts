import { silent, testDataDir } from "./postgres.ts";
import { printLine } from "../log.ts";
import { openCluster } from "../store/embedded_cluster.ts";
import { requirePrograms } from "./debian.ts";
import { findChromium, installChromium } from "./chromium.ts";

// `deno task test [FILE …]`: one PostgreSQL for the whole run, a browser, then the tests. Prints a
// last line that says how many there were.
if (findChromium() === undefined) await installChromium();
await requirePrograms();
const cluster = await openCluster(testDataDir, silent);
const child = new Deno.Command(Deno.execPath(), {
  args: ["test", "-A", "--sanitize-ops", "--sanitize-resources", ...Deno.args],
  env: { NO_COLOR: "1" },
  stdout: "piped",
}).spawn();

let tail = "";
const decoder = new TextDecoder();
for await (const chunk of child.stdout) {
  await Deno.stdout.write(chunk);
  tail = (tail + decoder.decode(chunk, { stream: true })).slice(-4_000);
}
const { code } = await child.status;
await cluster.release();

const counts = /\| (\d+) passed.*? \| (\d+) failed/.exec(
  tail.split("\n").findLast((line) => / passed/.test(line)) ?? "",
);
if (counts) printLine(`tests: ${counts[1]} passed, ${counts[2]} failed`);
Deno.exit(code || (counts ? 0 : 1));
