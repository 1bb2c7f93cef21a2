// Imports of a generated `_fresh/server.js`.
export { setBuildCache } from "./app.ts";
export { ProdBuildCache } from "./build/prod_build_cache.ts";
export { addIslands } from "./build/islands.ts";
