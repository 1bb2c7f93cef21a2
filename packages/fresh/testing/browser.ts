import type { Page } from "playwright-core";
import { openBrowser } from "../../../lib/testing/browser/browser.ts";
import type { Handler } from "./request.ts";

export interface BrowserPage {
  page: Page;
  origin: string;
  /** Errors of the page so far. */
  problems: string[];
}

/** Serves a handler on a free port and opens it in Chromium. */
export async function withBrowser(
  handler: Handler,
  test: (page: BrowserPage) => Promise<void>,
): Promise<void> {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, handler);
  try {
    await withPage(`http://127.0.0.1:${server.addr.port}`, test);
  } finally {
    await server.shutdown();
  }
}

export async function withPage(
  origin: string,
  test: (page: BrowserPage) => Promise<void>,
): Promise<void> {
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") problems.push(message.text());
    });
    await test({ page, origin, problems });
  } finally {
    await browser.close();
  }
}
