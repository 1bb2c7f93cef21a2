import assert from "node:assert/strict";
import { join } from "node:path";
import { withServiceHost } from "../../../pg_service.ts";
import { readPgTarget } from "./pg_target.ts";

const home = await Deno.makeTempDir({ prefix: "wick-home-" });
Deno.test.afterAll(() => Deno.remove(home, { recursive: true }));
const file = async (name: string, text: string, mode = 0o600) => {
  const path = join(home, name);
  await Deno.writeTextFile(path, text, { mode });
  await Deno.chmod(path, mode);
  return path;
};
const ca = await file("own-ca.crt", "-----BEGIN CERTIFICATE-----");

const where = (url: string | undefined, env: Record<string, string> = {}) => {
  const target = readPgTarget(url, env);
  const { host, port } = target.candidates[0]!;
  return `${target.user}@${host}:${port}/${target.database}`;
};
const tls = (url: string | undefined, env: Record<string, string> = {}) =>
  readPgTarget(url, env).candidates.map(({ tls }) =>
    tls === false
      ? "plain"
      : !tls.rejectUnauthorized
      ? "unchecked"
      : tls.checkServerIdentity
      ? "chain"
      : "full"
  ).join();

Deno.test("readPgTarget() reads URLs as libpq does", () => {
  assert.equal(where("postgresql://u:p@h:5433/db"), "u@h:5433/db");
  assert.equal(where("postgres://u@h"), "u@h:5432/u");
  assert.equal(where("postgresql://u:p@[::1]:5433/db"), "u@::1:5433/db");
  assert.equal(where("postgresql://u%40x:p@%2Fvar%2Frun/db"), "u@x@/var/run:5432/db");
  assert.equal(where("postgresql:///db?host=/run/pg&user=u"), "u@/run/pg:5432/db");
  const { candidates, options, password } = readPgTarget(
    "postgresql://u:p%2F@a:1@h1:1,h2:2/db?sslmode=disable&options=-c%20geqo%3Doff",
    {},
  );
  assert.deepEqual(candidates.map(({ host, port }) => `${host}:${port}`), ["h1:1", "h2:2"]);
  assert.equal(options, "-c geqo=off");
  assert.equal(password(candidates[0]!), "p/@a:1");
});

Deno.test("readPgTarget() completes a URL with variables, and uses all of them without one", () => {
  const env = {
    PGHOST: "h1,h2",
    PGPORT: "5433",
    PGUSER: "u",
    PGDATABASE: "d",
    PGPASSWORD: "p",
    PGAPPNAME: "mine",
    PGCONNECT_TIMEOUT: "7",
    PGOPTIONS: "-c geqo=off",
    PGTARGETSESSIONATTRS: "primary",
  };
  assert.equal(where("postgresql://x@h/db", env), "x@h:5433/db");
  const target = readPgTarget(undefined, { ...env, PGSSLMODE: "disable" });
  assert.deepEqual(target.candidates.map(({ host, port }) => `${host}:${port}`), [
    "h1:5433",
    "h2:5433",
  ]);
  const { user, database, applicationName, connectTimeoutMs, options, session } = target;
  assert.deepEqual({ user, database, applicationName, connectTimeoutMs, options, session }, {
    user: "u",
    database: "d",
    applicationName: "mine",
    connectTimeoutMs: 7_000,
    options: "-c geqo=off",
    session: "primary",
  });
  const [first] = readPgTarget(undefined, { PGHOST: "db", PGHOSTADDR: "10.0.0.1" }).candidates;
  assert.deepEqual([first!.host, first!.name], ["10.0.0.1", "db"]);
});

Deno.test("readPgTarget() reads services: before variables, after the URL", async () => {
  const path = await file(
    "services.conf",
    "# mine\n[other]\nhost=o\n[wick]\nhost=s\nport=6000\ndbname = sd\n\n[last]\nhost=l\n",
  );
  const env = { PGSERVICEFILE: path, PGSERVICE: "wick", PGPORT: "1", PGUSER: "u" };
  assert.equal(where(undefined, env), "u@s:6000/sd");
  assert.equal(where("postgresql://x@h/db", env), "x@h:6000/db");
  assert.equal(where("postgresql://?service=other&user=y", { PGSERVICEFILE: path }), "y@o:5432/y");
  assert.equal(withServiceHost(env)["PGHOST"], "s", "it names a server");
  assert.equal(withServiceHost({ ...env, PGSERVICE: "unknown" })["PGHOST"], undefined);
  assert.equal(withServiceHost({ ...env, DATABASE_URL: "postgres://h" })["PGHOST"], undefined);
  assert.throws(() => where("postgresql://h/d", { ...env, PGSERVICE: "unknown" }), {
    code: "store_unavailable",
    message: /no service file defines the service "unknown"/,
  });
});

Deno.test("readPgTarget() reads passwords from a file that others cannot read", async () => {
  const text = "h:1:*:u:first\n*:*:d\\:b:u:with\\:colon\n*:*:*:*:last\n";
  const password = (url: string, env: Record<string, string>) => {
    const target = readPgTarget(url, env);
    return target.password(target.candidates[0]!);
  };
  const PGPASSFILE = await file("passwords", text);
  assert.equal(password("postgresql://u@h:1/x", { PGPASSFILE }), "first");
  assert.equal(password("postgresql://u@h:2/d%3Ab", { PGPASSFILE }), "with:colon");
  assert.equal(password("postgresql://x@h:2/y", { PGPASSFILE }), "last");
  assert.equal(password("postgresql://x:own@h:2/y", { PGPASSFILE }), "own");
  await file(".pgpass", "*:*:*:*:home\n");
  assert.equal(password("postgresql://x@h:2/y", { HOME: home }), "home");
  const open = await file("open", text, 0o644);
  assert.throws(
    () => password("postgresql://u@h:1/x", { PGPASSFILE: open }),
    /requires a password/,
  );
});

Deno.test("sslmode has libpq's meaning in variables, and checks certificates in a URL", () => {
  const url = "postgresql://u@h/d";
  const own = `sslrootcert=${ca}`;
  for (
    const [expected, query, variables] of [
      ["unchecked,plain", "", {}],
      ["plain", "sslmode=disable", { PGSSLMODE: "require" }],
      ["plain,unchecked", "sslmode=allow", {}],
      ["full", "sslmode=require", {}],
      ["full", `sslmode=require&${own}`, {}],
      ["unchecked", "sslmode=require&uselibpqcompat=true", {}],
      ["chain", `sslmode=require&uselibpqcompat=true&${own}`, {}],
      ["chain", `sslmode=verify-ca&${own}`, {}],
      ["full", "sslmode=verify-ca", {}],
      ["full", "sslmode=verify-full", {}],
      ["unchecked", "sslmode=no-verify", {}],
      ["full", "ssl=true", {}],
      ["unchecked", "ssl=no-verify", {}],
      ["unchecked", "", { PGSSLMODE: "require" }],
      ["chain", "", { PGSSLMODE: "require", PGSSLROOTCERT: ca }],
      ["full", "", { PGSSLMODE: "verify-full", PGSSLROOTCERT: ca }],
    ] as const
  ) {
    assert.equal(tls(`${url}?${query}`, { ...variables }), expected, `${query} ${variables}`);
  }
  assert.equal(tls("postgresql://u@/d?host=/run/pg&sslmode=require"), "plain", "a socket");
});

Deno.test("options whose omission would weaken the requested protection are rejected, not ignored", () => {
  for (
    const [query, reason] of [
      ["sslmode=sometimes", /sslmode=sometimes is not among/],
      ["sslmode=require&sslrootcert=/nowhere/ca.crt", /cannot read sslrootcert \/nowhere\/ca.crt/],
      ["sslmode=require&sslrootcert=/etc/hostname", /holds no certificate in PEM format/],
      ["require_auth=scram-sha-256", /does not support require_auth/],
      ["gssencmode=require", /does not support gssencmode/],
      ["sslcrl=/crl", /does not support sslcrl/],
      ["target_session_attrs=any-old", /target_session_attrs is not among/],
      ["port=99999", /not from 1 to 65535/],
    ] as const
  ) {
    assert.throws(() => readPgTarget(`postgresql://u@h/d?${query}`, {}), {
      code: "store_unavailable",
      message: reason,
    });
  }
});
