import {
  type Browser,
  type BrowserContextOptions,
  type BrowserServer,
  chromium,
  type Page,
} from "playwright-core";
import { CHROMIUM, findProgram, programTest } from "../programs.ts";

/** Arguments for Chromium as root in a container, without network access to the outside. */
const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Timeout for conditions, generous enough for a busy machine. */
const PATIENCE_MS = 90_000;

export const DESKTOP = { viewport: { width: 1440, height: 900 } };
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** A page that records its errors. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  /** Console errors, failed requests and scripts, and CSP violations. */
  problems(): Promise<string[]>;
}

/**
 * Defines a test in Chromium, skipped if there is none. The browser has its own timers and sockets.
 */
export function browserTest(name: string, fn: () => Promise<void>): void {
  programTest([CHROMIUM], name, fn, { sanitizeOps: false, sanitizeResources: false });
}

/** Set by `run_tests.ts`: the endpoint of the test run's browser. */
export const BROWSER_ENDPOINT = "WICK_TEST_BROWSER_ENDPOINT";

/** Starts a Chromium for several processes; `undefined` if there is none. */
export async function launchSharedBrowser(): Promise<BrowserServer | undefined> {
  const executablePath = findProgram(CHROMIUM);
  if (executablePath === undefined) return undefined;
  return await chromium.launchServer({ executablePath, args: CHROMIUM_ARGS, host: "127.0.0.1" });
}

/**
 * Connects to the test run's Chromium, or starts one. Closing it closes only its own contexts.
 * Without Chromium the result can only be closed, because no `browserTest` runs.
 */
export async function openBrowser(): Promise<Browser> {
  const endpoint = Deno.env.get(BROWSER_ENDPOINT);
  if (endpoint !== undefined) return await chromium.connect(endpoint);
  const executablePath = findProgram(CHROMIUM);
  if (executablePath === undefined) return absentBrowser();
  return await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
}

function absentBrowser(): Browser {
  return new Proxy({} as Browser, {
    get(_, property) {
      if (property === "then") return undefined; // it is awaited
      if (property === "close") return () => Promise.resolve();
      throw new Error("Cannot use a browser: Chromium is not installed");
    },
  });
}

/** An app on a port of this machine, and a browser. */
export interface BrowserSite {
  readonly browser: Browser;
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** Serves an app to a browser until `close`, which also calls `closeApp`. */
export async function openInBrowser(
  app: {
    readonly handler: (request: Request, info: Deno.ServeHandlerInfo) => Promise<Response>;
    readonly close: () => Promise<void>;
  },
  closeApp = app.close,
): Promise<BrowserSite> {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request, info) => app.handler(request, info),
  );
  const browser = await openBrowser();
  return {
    browser,
    origin: `http://127.0.0.1:${server.addr.port}`,
    async close() {
      await browser.close();
      await server.shutdown();
      await closeApp();
    },
  };
}

/** Waits until Plotly has drawn the chart and answers to the user. */
export async function untilChartReady(page: Page): Promise<void> {
  await page.waitForSelector(".live[data-ready]", { state: "attached" });
}

export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`script: ${error.message}`));
  await page.addInitScript(() => {
    const stopped: string[] = [];
    Object.assign(globalThis, { stopped });
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      stopped.push(`policy: ${violatedDirective} ${blockedURI}`);
    });
  });
  return {
    page,
    async problems() {
      if (options.javaScriptEnabled === false) return problems;
      const stopped = await page.evaluate(() => (globalThis as { stopped?: string[] }).stopped);
      return [...problems, ...stopped ?? []];
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** Text of an element on one line. */
export async function textOf(page: Page, selector: string): Promise<string> {
  const text = await page.locator(selector).first().evaluate((element) =>
    element instanceof HTMLElement ? element.innerText : element.textContent
  );
  return (text ?? "").replaceAll(/\s+/g, " ");
}

/** Waits until an element's text on one line equals or matches `text`. */
export async function untilText(page: Page, selector: string, text: string | RegExp) {
  const { source, flags } = typeof text === "string"
    ? { source: `^${RegExp.escape(text)}$`, flags: "" }
    : text;
  await page.waitForFunction(([selector, source, flags]) => {
    const element = document.querySelector(selector);
    const said = element instanceof HTMLElement ? element.innerText : element?.textContent;
    return new RegExp(source, flags).test((said ?? "").replaceAll(/\s+/g, " ").trim());
  }, [selector, source, flags] as const).catch(async (error: Error) => {
    throw new Error(`${selector} says ${await textOf(page, selector)}, not ${text}`, {
      cause: error,
    });
  });
}

/** Delays loading the chart engine until the returned function is called. */
export async function holdEngine(page: Page): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route("**/vendor/**", async (route) => {
    await promise;
    await route.continue();
  });
  return resolve;
}
