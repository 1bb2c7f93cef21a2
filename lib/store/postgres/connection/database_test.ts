import assert from "node:assert/strict";
import { silent, testCluster } from "../../../testing/postgres.ts";
import { openDatabase } from "./database.ts";

const { url } = await testCluster();

Deno.test("a statement that exceeds its time limit fails with store_unavailable", async () => {
  const db = openDatabase({ url, log: silent, queryTimeoutMs: 50 });
  await assert.rejects(() => db.query("select pg_sleep(1)"), { code: "store_unavailable" });
  assert.deepEqual(await db.query("select 1 as one"), [{ one: 1 }], "the next one goes on");
  await db.close();
});

Deno.test("without a limit statements may take any time", async () => {
  const db = openDatabase({ url, log: silent, queryTimeoutMs: 0 });
  assert.deepEqual(await db.query("select 1 as one from pg_sleep(0.2)"), [{ one: 1 }]);
  await db.close();
});
