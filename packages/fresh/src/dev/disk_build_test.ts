import assert from "node:assert/strict";
import { freePort, runDeno, withProject, withServer } from "../../testing/project.ts";

async function filesIn(dir: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(dir), ({ name }) => name)).sort();
}

Deno.test("Builder.build() writes a server that runs without the builder", async () => {
  await withProject(async (dir) => {
    await runDeno(dir, "run", "-A", "dev.ts", "build");
    assert.deepEqual(await filesIn(`${dir}/_fresh`), ["server.js", "snapshot.js", "static"]);
    const { version, clientEntry } = await readSnapshot(dir);
    const port = freePort();
    const args = ["serve", "-A", "--host", "127.0.0.1", "--port", String(port), "_fresh/server.js"];
    await withServer({ dir, args, port }, async (origin) => {
      const page = await fetch(origin);
      assert.equal(page.status, 200);
      assert.match(await page.text(), new RegExp(`/styles\\.css\\?__frsh_c=${version}"`));

      const runtime = await fetch(origin + clientEntry);
      assert.equal(runtime.headers.get("cache-control"), "public, max-age=31536000, immutable");
      const etag = runtime.headers.get("etag")!;
      assert.match(await runtime.text(), /export\{[^}]*\w+ as boot\b/);
      const again = await fetch(origin + clientEntry, { headers: { "if-none-match": etag } });
      assert.equal(again.status, 304);

      const styles = await fetch(`${origin}/styles.css?__frsh_c=${version}`);
      assert.equal(styles.headers.get("cache-control"), "public, max-age=31536000, immutable");
      assert.match(styles.headers.get("etag")!, /^W\/"[0-9a-f]{64}"$/);
      assert.match(await styles.text(), /margin: 0/);

      for (const path of ["/.hidden/secret.txt", "/..%2fmain.ts", "/_fresh/snapshot.js"]) {
        const refused = await fetch(origin + path);
        assert.equal(refused.status, 404, path);
        await refused.body?.cancel();
      }
    });
  });
});

Deno.test("Builder.build() takes the build's id from DENO_DEPLOYMENT_ID", async () => {
  await withProject(async (dir) => {
    await Deno.writeTextFile(`${dir}/deploy.env`, "DENO_DEPLOYMENT_ID=deployment-1");
    await runDeno(dir, "run", "-A", "--env-file=deploy.env", "dev.ts", "build");
    assert.equal((await readSnapshot(dir)).version, "deployment-1");
  });
});

Deno.test("Builder.build() removes an earlier build, and keeps other files", async () => {
  await withProject(async (dir) => {
    await runDeno(dir, "run", "-A", "dev.ts", "build");
    const [first] = await filesIn(`${dir}/_fresh/static/_fresh/js`);
    await Deno.writeTextFile(`${dir}/_fresh/mine.txt`, "");
    await runDeno(dir, "run", "-A", "dev.ts", "build");
    const ids = await filesIn(`${dir}/_fresh/static/_fresh/js`);
    assert.equal(ids.length, 1);
    assert.notEqual(ids[0], first);
    assert.ok((await filesIn(`${dir}/_fresh`)).includes("mine.txt"));
  });
});

async function readSnapshot(dir: string): Promise<{ version: string; clientEntry: string }> {
  const text = await Deno.readTextFile(`${dir}/_fresh/snapshot.js`);
  const value = (name: string) => JSON.parse(new RegExp(`const ${name} = (".*");`).exec(text)![1]!);
  return { version: value("version"), clientEntry: value("clientEntry") };
}
