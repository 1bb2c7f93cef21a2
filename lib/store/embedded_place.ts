import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import type { Logger } from "../ports/host.ts";
import { outputOf } from "./_command.ts";
import { type Account, canReach, findAccount } from "./embedded_account.ts";
import { copyBinaries, findBinaries, linkLibraries } from "./embedded_binaries.ts";

/** Where things lie, and who runs them. */
export interface Place {
  readonly binaries: string;
  readonly major: string;
  readonly data: string;
  readonly account: Account;
}

/** Root's own folders are closed to the account that runs the server: then it moves out. */
export async function findPlace(root: string, log: Logger): Promise<Place> {
  const account = await findAccount();
  const { root: packaged, major } = findBinaries();
  await linkLibraries(packaged).catch(() => {}); // a read-only install that needs links fails below, in words
  if (await canReach(account, packaged) && await canReach(account, root)) {
    return { binaries: packaged, major, data: join(root, "postgres"), account };
  }
  const shelter = "/var/lib/wick";
  const name = createHash("sha256").update(root).digest("hex").slice(0, 12);
  await Deno.mkdir(join(shelter, name), { recursive: true, mode: 0o755 });
  const binaries = join(shelter, `postgresql-${major}`);
  await copyBinaries(packaged, binaries);
  const data = join(shelter, name, "postgres");
  log.info(`The account that runs PostgreSQL cannot reach ${root}: its files are in ${data}`);
  return { binaries, major, data, account };
}

/** Runs one of PostgreSQL's programs as the account that owns its data. */
export function runProgram(place: Place, program: string, args: string[]) {
  return outputOf(join(place.binaries, "bin", program), args, {
    ...place.account,
    cwd: dirname(place.data),
    env: { LC_ALL: "C" },
  });
}

export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "no reason given";
}
