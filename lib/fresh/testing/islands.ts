import { setBuildCache } from "../src/app.ts";
import { emptyBuildCache } from "../src/build/build_cache.ts";
import { addIslands } from "../src/build/islands.ts";
import { App } from "../src/mod.ts";

/** An app in which the given components are islands, each of a module of its own. */
export function appWithIslands(components: Record<string, unknown>): App<unknown> {
  const app = new App();
  const cache = { ...emptyBuildCache<unknown>("."), clientEntry: "/_fresh/js/id/fresh-islands.js" };
  const modules = Object.entries(components).map(([name, component]) => ({
    name,
    exports: { default: component },
  }));
  addIslands(cache.islands, modules);
  setBuildCache(app, cache, "production");
  return app;
}

/** The text that a page's script hands to `boot()`. */
export function bootText(html: string): string {
  const literal = /boot\(\{[^}]*\}, ("(?:[^"\\]|\\.)*")\);<\/script>/.exec(html)?.[1];
  if (literal === undefined) throw new Error(`No boot script in ${html}`);
  return JSON.parse(literal);
}
