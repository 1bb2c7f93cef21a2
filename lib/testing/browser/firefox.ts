import assert from "node:assert/strict";
import puppeteer, { type Browser, type Page, type Viewport } from "puppeteer-core";
import { findProgram, FIREFOX, programTest } from "../programs.ts";

/** Timeout for conditions, generous enough for a busy machine. */
const PATIENCE_MS = 90_000;

/** Starts a Firefox, driven over WebDriver BiDi; `undefined` if there is none. */
export async function launchFirefox(): Promise<Browser | undefined> {
  const executablePath = findProgram(FIREFOX);
  if (executablePath === undefined) return undefined;
  return await puppeteer.launch({
    browser: "firefox",
    executablePath,
    headless: true,
    timeout: PATIENCE_MS,
    protocolTimeout: PATIENCE_MS,
  });
}

/** Defines a test in a new page of `browser`, which fails if the page reports an error. */
export function firefoxTest(
  browser: Browser | undefined,
  name: string,
  viewport: Viewport,
  fn: (page: Page) => Promise<void>,
): void {
  programTest([FIREFOX], name, async () => {
    if (browser === undefined) throw new Error("Firefox was not started");
    const { page, problems } = await openFirefoxPage(browser, viewport);
    try {
      await fn(page);
      assert.deepEqual(problems, []);
    } finally {
      await page.close();
    }
  }, { sanitizeOps: false, sanitizeResources: false });
}

interface FirefoxPage {
  readonly page: Page;
  /** Errors of the console and of scripts, and CSP violations. */
  readonly problems: readonly string[];
}

/** Opens an empty page that records its errors. */
async function openFirefoxPage(
  browser: Browser,
  viewport: Viewport,
): Promise<FirefoxPage> {
  const page = await browser.newPage();
  await page.setViewport(viewport);
  page.setDefaultTimeout(PATIENCE_MS);
  const problems: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => problems.push(`script: ${String(error)}`));
  await page.evaluateOnNewDocument(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      reportError(new Error(`policy: ${violatedDirective} ${blockedURI}`));
    });
  });
  return { page, problems };
}

/** Waits until an element's text on one line matches. */
export async function untilFirefoxText(page: Page, selector: string, text: RegExp): Promise<void> {
  await page.waitForFunction(
    (selector, source) => {
      const element = document.querySelector(selector);
      const said = element instanceof HTMLElement ? element.innerText : element?.textContent;
      return new RegExp(source).test((said ?? "").replaceAll(/\s+/g, " ").trim());
    },
    {},
    selector,
    text.source,
  );
}
