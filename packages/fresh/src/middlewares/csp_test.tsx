import assert from "node:assert/strict";
import { csp, type Middleware } from "fresh";
import { serve } from "../../testing/app.ts";
import { get, type Handler, quietly } from "../../testing/request.ts";

const HEADER = "content-security-policy";

function withPolicy(policy: Middleware<unknown>, answer: Middleware<unknown>): Handler {
  return serve({ middlewares: [policy], routes: { index: { handler: answer } } });
}

async function policyOf(handler: Handler, path = "/"): Promise<[string, string]> {
  const response = await get(handler, path);
  return [response.headers.get(HEADER) ?? "", await response.text()];
}

Deno.test("csp() sets Fresh's policy", async () => {
  const response = await get(withPolicy(csp(), () => new Response()), "/");
  assert.equal(
    response.headers.get(HEADER),
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; " +
      "font-src 'self'; img-src 'self' data:; media-src 'self' data: blob:; worker-src 'self' blob:; " +
      "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; " +
      "frame-ancestors 'none'; upgrade-insecure-requests",
  );
});

Deno.test("csp({ useNonce }) allows the page's own inline code by a nonce, new for each page", async () => {
  const Island = () => <b>x</b>;
  const handler = serve({
    islands: { Island },
    middlewares: [csp({ useNonce: true })],
    routes: {
      index: {
        handler: (ctx) =>
          ctx.render(
            <html>
              <head>
                <style>{"b { color: red }"}</style>
                <script nonce="own">1</script>
              </head>
              <body>
                <Island />
              </body>
            </html>,
          ),
      },
    },
  });
  const [policy, html] = await policyOf(handler);
  const nonce = /'nonce-(\w+)'/.exec(policy)![1];
  assert.match(
    policy,
    new RegExp(`script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'`),
  );
  assert.doesNotMatch(policy, /unsafe-inline/);
  assert.match(html, new RegExp(`<style nonce="${nonce}">`));
  assert.match(html, new RegExp(`<script type="module" nonce="${nonce}">import`));
  assert.match(html, /<script nonce="own">/);
  assert.notEqual((await policyOf(handler))[0], policy);
});

Deno.test("csp({ useNonce }) keeps 'unsafe-inline' for responses that are not rendered", async () => {
  const handler = withPolicy(csp({ useNonce: true }), () => Response.json({}));
  assert.match((await policyOf(handler))[0], /script-src 'self' 'unsafe-inline'/);
});

Deno.test("csp() does not apply to thrown errors", async () => {
  const handler = withPolicy(csp(), () => {
    throw new Error();
  });
  await quietly(async () => assert.equal((await policyOf(handler))[0], ""));
});
