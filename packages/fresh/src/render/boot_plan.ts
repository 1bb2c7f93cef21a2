import type { BuildAssets, Island } from "../build/build_assets.ts";
import type { PageTarget } from "./render_state.ts";

/** The common parts of all pages with the same set of islands. */
export interface BootPlan {
  /** The statement that loads the runtime and the islands. */
  imports: string;
  /** The islands as an object literal. */
  names: string;
  /** The `Link` header, with which the browser loads them before it has read the page. */
  link: string;
}

const PLANS = new WeakMap<BuildAssets, Map<string, BootPlan>>();

/** There are few different sets of islands, so their plans are kept with the build. */
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
  const file = prefix + buildCache.clientEntry;
  const modules = [...new Set(islands.map(({ module }) => module))];
  const local = (module: string) => `m${modules.indexOf(module)}`;
  const imports = modules.map((module) => `, ${module} as ${local(module)}`);
  const names = islands.map(({ name, module, exportName }) =>
    `${name}: ${local(module)}.${exportName}`
  );
  return {
    imports: `import { boot${imports.join("")} } from "${file}";`,
    names: `{ ${names.join(", ")} }`,
    link: `<${encodeURI(file)}>; rel="modulepreload"; as="script"`,
  };
}
