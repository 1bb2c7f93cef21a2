import { join } from "node:path";
import { createKlineStore } from "../../lib/store/postgres/writing/klines_postgres.ts";
import { createRunLedger } from "../../lib/store/postgres/status/runs_postgres.ts";
import type { Db } from "../../lib/store/postgres/connection/database.ts";
import { klinesFrom, marketSymbol } from "../../lib/testing/klines.ts";
import { createTestDatabase } from "../../lib/testing/database/postgres.ts";
import { getProgram, type Program } from "../../lib/testing/programs.ts";
import { type ServerProcess, startServer, waitFor } from "../../lib/testing/server_process.ts";
import type { Check } from "../check.ts";

export const PSQL: Program = {
  name: "psql",
  commands: ["psql"],
  probe: ["--version"],
  packages: ["postgresql-client"],
};
export const CMP: Program = { name: "cmp", commands: ["cmp"], packages: ["diffutils"] };

const ROWS = 1_000_000;
const ABORTS = 200;
const MEBIBYTE = 1024 * 1024;
const MAX_GROWTH_MIB = 64;

/** All formats: parameters, and the requested content coding. */
const KINDS: readonly [string, string][] = [
  ["format=csv", "identity"],
  ["format=csv", "gzip"],
  ["format=csv", "br"],
  ["format=ndjson", "identity"],
  ["format=json", "gzip"],
  ["format=parquet", "identity"],
  ["archive=zip", "identity"],
];

/** The CSV of `/export`, written by an independent SQL query. */
const COPY = `copy (
  select to_char(open_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as open_time,
    open_price, high_price, low_price, close_price, volume,
    to_char(close_time at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as close_time,
    quote_asset_volume, number_of_trades, taker_buy_base_asset_volume, taker_buy_quote_asset_volume
  from klines k where interval = '1m' order by k.open_time
) to stdout (format csv, header)`;

/** Exports a million candles from a separate server: bytes, memory, disconnects and failures. */
export async function soakExport(): Promise<Check[]> {
  const { db, url, close } = await createTestDatabase();
  await fill(db);
  const dataDir = await Deno.makeTempDir({ prefix: "wick-soak-", dir: "/tmp" });
  const server = await startServer({
    DATABASE_URL: url,
    DATA_DIR: dataDir,
    SYMBOLS: "BTCUSDT",
    INTERVALS: "1m",
    BINANCE_URLS: "http://127.0.0.1:9",
    COINGECKO_URL: "http://127.0.0.1:9",
  });
  try {
    return [
      await compareWithCopy(server, url, dataDir),
      ...await watchMemory(server),
      await leave(server, db),
      ...await breakOff(server, db),
    ];
  } finally {
    await server.kill("SIGTERM");
    await Deno.remove(dataDir, { recursive: true });
    await close();
  }
}

async function fill(db: Db): Promise<void> {
  const store = createKlineStore(db);
  await store.saveSymbols([marketSymbol("BTCUSDT")]);
  const run = await createRunLedger(db).start("soak", "rest");
  for (let i = 0; i < ROWS; i += 20_000) {
    const klines = klinesFrom(Date.UTC(2020, 0, 1) + i * 60_000, "1m", 20_000);
    await store.write({ symbol: "BTCUSDT", interval: "1m" }, klines, run);
  }
  await db.query("vacuum (analyze) klines_1m");
}

function ask(server: ServerProcess, [query, coding]: [string, string], signal?: AbortSignal) {
  return fetch(`${server.url}/export?symbol=BTCUSDT&interval=1m&${query}`, {
    headers: { "accept-encoding": coding },
    ...signal ? { signal } : {},
  });
}

async function compareWithCopy(server: ServerProcess, url: string, dir: string): Promise<Check> {
  const [ours, theirs] = [join(dir, "export.csv"), join(dir, "copy.csv")];
  await Deno.writeFile(ours, (await ask(server, KINDS[0]!)).body!);
  const shell = async (command: string, args: string[]) => {
    const { code, stderr } = await new Deno.Command(command, { args, stdout: "null" }).output();
    return { code, words: new TextDecoder().decode(stderr) };
  };
  const copied = await shell(getProgram(PSQL), ["-X", "-o", theirs, "-c", COPY, url]);
  const { code, words } = await shell(getProgram(CMP), [ours, theirs]);
  const { size } = await Deno.stat(ours);
  return {
    claim: `an export of ${ROWS} candles equals psql's COPY by cmp`,
    isMet: copied.code === 0 && code === 0,
    found: `${size} bytes ${copied.words}${words}`,
  };
}

async function rssMiB({ pid }: ServerProcess): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
}

/** The server has exported before, so its base memory does not count as growth. */
async function watchMemory(server: ServerProcess): Promise<Check[]> {
  const checks: Check[] = [];
  for (const kind of KINDS) {
    await (await ask(server, [`${kind[0]}&to=2020-03-01`, kind[1]])).body!.pipeTo(nowhere());
    const before = await rssMiB(server);
    const start = performance.now();
    let [peak, bytes] = [before, 0];
    for await (const chunk of (await ask(server, kind)).body!) {
      bytes += chunk.length;
      peak = Math.max(peak, await rssMiB(server));
    }
    const seconds = (performance.now() - start) / 1000;
    checks.push({
      claim: `${kind.join(" ")} of ${ROWS} candles needs at most ${MAX_GROWTH_MIB} MiB more`,
      isMet: peak - before <= MAX_GROWTH_MIB,
      found: `${Math.round(before)} → ${Math.round(peak)} MiB, ${
        Math.round(bytes / MEBIBYTE)
      } MiB (unpacked, where HTTP packed it) in ${seconds.toFixed(1)} s`,
    });
  }
  return checks;
}

const nowhere = () => new WritableStream<Uint8Array>({ write() {} });

async function countConnections(db: Db): Promise<{ all: number; copying: number }> {
  const [row] = await db.query<{ all: number; copying: number }>(
    `select count(*)::int as all,
       (count(*) filter (where query ilike 'copy%' and state <> 'idle'))::int as copying
     from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  return row!;
}

async function leave(server: ServerProcess, db: Db): Promise<Check> {
  const before = await countConnections(db);
  for (let i = 0; i < ABORTS; i++) {
    const client = new AbortController();
    const response = await ask(server, KINDS[i % KINDS.length]!, client.signal);
    if (response.status !== 200) throw new Error(`Export ${i} was answered ${response.status}`);
    const reader = response.body!.getReader();
    await reader.read();
    client.abort();
    await reader.closed.catch(() => {});
  }
  await waitFor(async () => (await countConnections(db)).copying === 0, 30_000);
  // Pools close unused connections; leaked ones would remain.
  await waitFor(async () => (await countConnections(db)).all <= before.all, 90_000).catch(() => {});
  const after = await countConnections(db);
  const whole = await ask(server, ["format=csv&to=2020-01-02", "identity"]);
  const { length } = (await whole.text()).trimEnd().split("\n");
  return {
    claim: `${ABORTS} disconnecting clients release their connections`,
    isMet: after.copying === 0 && after.all <= before.all && length === 1441,
    found: `connections ${before.all} → ${after.all}, statements left ${after.copying}`,
  };
}

async function breakOff(server: ServerProcess, db: Db): Promise<Check[]> {
  const checks: Check[] = [];
  for (const kind of KINDS) {
    // The previous one has ended, so this one's statement is terminated.
    await waitFor(async () => (await countConnections(db)).copying === 0, 30_000);
    const reader = (await ask(server, kind)).body!.getReader();
    await reader.read();
    const killed = await waitFor(async () => {
      const [row] = await db.query<{ killed: number }>(
        `select count(pg_terminate_backend(pid))::int as killed from pg_stat_activity
         where datname = current_database() and query ilike 'copy%to stdout%' and state = 'active'`,
      );
      return row!.killed > 0 && row!.killed; // it may not have started
    });
    let error = "";
    try {
      while (!(await reader.read()).done);
    } catch (reason) {
      error = String(reason);
    }
    checks.push({
      claim: `${kind.join(" ")} is cut off when the database disconnects`,
      isMet: killed === 1 && error !== "",
      found: error || "the transfer looked whole",
    });
  }
  return checks;
}
