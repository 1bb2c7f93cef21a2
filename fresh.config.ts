/**
 * Paths of the app's parts, for `dev.ts` (build) and `main.ts` (server). Fresh 2 does not read this
 * file.
 */
export const freshConfig = {
  /** Built output of `deno task build`. */
  outDir: "_fresh",
  staticDir: "static",
  islandDir: "islands",
  routeDir: "routes",
} as const;

/** Browser libraries that the build copies, compressed, to `static/vendor/`. */
export const vendorFolder = new URL("./static/vendor/", import.meta.url);
export const migrationsFolder = new URL("./migrations/", import.meta.url);
