import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import type { Config } from "../config.ts";
import { readPgParameters } from "../store/postgres/connection/pg_parameters.ts";
import { readPgTarget } from "../store/postgres/connection/pg_target.ts";

/** Permissions of a program; an empty list grants nothing, `true` everything of its kind. */
export interface Permissions {
  /** `host:port`, or the path of a Unix socket after `unix:`. */
  readonly net: readonly string[];
  /** Folders and files. */
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** Paths of programs. */
  readonly run: readonly string[] | true;
  readonly sys: readonly string[] | true;
}

/** A program's permissions before page builds are considered. */
type Least = Permissions & { readonly sys: readonly string[] };

/** Locations of the app and its embedded PostgreSQL. */
export interface Places {
  /** The folder of the app. */
  readonly app: string;
  /** `HOME` of this process. */
  readonly home: string | undefined;
  /**
   * Requirements of the embedded PostgreSQL besides `DATA_DIR`; unused with an external database.
   */
  readonly cluster: () => ClusterPermissions;
}

/** Permissions to run PostgreSQL; its address is known. */
export type ClusterPermissions = Omit<Least, "net">;

/** A program of wick and its arguments. */
export interface Program {
  readonly name: "serve.ts" | "dev.ts" | "main.ts";
  readonly args: readonly string[];
}

/** Machine name for leases, free disk space for pages and `/readyz`. */
const SYS = ["hostname", "statfs"];

/** Commands that contact neither the exchange nor a provider. */
const OFFLINE = ["export", "migrate", "upgrade"];

/** The minimal permissions of `program` with this configuration. */
export function permissionsOf(program: Program, config: Config, places: Places): Permissions {
  const isServer = program.name !== "main.ts";
  const database = databasePermissions(config, places);
  const named = isServer ? { read: [], write: [] } : namedFiles(program.args);
  const outside = OFFLINE.includes(program.args[0] ?? "") ? [] : outsideHosts(config);
  const foreign = isServer ? [] : foreignDatabases(program.args);
  const folders = [
    config.dataDir,
    ...[config.kvPath, config.log.file].flatMap((path) => path ? [dirname(path)] : []),
  ];
  const isUpgrade = !isServer && program.args[0] === "upgrade";
  const least = {
    net: unique([
      ...isServer ? [listenAddress(config.server)] : [],
      ...database.net,
      ...outside,
      ...foreign.flatMap(({ net }) => net),
    ]),
    // An upgrade runs another PostgreSQL's programs, which can be anywhere.
    read: unique(
      isUpgrade ? ["/"] : [
        places.app,
        ...folders,
        ...database.read,
        ...named.read,
        ...foreign.flatMap(({ read }) => read),
      ],
    ),
    write: unique([
      ...folders,
      ...database.write,
      ...named.write,
      ...foreign.flatMap(({ write }) => write),
    ]),
    run: isUpgrade ? true : database.run,
    sys: [...SYS, ...database.sys],
  };
  return program.name === "dev.ts" ? withBuild(least, places.app) : least;
}

/**
 * Bundling runs a program whose path depends on the platform, and Fresh's bundler reads its
 * packages from Deno's cache or fetches missing ones. Matches the task `build` in deno.json.
 */
function withBuild(least: Permissions, app: string): Permissions {
  return {
    net: [...least.net, "jsr.io:443", "registry.npmjs.org:443"],
    read: ["/"],
    write: [...least.write, join(app, "_fresh"), join(app, "static/vendor")],
    run: true,
    sys: true,
  };
}

function listenAddress({ host, port }: Config["server"]): string {
  return `${bracket(host)}:${port}`;
}

function outsideHosts(config: Config): string[] {
  const { provider, coingecko, coinmarketcap } = config.marketCaps;
  const urls = [
    ...config.binanceUrls,
    ...config.binanceStreamUrls,
    config.archiveUrl,
    config.archiveListUrl,
    provider === "coingecko" ? coingecko.url : coinmarketcap.url,
    config.webhookUrl,
  ];
  return urls.filter((url) => url !== undefined).map(hostOf);
}

function hostOf(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (/^(https|wss):$/.test(protocol) ? 443 : 80)}`;
}

function databasePermissions(config: Config, places: Places): Least {
  const { database, databaseReadUrl } = config;
  const environment = database.kind === "server" ? database.environment : {};
  const urls = databaseReadUrl === undefined ? [] : [databaseReadUrl];
  const servers = [
    ...database.kind === "server" ? [serverPermissions(database.url, environment)] : [],
    ...urls.map((url) => serverPermissions(url, environment)),
  ];
  const own = database.kind === "embedded"
    ? { net: ["127.0.0.1"], ...places.cluster() }
    : { net: [], read: [], write: [], run: [], sys: [] };
  const libpq = servers.length > 0 && places.home !== undefined
    ? [".pgpass", ".pg_service.conf", ".postgresql"].map((name) => join(places.home!, name))
    : [];
  return {
    net: [...own.net, ...servers.flatMap(({ net }) => net)],
    read: [...own.read, ...libpq, ...servers.flatMap(({ read }) => read)],
    write: [...own.write, ...servers.flatMap(({ write }) => write)],
    run: own.run,
    sys: own.sys,
  };
}

/** Databases of other programs, whose candles a command reads. */
function foreignDatabases(args: readonly string[]) {
  return args.filter((argument) => /^postgres(ql)?:\/\//.test(argument))
    .map((url) => serverPermissions(url, {}));
}

type Environment = Readonly<Record<string, string>>;

/** Empty for invalid arguments: the program reports those. */
function serverPermissions(url: string | undefined, environment: Environment) {
  try {
    const { candidates } = readPgTarget(url, environment);
    const { values } = readPgParameters(url, environment);
    const sockets = candidates.filter(({ host }) => host.startsWith("/"))
      .map(({ host, port }) => join(host, `.s.PGSQL.${port}`));
    const hosts = candidates.filter(({ host }) => !host.startsWith("/"))
      .map(({ host, port }) => `${bracket(host)}:${port}`);
    const files = [
      ...["passfile", "sslrootcert", "sslcert", "sslkey"].map((keyword) => values[keyword]),
      environment["PGSERVICEFILE"],
      environment["PGSYSCONFDIR"],
    ].filter((path) => path !== undefined && path !== "system");
    return {
      net: [...hosts, ...sockets.map((path) => `unix:${path}`)],
      read: [...files as string[], ...sockets],
      write: sockets,
    };
  } catch {
    return { net: [], read: [], write: [] };
  }
}

/** Flags that name a file or folder to write. */
const WRITTEN = ["csv", "html", "lake", "out"] as const;

/**
 * Paths on the command line: files to read with their siblings, and the folder of a file to write.
 */
function namedFiles(args: readonly string[]): Pick<Permissions, "read" | "write"> {
  const options = Object.fromEntries(WRITTEN.map((name) => [name, { type: "string" as const }]));
  const { values, positionals } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
  });
  const written = WRITTEN.map((name) => values[name])
    .filter((path): path is string => typeof path === "string" && path !== "");
  const write = written.flatMap((path) => [path, dirname(path)]);
  const read = positionals.slice(1).filter((path) => !path.includes("://"))
    .flatMap((path) => [path, dirname(path)]); // and its checksum
  return { read: [...read, ...write].filter(Boolean), write };
}

/** The `deno run` flags that grant the permissions. */
export function permissionFlags({ net, read, write, run, sys }: Permissions): string[] {
  const flag = (name: string, items: readonly string[] | true) => {
    if (items === true) return [`--allow-${name}`];
    const list = unique(items.map(withoutComma)).join(",");
    return list === "" ? [] : [`--allow-${name}=${list}`];
  };
  return [
    "--no-prompt",
    "--allow-env",
    ...flag("net", net),
    ...flag("read", read),
    ...flag("write", write),
    ...flag("run", run),
    ...flag("sys", sys),
  ];
}

/**
 * The nearest folder above a path whose name has no comma: Deno 2.9 cannot be given one that has. A
 * list of symbols among the arguments looks like such a path.
 */
function withoutComma(path: string): string {
  return path.includes(",") ? withoutComma(dirname(path)) : path;
}

function bracket(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];
