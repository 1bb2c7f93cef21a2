import type { ComponentType } from "preact";
import type { IslandRegistry } from "./build_assets.ts";
import { UniqueNames } from "./unique_names.ts";

export interface IslandModule {
  /** Unique, an identifier. */
  name: string;
  exports: Record<string, unknown>;
}

/** Registers every exported function; the default export is named after its file. */
export function addIslands(registry: IslandRegistry, modules: IslandModule[]): void {
  const names = new UniqueNames();
  for (const { name: module, exports } of modules) {
    for (const [exportName, fn] of Object.entries(exports)) {
      if (typeof fn !== "function" || registry.has(fn)) continue;
      const unique = names.take(exportName === "default" ? module : exportName);
      registry.set(fn, { name: unique, exportName, module, fn: fn as ComponentType });
    }
  }
}
