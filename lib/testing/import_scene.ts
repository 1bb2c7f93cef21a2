import {
  BlobWriter,
  TextReader,
  Uint8ArrayReader,
  ZipWriter,
  type ZipWriterConstructorOptions,
} from "@zip.js/zip.js";
import { parseTime } from "../core/time.ts";
import { startSimulator } from "../../packages/simulator/simulator.ts";
import { executeTask } from "./command.ts";
import { createTestDatabase } from "./database/postgres.ts";

const HOUR_MS = 3_600_000;

/** A database, a simulated exchange, and a folder for files to import. */
export async function openImportScene() {
  const { db, url, close } = await createTestDatabase();
  const simulator = await startSimulator({ now: parseTime("2025-06-15T10:20:30Z"), frozen: true });
  const folder = await Deno.makeTempDir({ prefix: "wick-import-" });
  const taskWith = (settings: Readonly<Record<string, string>>, ...args: string[]) =>
    executeTask({ DATABASE_URL: url, BINANCE_URLS: simulator.url, ...settings }, args);
  const task = (...args: string[]) => taskWith({}, ...args);

  /** Fields of hourly candles in the archive's format until 2024. */
  function candles(symbol: string, from: string, count: number): string[][] {
    const start = parseTime(from);
    const range = { from: start, to: start + 2 * count * HOUR_MS };
    return simulator.candles(symbol, "1h", range).slice(0, count).map((row) => row.map(String));
  }

  return {
    db,
    url,
    simulator,
    folder,
    task,
    /** As `task`, with other settings. */
    taskWith,
    candles,
    importFiles: (...args: string[]) => task("import", ...args),
    /** Lines of a CSV with `width` columns. */
    csv: (symbol: string, from: string, count: number, width = 12) =>
      candles(symbol, from, count).map((row) => row.slice(0, width).join()),
    /** Writes a file into a separate folder unless its name has one, and returns its path. */
    async write(name: string, content: string | Uint8Array | readonly string[]): Promise<string> {
      const path = `${await Deno.makeTempDir({ dir: folder })}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      const text = typeof content === "string" || content instanceof Uint8Array
        ? content
        : `${content.join("\n")}\n`;
      await (typeof text === "string"
        ? Deno.writeTextFile(path, text)
        : Deno.writeFile(path, text));
      return path;
    },
    async count(symbol: string): Promise<number> {
      const [row] = await db.query<{ count: number }>(
        "select count(*) from candles where symbol = $1",
        [symbol],
      );
      return row!.count;
    },
    async close() {
      await simulator.close();
      await close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** A zip of texts, lines or bytes by their names. */
export async function zipOf(
  files: Record<string, string | Uint8Array | readonly string[]>,
  options: ZipWriterConstructorOptions = {},
): Promise<Uint8Array> {
  const zip = new ZipWriter(new BlobWriter(), { useWebWorkers: false, ...options });
  for (const [name, content] of Object.entries(files)) {
    const reader = content instanceof Uint8Array
      ? new Uint8ArrayReader(content)
      : new TextReader(typeof content === "string" ? content : `${content.join("\n")}\n`);
    const directory = name.endsWith("/");
    await zip.add(name, directory ? undefined : reader, { directory });
  }
  return new Uint8Array(await (await zip.close()).arrayBuffer());
}
