import { openDatabase } from "../store/postgres/connection/database.ts";
import { createKlineExporter } from "../store/postgres/reading/export_postgres.ts";
import { createKlineStore } from "../store/postgres/writing/klines_postgres.ts";
import { createRunLedger } from "../store/postgres/status/runs_postgres.ts";
import { marketSymbol } from "./klines.ts";
import { createTestDatabase, silent } from "./database/postgres.ts";

/** A database with these symbols, a store to fill it, and an exporter with its own connections. */
export async function openExportScene(symbols: readonly string[]) {
  const { db, url, close } = await createTestDatabase();
  const exports = openDatabase({ url, log: silent, maxConnections: 2, idleTimeoutMs: 0 });
  const store = createKlineStore(db);
  await store.saveSymbols(symbols.map((symbol) => marketSymbol(symbol)));
  return {
    db,
    exports,
    store,
    exporter: createKlineExporter(db, exports),
    run: await createRunLedger(db).start("test", "rest"),
    async close() {
      await exports.close();
      await close();
    },
  };
}
