import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { hashScripts } from "./security_headers.ts";

const digestOf = (code: string) => createHash("sha256").update(code).digest("base64");

Deno.test("hashScripts() replaces the nonce by the hash of each script that carries it", () => {
  const page = hashScripts(
    `<title>é</title><script type="module" nonce="n1">boot("é &lt; 1")</script>` +
      `<script nonce="n1" type="module">import "/reload.js";</script>`,
    "n1",
  );
  assert.equal(
    page.html,
    `<title>é</title><script type="module">boot("é &lt; 1")</script>` +
      `<script type="module">import "/reload.js";</script>`,
  );
  assert.deepEqual(page.hashes, [digestOf(`boot("é &lt; 1")`), digestOf(`import "/reload.js";`)]);
});

Deno.test("hashScripts() does not hash scripts without the nonce, nor styles", () => {
  const html = `<style nonce="n1">p{}</style><script>alert(1)</script>` +
    `<script nonce="guessed">alert(2)</script><script type="module" nonce="n1">boot()</script>`;
  assert.deepEqual(hashScripts(html, "n1").hashes, [digestOf("boot()")]);
  assert.deepEqual(hashScripts(html, undefined), { html, hashes: [] });
});

Deno.test("hashScripts() lists a repeated script once", () => {
  const script = `<script nonce="n1">boot()</script>`;
  assert.deepEqual(hashScripts(script + script, "n1").hashes, [digestOf("boot()")]);
});
