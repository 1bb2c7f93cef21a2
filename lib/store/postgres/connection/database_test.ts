import assert from "node:assert/strict";
import { createTestDatabase, silent, testCluster } from "../../../testing/database/postgres.ts";
import { describeError } from "../../../core/errors.ts";
import { type Db, openDatabase, type Transaction } from "./database.ts";
import { toStoreError } from "./database_errors.ts";

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

/** Both transactions hold a row and want the other's. */
async function crossUpdates(db: Db): Promise<number> {
  await db.query("create table pairs (id int primary key, changes int not null default 0)");
  await db.query("insert into pairs values (1), (2)");
  let begun = 0;
  const { promise: bothBegun, resolve } = Promise.withResolvers<void>();
  const change = (first: number, second: number) => async (tx: Transaction) => {
    await tx.query("set local deadlock_timeout = '20ms'");
    await tx.query("update pairs set changes = changes + 1 where id = $1", [first]);
    if (++begun === 2) resolve();
    await bothBegun;
    await tx.query("update pairs set changes = changes + 1 where id = $1", [second]);
  };
  await Promise.all([db.transaction(change(1, 2)), db.transaction(change(2, 1))]);
  return begun;
}

Deno.test("a transaction that loses a deadlock is repeated, and both take effect once", async () => {
  const { db, close } = await createTestDatabase();
  assert.equal(await crossUpdates(db), 3, "one of them ran twice");
  assert.deepEqual(await db.query("select changes from pairs order by id"), [
    { changes: 2 },
    { changes: 2 },
  ]);
  await close();
});

Deno.test("a serialization failure is repeated three times, then reported", async () => {
  const db = openDatabase({ url, log: silent });
  let attempts = 0;
  const fail = async (tx: Transaction) => {
    attempts++;
    await tx.query("do $$ begin raise exception 'no' using errcode = '40001'; end $$");
  };
  await assert.rejects(() => db.transaction(fail), { code: "store_unavailable" });
  assert.equal(attempts, 4);
  await assert.rejects(() => db.snapshot(fail), { code: "store_unavailable" });
  assert.equal(attempts, 5, "a replica cancels snapshots with this code: the primary can answer");
  await db.close();
});

Deno.test("a node of Citus that is down is named, in one line", () => {
  const cause = new Error(
    "connection to the remote node wick@10.0.0.2:5432 failed with the following error: Connection " +
      "refused\n\tIs the server running on that host and accepting TCP/IP connections?",
  );
  const server = { address: "10.0.0.1:5432", user: "wick", database: "wick", isEmbedded: false };
  const error = toStoreError(Object.assign(cause, { code: "08006" }), server);
  assert.equal(
    describeError(error),
    "Cannot use the database (10.0.0.1:5432): connection to the remote node wick@10.0.0.2:5432 failed " +
      "with the following error: Connection refused Is the server running on that host and " +
      "accepting TCP/IP connections?; start that node of Citus; series on other nodes can be read, " +
      "and nothing can be written",
  );
});
