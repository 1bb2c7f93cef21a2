import assert from "node:assert/strict";
import { browserTest, DESKTOP, openBrowser, openPage } from "../../lib/testing/browser/browser.ts";
import { misfitsOf } from "../../lib/testing/browser/misfits.ts";

const browser = await openBrowser();
Deno.test.afterAll(() => browser.close());

const CARD = `class="card" style="width: 200px; margin: 0 auto; white-space: nowrap"`;
const LONG = "123,456,789,012,345.12345678 and so on";
const AT = (left: number) => `style="position: absolute; top: 20px; left: ${left}px"`;

/** Broken pages, and the reports about them. */
const BROKEN: Readonly<Record<string, readonly [html: string, ...reports: RegExp[]]>> = {
  "text that leaves its card on the right": [
    `<section ${CARD}>${LONG}</section>`,
    /^123,456.* leaves section\.card$/,
  ],
  "text that leaves its card on the left": [
    `<section ${CARD}><span style="margin-left: -40px">price</span></section>`,
    /^price leaves section\.card$/,
  ],
  "text that leaves a cell of a table": [
    `<table style="table-layout: fixed; width: 120px"><tr>
       <td style="white-space: nowrap">${LONG}</td></tr></table>`,
    /^123,456.* leaves td$/,
  ],
  "text that a picture cuts off": [
    `<svg width="60" height="20" style="overflow: hidden"><text y="15">${LONG}</text></svg>`,
    /leaves svg$/,
  ],
  "text cut off by its own element": [
    `<p class="note" style="width: 80px; overflow: hidden; white-space: nowrap">${LONG}</p>`,
    /is cut off in p\.note$/,
  ],
  "text that an ellipsis shortens": [
    `<p style="width: 80px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis">${LONG}`,
    /is cut off in p$/,
  ],
  "a text over another": [
    `<b ${AT(20)}>BTCUSDT</b><b ${AT(60)}>Revised</b>`,
    /^BTCUSDT lies over Revised$/,
  ],
  "a page wider than the window": [
    `<div style="width: 1500px; height: 10px"></div>`,
    /^the page is 15\d\d px wide$/,
  ],
};

const SOUND = [
  `<section ${CARD}>in its card</section>`,
  `<b ${AT(20)}>left</b><b ${AT(200)}>right</b>`,
  `<b ${AT(20)}>shown</b><b hidden>hidden</b><b class="unseen" ${AT(20)}>for screen readers</b>`,
  `<div class="card" style="width: 200px"><div class="table-scroll" style="overflow-x: auto">
     <p style="width: 900px">${LONG} ${LONG}</p></div></div>`,
];

browserTest(
  "misfitsOf() reports each kind of text out of place, and nothing on sound pages",
  async () => {
    await using watched = await openPage(browser, DESKTOP);
    const { page } = watched;
    const show = (html: string) => page.setContent(`<!doctype html><body>${html}</body>`);
    for (const [what, [html, ...reports]] of Object.entries(BROKEN)) {
      await show(html);
      const found = await misfitsOf(page);
      for (const report of reports) {
        assert.ok(found.some((text) => report.test(text)), `${what}: ${JSON.stringify(found)}`);
      }
    }
    for (const html of SOUND) {
      await show(html);
      assert.deepEqual(await misfitsOf(page), [], html);
    }
  },
);
