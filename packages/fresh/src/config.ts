/** Options of `new App()`. */
export interface FreshConfig {
  /** Path prefix under which the whole app answers, such as `/shop`. */
  basePath?: string;
}

/** `FreshConfig` with every default filled in. */
export interface ResolvedFreshConfig {
  root: string;
  basePath: string;
  mode: "development" | "production";
}

export function resolveConfig({ basePath = "" }: FreshConfig): ResolvedFreshConfig {
  return { root: ".", basePath, mode: "production" };
}
