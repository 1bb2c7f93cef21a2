import assert from "node:assert/strict";
import { parseDecimal } from "../../core/decimal.ts";
import { klineAt, klinesFrom, marketSymbol } from "../../testing/klines.ts";
import { storedRows } from "../../testing/collector.ts";
import { silent } from "../../testing/database/postgres.ts";
import { makeScratchFolder } from "../../testing/scratch_folder.ts";
import { carryOver, moveCluster } from "./carry_over.ts";
import { openDatabase } from "./connection/database.ts";
import { openCluster } from "../cluster/embedded_cluster.ts";
import { findPlace } from "../cluster/embedded_place.ts";
import { createKlineStore } from "./writing/klines_postgres.ts";
import { migrate } from "./migrate.ts";
import { createRunLedger } from "./status/runs_postgres.ts";

const migrations = new URL("../../../migrations/", import.meta.url);
const btc = { symbol: "BTCUSDT", interval: "1h" } as const;

Deno.test("a cluster is copied and compared row by row, and kept; sequences continue", async () => {
  const dataDir = await makeScratchFolder("wick-upgrade-");
  const options = { dataDir, migrations, binaries: undefined, log: silent };
  assert.equal(await carryOver(options), undefined, "there is nothing yet");

  const old = await openCluster(dataDir, silent);
  let db = openDatabase({ url: old.url, log: silent });
  await migrate(db, migrations);
  const run = await createRunLedger(db).start("test", "rest");
  const klines = klinesFrom("2024-01-01", "1h", 3_000);
  await createKlineStore(db).saveSymbols([marketSymbol("BTCUSDT")]);
  await createKlineStore(db).write(btc, klines.toSpliced(500, 3), run);
  await createKlineStore(db).write(btc, [
    klineAt(klines[10]!.openTime, "1h", { volume: parseDecimal("77.7000") }),
  ], run);
  await db.query("create table notes (text text)");
  const before = await storedRows(db, btc);
  await db.close();
  await old.release();
  assert.equal(await carryOver(options), undefined, "it is of this version");

  const place = await findPlace(await Deno.realPath(dataDir), silent);
  const report = await moveCluster({ ...place, major: "17" }, place, options);
  assert.equal(report.rows.get("klines"), 2_997);
  assert.equal(report.rows.get("kline_revisions"), 1);
  assert.equal(report.rows.get("gaps"), 1);
  assert.deepEqual(report.strangers, ["notes"]);
  assert.equal((await Deno.readTextFile(`${report.kept}/PG_VERSION`)).trim(), place.major);

  const next = await openCluster(dataDir, silent);
  db = openDatabase({ url: next.url, log: silent });
  assert.deepEqual(await migrate(db, migrations), []);
  assert.deepEqual(await storedRows(db, btc), before);
  assert.equal(await createRunLedger(db).start("test", "rest"), run + 1);
  await db.close();
  await next.release();
  await Deno.remove(dataDir, { recursive: true });
});
