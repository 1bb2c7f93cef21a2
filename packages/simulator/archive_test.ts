import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { unzipSync } from "fflate";
import { toIso } from "../../lib/core/time.ts";
import { parseArchivePath } from "./archive.ts";
import { at, type Client, withSimulator } from "./testing/client.ts";
import type { FaultKind } from "./faults/fault_kinds.ts";

const MONTH = "/data/spot/monthly/klines/BTCUSDT/4h/BTCUSDT-4h";

async function bytesOf({ simulator }: Client, path: string): Promise<Uint8Array> {
  const response = await fetch(simulator.url + path);
  assert.equal(response.status, 200, path);
  return new Uint8Array(await response.arrayBuffer());
}

/** Like `sha256sum -c`: a line `digest  name` with the digest of that file. */
async function passesChecksum(client: Client, path: string): Promise<boolean> {
  const { text } = await client.get(`${path}.CHECKSUM`);
  const match = /^([0-9a-f]{64}) [ *](.+)\n$/.exec(text);
  assert.ok(match !== null, text);
  assert.equal(match[2], path.split("/").at(-1));
  const digest = createHash("sha256").update(await bytesOf(client, path)).digest("hex");
  return digest === match[1];
}

function linesOf(zip: Uint8Array, name: string): string[] {
  const files = unzipSync(zip);
  assert.deepEqual(Object.keys(files), [name]);
  return new TextDecoder().decode(files[name]).trimEnd().split("\n");
}

Deno.test("archive: a month has the API's candles and a matching checksum", async () => {
  await withSimulator({}, async (client) => {
    const path = `${MONTH}-2024-03.zip`;
    assert.ok(await passesChecksum(client, path));
    const lines = linesOf(await bytesOf(client, path), "BTCUSDT-4h-2024-03.csv");
    const range = { from: at("2024-03-01"), to: at("2024-04-01") };
    const rows = client.simulator.candles("BTCUSDT", "4h", range);
    assert.deepEqual(lines, rows.map((row) => row.join(",")));
    assert.equal(lines.length, 31 * 6);
  });
});

Deno.test("archive: times are ms before 2025 and µs from then on", async () => {
  await withSimulator({ now: at("2025-03-01") }, async (client) => {
    const last = linesOf(await bytesOf(client, `${MONTH}-2024-12.zip`), "BTCUSDT-4h-2024-12.csv");
    const first = linesOf(await bytesOf(client, `${MONTH}-2025-01.zip`), "BTCUSDT-4h-2025-01.csv");
    assert.match(last.at(-1)!, /^1735675200000,.*,1735689599999,/);
    assert.match(first[0]!, /^1735689600000000,.*,1735703999999999,/);
  });
});

Deno.test("archive: files that are not published are 404", async () => {
  await withSimulator({ now: at("2024-05-06T07:59:59Z") }, async ({ get, simulator }) => {
    const status = async (path: string) => (await get(path)).status;
    const day = "/data/spot/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2024-05";
    assert.equal(await status(`${MONTH}-2024-04.zip`), 404);
    assert.equal(await status(`${day}-04.zip`), 200);
    assert.equal(await status(`${day}-05.zip`), 404);
    assert.equal(await status(`${MONTH}-2017-07.zip`), 404);
    assert.equal(await status("/data/spot/monthly/klines/NONE/4h/NONE-4h-2024-03.zip"), 404);
    simulator.clock.advance(1_000);
    assert.equal(await status(`${MONTH}-2024-04.zip`), 200);
    assert.equal(await status(`${day}-05.zip`), 200);
  });
});

Deno.test("archive: faults corrupt the checksum, the file or its rows", async () => {
  await withSimulator({}, async (client) => {
    const { simulator, get } = client;
    const path = `${MONTH}-2024-03.zip`;
    const name = "BTCUSDT-4h-2024-03.csv";
    const sound = linesOf(await bytesOf(client, path), name);
    const under = async <Value>(kind: FaultKind, look: () => Promise<Value>) => {
      const id = simulator.faults.add({ kind });
      const seen = await look();
      simulator.faults.remove(id);
      return seen;
    };
    assert.equal(await under("wrong-checksum", () => passesChecksum(client, path)), false);
    assert.equal(
      await under("missing-checksum", async () => (await get(`${path}.CHECKSUM`)).status),
      404,
    );
    assert.equal(await under("missing-file", async () => (await get(path)).status), 404);
    assert.equal(await under("cut-file", () => passesChecksum(client, path)), false);
    assert.equal(await under("broken-zip", () => passesChecksum(client, path)), true);
    const broken = await under("broken-zip", () => bytesOf(client, path));
    assert.throws(() => assert.deepEqual(linesOf(broken, name), sound));
    const headed = linesOf(await under("header-line", () => bytesOf(client, path)), name);
    assert.match(headed[0]!, /^open_time,open,high/);
    assert.deepEqual(headed.slice(1), sound);
    const altered = linesOf(await under("altered-rows", () => bytesOf(client, path)), name);
    const different = altered.filter((line, i) => line !== sound[i]);
    assert.equal(different.length, Math.ceil(sound.length / 10));
    assert.ok(await passesChecksum(client, path));
  });
});

const BASE = "/data/spot";

Deno.test("parseArchivePath() dates daily files the next day, monthly ones the first Monday of the next month", () => {
  const published = (path: string) => toIso(parseArchivePath(BASE + path)!.publishedAt);
  const monthly = (month: string) =>
    published(`/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-${month}.zip`);
  assert.equal(monthly("2024-03"), "2024-04-01T08:00:00.000Z");
  assert.equal(monthly("2024-04"), "2024-05-06T08:00:00.000Z");
  assert.equal(monthly("2024-12"), "2025-01-06T08:00:00.000Z");
  assert.equal(
    published("/daily/klines/BTCUSDT/1m/BTCUSDT-1m-2024-02-29.zip.CHECKSUM"),
    "2024-03-01T08:00:00.000Z",
  );
});

Deno.test("parseArchivePath() reads 1mo as the month and refuses names that contradict their folder", () => {
  assert.equal(
    parseArchivePath(`${BASE}/monthly/klines/BTCUSDT/1mo/BTCUSDT-1mo-2024-03.zip`)?.interval,
    "1M",
  );
  const bad = [
    "/monthly/klines/BTCUSDT/1M/BTCUSDT-1M-2024-03.zip",
    "/monthly/klines/BTCUSDT/1h/ETHUSDT-1h-2024-03.zip",
    "/monthly/klines/BTCUSDT/1h/BTCUSDT-4h-2024-03.zip",
    "/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-03-01.zip",
    "/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2024-03.zip",
    "/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2024-02-30.zip",
    "/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-13.zip",
    "/monthly/klines/BTCUSDT/9h/BTCUSDT-9h-2024-03.zip",
    "/monthly/trades/BTCUSDT/BTCUSDT-trades-2024-03.zip",
  ];
  for (const path of bad) assert.equal(parseArchivePath(BASE + path), undefined, path);
});
