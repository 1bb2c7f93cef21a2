/**
 * Where the app's parts lie, for `dev.ts` (which builds) and `main.ts` (which serves). Fresh 2 does
 * not read this file by itself.
 */
export const freshConfig = {
  /** Built output, made by `deno task build`. */
  outDir: "_fresh",
  staticDir: "static",
  islandDir: "islands",
  routeDir: "routes",
} as const;

/** Browser libraries that the build copies, compressed, to `static/vendor/`. */
export const vendorFolder = new URL("./static/vendor/", import.meta.url);
export const migrationsFolder = new URL("./migrations/", import.meta.url);
