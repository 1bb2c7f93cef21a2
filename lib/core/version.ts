import manifest from "../../deno.json" with { type: "json" };

/** wick's version, set in `deno.json` only: shown by `--version`, the pages and OpenAPI. */
export const VERSION: string = manifest.version;
