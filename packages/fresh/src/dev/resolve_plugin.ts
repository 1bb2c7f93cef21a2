import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { findDenoConfig, resolveImport } from "./import_map.ts";

/** Marks resolutions that this plugin started, so that it skips them. */
const DONE = { resolvedByFresh: true };

const NPM = /^npm:\/?((?:@[^/]+\/)?[^@/]+)(?:@[^/]+)?(\/.*)?$/;
const FRESH = /^(?:jsr:\/?@fresh\/core(?:@[^/]+)?|fresh)(?:\/(.+))?$/;
/** The only part of Fresh that browser code can import. */
const RUNTIME = fileURLToPath(new URL("../runtime/mod.ts", import.meta.url));
/** Two copies of these break hooks and signals, so every import gets the project's copy. */
const SHARED = /^(?:preact|@preact\/signals|@preact\/signals-core)(?:\/|$)/;

/** Resolves imports of browser code as Deno does: import map, then `node_modules`. */
export function resolvePlugin(root: string): Plugin {
  return {
    name: "fresh-resolve",
    async setup(build) {
      const config = await findDenoConfig(root);
      build.onResolve({ filter: /.*/ }, async (args) => {
        if (args.kind === "entry-point" || args.pluginData === DONE) return;
        if (/^(?:\.{0,2}\/|file:)/.test(args.path)) return toFile(args.path);
        if (args.importer.includes("/node_modules/") && !SHARED.test(args.path)) return;
        const target = resolveImport(config, args.path) ?? args.path;
        return await toModule(build, args, target, root);
      });
    },
  };
}

function toFile(path: string): OnResolveResult | undefined {
  return path.startsWith("file:") ? { path: fileURLToPath(path) } : undefined;
}

async function toModule(
  build: PluginBuild,
  args: OnResolveArgs,
  target: string,
  root: string,
): Promise<OnResolveResult> {
  if (target.startsWith("file:")) return { path: fileURLToPath(target) };
  const fresh = FRESH.exec(target);
  if (fresh?.[1] === "runtime") return { path: RUNTIME };
  const npm = NPM.exec(target);
  const name = npm ? npm[1]! + (npm[2] ?? "") : target;
  if (fresh || /^\w+:/.test(name)) {
    return { errors: [{ text: `Cannot bundle for the browser: ${args.path}` }] };
  }
  return await fromNodeModules(build, args, name, root);
}

/** Packages of the project are linked in `node_modules`, all others in `node_modules/.deno`. */
async function fromNodeModules(
  build: PluginBuild,
  args: OnResolveArgs,
  name: string,
  root: string,
): Promise<OnResolveResult> {
  const options = { kind: args.kind, importer: args.importer, pluginData: DONE };
  const linked = await build.resolve(name, { ...options, resolveDir: root });
  if (linked.errors.length === 0) return linked;
  for (let dir = root; dir !== dirname(dir); dir = dirname(dir)) {
    const resolveDir = join(dir, "node_modules", ".deno");
    const inner = await build.resolve(name, { ...options, resolveDir });
    if (inner.errors.length === 0) return inner;
  }
  return linked;
}
