import assert from "node:assert/strict";
import { browserTest } from "../../lib/testing/browser/browser.ts";
import { withBrowser } from "./testing/browser.ts";
import { siteHandler } from "./testing/site.ts";

const handler = await siteHandler();

browserTest(
  "boot() makes islands react, and a signal of two islands stays one signal",
  async () => {
    await withBrowser(handler, async ({ page, origin, problems }) => {
      await page.goto(origin);
      await page.locator("#a.ready").waitFor();
      await page.locator("#b.ready").waitFor();
      await page.locator("#a button").click();
      await page.locator("#b button").click();
      assert.equal(await page.locator("#a output").textContent(), "5");
      assert.equal(await page.locator("#b output").textContent(), "5");
      assert.deepEqual(problems, []);
    });
  },
);

browserTest("boot() leaves the page as the server drew it", async () => {
  await withBrowser(handler, async ({ page, origin }) => {
    const drawn = await (await fetch(origin)).text();
    await page.goto(origin);
    await page.locator("#d.ready").waitFor();
    const expected = /<main>(.*)<\/main>/.exec(drawn)![1]!
      .replaceAll(/<!--.*?-->/g, "").replaceAll(" >", ">").replaceAll("waiting", "ready");
    const shown = await page.locator("main").evaluate((main) =>
      main.innerHTML.replaceAll(/<!--.*?-->/g, "").replaceAll('=""', "")
    );
    assert.equal(shown, expected);
  });
});

browserTest("boot() shows JSX that the server had put away, with the islands in it", async () => {
  await withBrowser(handler, async ({ page, origin, problems }) => {
    await page.goto(origin);
    await page.locator("#a.ready").waitFor();
    const frame = page.locator("section").first();
    assert.equal(await page.locator("#c").count(), 0);
    await frame.locator("button").click();
    await page.locator("#c.ready").waitFor();
    await page.locator("#c button").click();
    assert.equal(await page.locator("#a output").textContent(), "4");
    await frame.locator("button").first().click();
    assert.equal(await page.locator("#c").count(), 0);
    assert.equal(await frame.locator("h2 em").textContent(), "hidden");
    assert.deepEqual(problems, []);
  });
});

browserTest(
  "boot() keeps JSX children as rendered, and islands among them are interactive",
  async () => {
    await withBrowser(handler, async ({ page, origin }) => {
      await page.goto(origin);
      await page.locator("#d.ready").waitFor();
      const frame = page.locator("section").nth(1);
      assert.equal(await frame.locator("#x").isChecked(), true);
      assert.equal(await frame.locator("label").getAttribute("for"), "x");
      await page.locator("#d button").click();
      assert.equal(await page.locator("#d output").textContent(), "11");
      await frame.locator("button").first().click();
      assert.equal(await frame.locator(".content").count(), 0);
      await frame.locator("button").first().click();
      await page.locator("#d.ready").waitFor();
      assert.equal(await page.locator("#d output").textContent(), "11");
    });
  },
);

browserTest("An island inside an island works as a part of it", async () => {
  await withBrowser(handler, async ({ page, origin }) => {
    await page.goto(origin);
    await page.locator("#a.ready").waitFor();
    const outer = page.locator(".outer");
    assert.equal(await outer.locator(".content").textContent(), "own child");
    await outer.locator("button").click();
    assert.equal(await outer.locator(".content").count(), 0);
  });
});

browserTest(
  "boot() replaces what the browser renders differently, and nothing around it",
  async () => {
    await withBrowser(handler, async ({ page, origin }) => {
      await page.goto(`${origin}/mismatch`);
      await page.locator("#browser").waitFor();
      assert.equal(
        await page.locator("section").innerHTML(),
        '<b>before</b><!--frsh:island:Mismatch:0:--><p id="browser">browser</p><i>child</i>' +
          "<!--/frsh:island--><b>after</b>",
      );
    });
  },
);

browserTest("A page under csp({ useNonce }) runs without a violation", async () => {
  await withBrowser(handler, async ({ page, origin, problems }) => {
    await page.goto(origin);
    await page.locator("#a.ready").waitFor();
    assert.equal(
      await page.locator("output").first().evaluate((el) => getComputedStyle(el).color),
      "rgb(255, 0, 0)",
    );
    const violations = await page.evaluate(() => {
      const script = document.createElement("script");
      const seen = new Promise<string>((resolve) => {
        addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
      });
      script.textContent = "1";
      document.body.append(script);
      return seen;
    });
    assert.equal(violations, "script-src-elem");
    assert.equal(problems.length, 1, "only the script without a nonce");
  });
});

browserTest(
  "A page loads the runtime and its islands once, and nothing for a page without any",
  async () => {
    await withBrowser(handler, async ({ page, origin }) => {
      const scripts: string[] = [];
      page.on("request", (request) => {
        if (request.resourceType() === "script") scripts.push(new URL(request.url()).pathname);
      });
      await page.goto(`${origin}/plain`);
      assert.equal(scripts.length, 0);
      await page.goto(origin);
      await page.locator("#a.ready").waitFor();
      assert.equal(scripts.length, new Set(scripts).size);
      assert.ok(scripts.every((script) => script.startsWith("/_fresh/js/")));
    });
  },
);
