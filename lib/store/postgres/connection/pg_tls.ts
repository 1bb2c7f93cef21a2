import { join } from "node:path";
import { type PgParameters, refusal } from "./pg_parameters.ts";

/** Encryption of a connection: none, or these options of `node:tls`. */
export type Tls = false | {
  readonly rejectUnauthorized: boolean;
  readonly checkServerIdentity?: () => undefined;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
};

/**
 * The ways to try, in order. `require`, `verify-ca` and `prefer` in variables and service files
 * have libpq's meaning. In a URL, `require` checks certificate and name like `verify-full`, as
 * node-postgres does, unless `uselibpqcompat=true` is given; `no-verify` checks nothing.
 * @throws `store_unavailable` for an unreadable certificate file and for an unknown `sslmode`
 */
export function tlsChoices(
  { values, isStrictTls }: PgParameters,
  home: string | undefined,
): readonly Tls[] {
  const mode = values["sslmode"] ?? "prefer";
  if (mode === "disable") return [false];
  const own = readCertificates(values, home);
  const unchecked = { ...own, rejectUnauthorized: false };
  const chain = { ...own, rejectUnauthorized: true, checkServerIdentity: () => undefined };
  const full = { ...own, rejectUnauthorized: true };
  switch (mode) {
    case "allow":
      return [false, unchecked];
    case "prefer":
      return [unchecked, false];
    case "no-verify":
      return [unchecked];
    case "require":
      if (isStrictTls) return [full];
      return [own.ca === undefined ? unchecked : chain];
    case "verify-ca":
      // Public authorities issue certificates to everyone, so the name is checked too.
      return [own.ca === undefined ? full : chain];
    case "verify-full":
      return [full];
    default:
      throw refusal(
        `sslmode=${mode} is not among disable, allow, prefer, require, verify-ca, verify-full ` +
          "and no-verify",
      );
  }
}

function readCertificates(values: PgParameters["values"], home: string | undefined) {
  const standard = (name: string) =>
    home === undefined ? undefined : readIfThere(join(home, ".postgresql", name));
  const read = (keyword: string, name: string) => {
    const path = values[keyword];
    return path === undefined ? standard(name) : readCertificate(keyword, path);
  };
  const ca = values["sslrootcert"] === "system" ? undefined : read("sslrootcert", "root.crt");
  if (ca !== undefined && !ca.includes("BEGIN CERTIFICATE")) {
    const path = values["sslrootcert"] ?? "~/.postgresql/root.crt";
    throw refusal(`${path}, which sslrootcert names, holds no certificate in PEM format`);
  }
  const cert = read("sslcert", "postgresql.crt");
  const key = cert === undefined ? undefined : read("sslkey", "postgresql.key");
  return {
    ...ca === undefined ? {} : { ca },
    ...cert === undefined || key === undefined ? {} : { cert, key },
  };
}

function readCertificate(keyword: string, path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    throw refusal(`cannot read ${keyword} ${path}: ${(error as Error).message}`);
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}
