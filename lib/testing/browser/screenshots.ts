import { join } from "node:path";
import type { Browser } from "playwright-core";
import { describeError } from "../../core/errors.ts";
import { printError, printLine } from "../../log.ts";
import { openBrowser, openPage, untilText } from "./browser.ts";
import { CHROMIUM, findProgram } from "../programs.ts";
import { build, launch, type LaunchedProcess, root, waitFor } from "../server_process.ts";

// `deno task screenshots`: takes the README's pictures of the charts page, in light and dark, from
// the demo. Seed and clock of the simulated exchange are fixed, so the pictures change only with
// the page.
const NOW = "2026-06-01T14:30:00Z";
const SINCE = "2025-06-01"; // the backfill ends soon
const ADDRESS = "/charts?symbol=BTCUSDT&interval=4h&overlays=sma20,ema50";
const VIEWPORT = { width: 1280, height: 800 };
const MAX_BYTES = 120_000;
const folder = join(root, "docs/images");

if (findProgram(CHROMIUM) === undefined) {
  printError("Cannot take screenshots: Chromium is not installed");
  Deno.exit(1);
}
const dataDir = await Deno.makeTempDir({ prefix: "wick-screenshots-" });
await Deno.chmod(dataDir, 0o755); // as root, the database runs as another account
await build();
const demo = launch({
  args: ["demo.ts", "--now", NOW, "--frozen", "--since", SINCE],
  env: { DATA_DIR: dataDir, BASE_PATH: "", LOG_LEVEL: "warn" },
});
try {
  const url = await readUrl(demo);
  await using browser = await openBrowser();
  for (const scheme of ["light", "dark"] as const) await takePicture(browser, url, scheme);
} catch (error) {
  printError(`Cannot take screenshots: ${describeError(error)}\n${demo.output()}`);
  Deno.exitCode = 1;
} finally {
  demo.signal("SIGTERM");
  await demo.ended;
  await Deno.remove(dataDir, { recursive: true });
}

async function readUrl(process: LaunchedProcess): Promise<string> {
  const find = () => /wick is at (http:\S+)\/charts/.exec(process.output())?.[1];
  await waitFor(() => process.hasEnded() || find() !== undefined);
  const url = find();
  if (url === undefined) throw new Error("the demo did not start");
  return url;
}

async function takePicture(browser: Browser, url: string, colorScheme: "light" | "dark") {
  const options = { viewport: VIEWPORT, deviceScaleFactor: 1.5, colorScheme };
  await using watched = await openPage(browser, { ...options, reducedMotion: "reduce" });
  const { page } = watched;
  await waitFor(() => hasData(url), 60_000);
  await waitFor(() => isBackfilled(url), 120_000);
  await page.goto(url + ADDRESS);
  await page.locator(".js-plotly-plot .plot-container").first().waitFor();
  await untilText(page, ".badge", /^Live/);
  const bytes = await toWebp(browser, await page.screenshot());
  const path = join(folder, `charts-${colorScheme}.webp`);
  if (bytes.length > MAX_BYTES) throw new Error(`${path} would have ${bytes.length} bytes`);
  await Deno.writeFile(path, bytes);
  printLine(`${path}: ${bytes.length} bytes`);
}

/** Converts a PNG to WebP, at a fifth of the size. */
async function toWebp(browser: Browser, png: Uint8Array): Promise<Uint8Array> {
  await using watched = await openPage(browser);
  const base64 = await watched.page.evaluate(async (source) => {
    const bitmap = await createImageBitmap(await (await fetch(source)).blob());
    const canvas = Object.assign(document.createElement("canvas"), {
      width: bitmap.width,
      height: bitmap.height,
    });
    canvas.getContext("2d")!.drawImage(bitmap, 0, 0);
    return canvas.toDataURL("image/webp", 0.7).split(",")[1]!;
  }, `data:image/png;base64,${png.toBase64()}`);
  return Uint8Array.fromBase64(base64);
}

/** True if each series has its newest candles, and the coins have market caps. */
async function hasData(url: string): Promise<boolean> {
  const caps = await fetch(`${url}/api/market-caps`);
  await caps.body?.cancel();
  const answer = await fetch(`${url}/api/series`);
  if (!answer.ok) await answer.body?.cancel();
  if (!caps.ok || !answer.ok) return false;
  const { series }: { series: readonly { rows: number }[] } = await answer.json();
  return series.length > 0 && series.every(({ rows }) => rows > 0);
}

async function isBackfilled(url: string): Promise<boolean> {
  return !(await (await fetch(url + ADDRESS)).text()).includes("Backfilling");
}
