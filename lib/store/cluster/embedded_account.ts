import { AppError } from "../../core/errors.ts";
import { outputOf } from "./_command.ts";

/** The operating system's account that runs PostgreSQL; `undefined`: the current one. */
export type Account = { readonly uid: number; readonly gid: number } | undefined;

const ACCOUNT_NAME = "postgres";

/**
 * PostgreSQL refuses to run as root, so root runs it as the account `postgres`, created if needed.
 *
 * @throws `store_unavailable` when the account cannot be created
 */
export async function findAccount(): Promise<Account> {
  if (Deno.uid() !== 0) return undefined;
  const found = await readAccount();
  if (found) return found;
  await createAccount();
  const made = await readAccount();
  if (made) return made;
  throw new AppError(
    "store_unavailable",
    `Cannot start the embedded PostgreSQL as root: the account "${ACCOUNT_NAME}" cannot be created; ` +
      "run wick as another user, or set DATABASE_URL",
  );
}

async function readAccount(): Promise<Account> {
  const passwd = await Deno.readTextFile("/etc/passwd").catch(() => "");
  const line = passwd.split("\n").find((entry) => entry.startsWith(`${ACCOUNT_NAME}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

/**
 * The account that owns `data`, when the process runs as root: a cluster created by an ordinary
 * user is run as that user. For root's own files (PostgreSQL refuses to run as root), `standard`.
 */
export async function accountOf(data: string, standard: Account): Promise<Account> {
  if (standard === undefined) return undefined;
  const { uid, gid } = await Deno.stat(data).catch(() => ({ uid: 0, gid: 0 }));
  return uid ? { uid, gid: gid ?? uid } : standard;
}

async function createAccount(): Promise<void> {
  const ways: [string, string[]][] = [
    ["useradd", ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT_NAME]],
    ["adduser", ["-S", "-D", "-H", ACCOUNT_NAME]],
  ];
  for (const [command, args] of ways) {
    const { success } = await outputOf(command, args).catch(() => ({ success: false }));
    if (success) return;
  }
}

/** True if `account` can enter every folder on the way to `path`, and read it. */
export async function canReach(account: Account, path: string): Promise<boolean> {
  if (account === undefined) return true;
  const { success } = await outputOf("/bin/sh", ["-c", 'test -r "$0" && test -x "$0"', path], {
    ...account,
    cwd: "/",
  }).catch(() => ({ success: false }));
  return success;
}
