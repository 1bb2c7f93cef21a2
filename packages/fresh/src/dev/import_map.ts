import { dirname, join } from "node:path";
import { fileUrl } from "./file_url.ts";

export interface DenoConfig {
  imports: Record<string, string>;
  jsxImportSource: string;
  /** The base of relative entries of the map. */
  dir: string;
}

/** Reads the project's `deno.json`, here or in a folder above. */
export async function findDenoConfig(root: string): Promise<DenoConfig> {
  for (let dir = root;; dir = dirname(dir)) {
    const text = await readText(join(dir, "deno.json"));
    if (text !== null) return toConfig(text, dir);
    if (dir === dirname(dir)) return toConfig("{}", root);
  }
}

/** Resolves a specifier by the import map; `null` without an entry for it. */
export function resolveImport({ imports, dir }: DenoConfig, specifier: string): string | null {
  const exact = imports[specifier];
  if (exact !== undefined) return toTarget(exact, dir);
  const [prefix] = Object.keys(imports)
    .filter((key) => isPrefix(key, imports[key]!, specifier))
    .sort((a, b) => b.length - a.length);
  if (prefix === undefined) return null;
  return toTarget(imports[prefix]! + specifier.slice(prefix.length), dir);
}

/** A folder of the map, or a package whose modules Deno maps along with it. */
function isPrefix(key: string, target: string, specifier: string): boolean {
  if (key.endsWith("/")) return specifier.startsWith(key);
  return /^(?:npm|jsr):/.test(target) && specifier.startsWith(`${key}/`);
}

function toTarget(target: string, dir: string): string {
  return /^\.{0,2}\//.test(target) ? new URL(target, `${fileUrl(dir)}/`).href : target;
}

function toConfig(text: string, dir: string): DenoConfig {
  const { imports = {}, compilerOptions = {} } = JSON.parse(text);
  return { imports, dir, jsxImportSource: compilerOptions.jsxImportSource ?? "preact" };
}

async function readText(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
