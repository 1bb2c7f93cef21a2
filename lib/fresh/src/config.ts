/** What `new App()` accepts. */
export interface FreshConfig {
  /** Path prefix under which the whole app answers, such as `/shop`. */
  basePath?: string;
  mode?: "development" | "production";
  /** Build `ctx.url` from `X-Forwarded-Proto` and `X-Forwarded-Host`. */
  trustProxy?: boolean;
}

/** `FreshConfig` with every default filled in. */
export interface ResolvedFreshConfig {
  root: string;
  basePath: string;
  mode: "development" | "production";
  trustProxy: boolean;
}

export function resolveConfig(config: FreshConfig): ResolvedFreshConfig {
  const basePath = config.basePath ?? "";
  assertBasePath(basePath);
  return {
    root: ".",
    basePath,
    mode: config.mode ?? "production",
    trustProxy: config.trustProxy ?? false,
  };
}

function assertBasePath(basePath: string): void {
  if (basePath === "" || basePath === "/" || basePath === "./") return;
  const fail = (rule: string) => {
    throw new Error(`Invalid basePath: "${basePath}". ${rule}`);
  };
  if (!basePath.startsWith("/")) fail(`Must be empty, "/", "./", or start with "/"`);
  if (basePath.endsWith("/")) fail(`Must not end with "/" except for root path`);
  if (!/^\/[\w\-./]*$/.test(basePath)) fail("Contains invalid characters");
}

/** The prefix of generated URLs: the root forms of a base path add nothing. */
export function urlPrefix(config: ResolvedFreshConfig): string {
  return config.basePath === "/" || config.basePath === "./" ? "" : config.basePath;
}
