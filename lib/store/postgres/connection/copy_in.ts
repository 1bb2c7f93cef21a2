import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { from } from "pg-copy-streams";
import type { Transaction } from "./database.ts";

/** Runs `COPY … FROM STDIN` with `parts` as its input; rejects with the server's error. */
export async function copyIn(
  tx: Transaction,
  sql: string,
  parts: Iterable<string>,
): Promise<void> {
  await pipeline(Readable.from(parts), tx.client.query(from(sql)));
}
