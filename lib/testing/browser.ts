import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { CHROMIUM_ARGS, findChromium } from "./chromium.ts";

/** A page that keeps what went wrong on it. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  /** Console errors, failed requests and scripts, and what the content policy stopped. */
  problems(): Promise<string[]>;
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("Cannot find Chromium");
  return await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
}

export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
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

/** What an element says, on one line. */
export async function textOf(page: Page, selector: string): Promise<string> {
  const text = await page.locator(selector).first().evaluate((element) =>
    element instanceof HTMLElement ? element.innerText : element.textContent
  );
  return (text ?? "").replaceAll(/\s+/g, " ");
}
