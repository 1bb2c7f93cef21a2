import assert from "node:assert/strict";
import type { ComponentChildren } from "preact";
import { serve } from "../../testing/app.ts";
import { bodyOf } from "../../testing/request.ts";

/** The page at `path`, rendered by a component. */
async function at(path: string, Page: () => ComponentChildren): Promise<string> {
  const id = path.slice(1).replace(/[/?]+.*$|\/$/g, "") || "index";
  const routes = { [id]: { default: () => <Page /> }, "docs/api": { default: () => <Page /> } };
  return await bodyOf(serve({ routes }), path);
}

const CURRENT = 'data-current="true" aria-current="page"';
const ABOVE = 'data-ancestor="true" aria-current="true"';

Deno.test("Links to the current page and to pages above it are marked", async () => {
  const Links = () => (
    <>
      <a href="/docs/api">api</a>
      <a href="/docs/api/?x=1">same</a>
      <a href="/docs/api?x=2">other query</a>
      <a href="/docs">docs</a>
      <a href="/">start</a>
      <a href="/doc">doc</a>
      <a href="./api">relative</a>
      <a href="https://deno.com/docs">deno</a>
      <a href="/docs" aria-current="step">own</a>
    </>
  );
  assert.equal(
    await at("/docs/api?x=1", Links),
    `<a href="/docs/api" ${CURRENT}>api</a>` +
      `<a href="/docs/api/?x=1" ${CURRENT}>same</a>` +
      `<a href="/docs/api?x=2" ${ABOVE}>other query</a>` +
      `<a href="/docs" ${ABOVE}>docs</a>` +
      `<a href="/" ${ABOVE}>start</a>` +
      '<a href="/doc">doc</a><a href="./api">relative</a>' +
      '<a href="https://deno.com/docs">deno</a><a href="/docs" aria-current="step">own</a>',
  );
});

Deno.test("A link that was made before the render is not marked", async () => {
  const link = <a href="/a">a</a>;
  assert.equal(await at("/a", () => link), '<a href="/a">a</a>');
});
