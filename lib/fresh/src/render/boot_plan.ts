import type { BuildCache, Island } from "../build/build_cache.ts";
import type { PageTarget } from "./render_state.ts";

/** What the pages with a certain set of islands have in common. */
export interface BootPlan {
  /** The statements that load the runtime and the islands. */
  imports: string;
  /** The islands as an object literal. */
  names: string;
  /** The `Link` header, so that the browser loads them before it has read the page. */
  link: string;
}

// deno-lint-ignore no-explicit-any
const PLANS = new WeakMap<BuildCache<any>, Map<string, BootPlan>>();

/** Pages show few different sets of islands, so their plans are kept with the build. */
export function bootPlan(target: PageTarget, islands: Set<Island>): BootPlan {
  let plans = PLANS.get(target.buildCache);
  if (plans === undefined) PLANS.set(target.buildCache, plans = new Map());
  let key = target.prefix;
  for (const { name } of islands) key += ` ${name}`;
  let plan = plans.get(key);
  if (plan === undefined) plans.set(key, plan = newPlan(target, [...islands]));
  return plan;
}

function newPlan({ prefix, buildCache }: PageTarget, islands: Island[]): BootPlan {
  const imports = islands.map((island) =>
    `import ${importClause(island)} from "${prefix}${island.file}";`
  );
  const files = new Set([buildCache.clientEntry, ...islands.map(({ file }) => file)]);
  const links = Array.from(
    files,
    (file) => `<${encodeURI(prefix + file)}>; rel="modulepreload"; as="script"`,
  );
  return {
    imports: `import { boot } from "${prefix}${buildCache.clientEntry}";${imports.join("")}`,
    names: `{ ${islands.map(({ name }) => name).join(", ")} }`,
    link: links.join(", "),
  };
}

function importClause({ name, exportName }: Island): string {
  if (exportName === "default") return name;
  return exportName === name ? `{ ${name} }` : `{ ${exportName} as ${name} }`;
}
