import assert from "node:assert/strict";
import type { ComponentChildren } from "preact";
import { bodyOf } from "../../testing/request.ts";
import { App } from "../app.ts";
import { BUILD_ID } from "../build_id.ts";

function at(path: string, page: () => ComponentChildren): Promise<string> {
  return bodyOf(new App().get("*", (ctx) => ctx.render(<>{page()}</>)).handler(), path);
}

Deno.test("Links to the current page and to pages above it are marked", async () => {
  const links = () => (
    <>
      <a href="/docs/api?x=1">api</a>
      <a href="/docs">docs</a>
      <a href="/doc">doc</a>
      <a href="https://deno.com/docs">deno</a>
    </>
  );
  assert.equal(
    await at("/docs/api/", links),
    '<a href="/docs/api?x=1" data-current="true" aria-current="page">api</a>' +
      '<a href="/docs" data-ancestor="true" aria-current="true">docs</a>' +
      '<a href="/doc">doc</a><a href="https://deno.com/docs">deno</a>',
  );
});

Deno.test("A link that is a constant is marked afresh for each page", async () => {
  const link = <a href="/a">a</a>;
  const marked = '<a href="/a" data-current="true" aria-current="page">a</a>';
  assert.equal(await at("/a", () => link), marked);
  assert.equal(await at("/b", () => link), '<a href="/a">a</a>');
  assert.equal(await at("/a", () => link), marked);
});

Deno.test("Images of this host are locked to the build, unless they say no", async () => {
  const page = () => (
    <>
      <img src="/a.png" srcset="/a.png 1x, /b.png 2x" />
      <img src="https://x.y/a.png" />
      <img src="/a.png" data-fresh-disable-lock />
      <source src="/a.webm" />
    </>
  );
  const lock = `?__frsh_c=${BUILD_ID}`;
  assert.equal(
    await at("/", page),
    `<img src="/a.png${lock}" srcset="/a.png${lock} 1x, /b.png${lock} 2x"/>` +
      `<img src="https://x.y/a.png"/><img src="/a.png" data-fresh-disable-lock="true"/>` +
      `<source src="/a.webm${lock}"/>`,
  );
});
