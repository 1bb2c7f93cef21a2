import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { browserTest } from "../../../../lib/testing/browser/browser.ts";
import { withPage } from "../../testing/browser.ts";
import { freePort, withProject, withServer } from "../../testing/project.ts";

async function edit(path: string, from: string, to: string): Promise<void> {
  const text = await Deno.readTextFile(path);
  assert.ok(text.includes(from));
  await Deno.writeTextFile(path, text.replace(from, to));
}

/** Starts `dev.ts` and opens its start page, once it reacts. */
async function withDevServer(
  flags: string[],
  test: (dir: string, page: Page, problems: string[]) => Promise<void>,
): Promise<void> {
  await withProject(async (dir) => {
    const port = freePort();
    const args = ["run", "-A", ...flags, "dev.ts", String(port)];
    await withServer({ dir, args, port }, async (origin) => {
      await withPage(origin, async ({ page, problems }) => {
        await page.goto(origin);
        await page.locator("#a.ready").waitFor();
        await test(dir, page, problems);
      });
    });
  });
}

browserTest(
  "Builder.listen() rebuilds islands and static files, and open pages reload",
  async () => {
    await withDevServer([], async (dir, page, problems) => {
      assert.deepEqual(problems, []);
      await edit(`${dir}/islands/Counter.tsx`, "count.value++", "count.value += 10");
      await page.waitForEvent("load");
      await page.locator("#a.ready").waitFor();
      await page.locator("#a button").click();
      assert.equal(await page.locator("#a output").textContent(), "13");

      await edit(`${dir}/static/styles.css`, "margin: 0", "margin: 7px");
      await page.waitForEvent("load");
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).marginTop), "7px");
    });
  },
);

browserTest(
  "Builder.listen() under --watch serves changed server code, and open pages reload",
  async () => {
    await withDevServer(["--watch=routes,islands"], async (dir, page) => {
      await edit(`${dir}/routes/index.tsx`, "<title>home</title>", "<title>changed</title>");
      await page.waitForFunction(() => document.title === "changed");
      await page.locator("#a.ready").waitFor();
    });
  },
);
