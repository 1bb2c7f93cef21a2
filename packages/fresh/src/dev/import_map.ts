import { dirname, join } from "node:path";
import { fileUrl } from "./file_url.ts";

export interface DenoConfig {
  imports: Record<string, string>;
  jsxImportSource: string;
  /** Where relative entries of the map start. */
  dir: string;
}

/** Reads the project's `deno.json` or `deno.jsonc`, here or in a folder above. */
export async function findDenoConfig(root: string): Promise<DenoConfig> {
  for (let dir = root;; dir = dirname(dir)) {
    for (const name of ["deno.json", "deno.jsonc"]) {
      const text = await readText(join(dir, name));
      if (text !== null) return toConfig(text, dir);
    }
    if (dir === dirname(dir)) return toConfig("{}", root);
  }
}

/** What the import map makes of a specifier, or `null` where it has no entry for it. */
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
  const { imports = {}, compilerOptions = {} } = parseJsonc(text);
  return { imports, dir, jsxImportSource: compilerOptions.jsxImportSource ?? "preact" };
}

function parseJsonc(text: string): {
  imports?: Record<string, string>;
  compilerOptions?: { jsxImportSource?: string };
} {
  const strings = /("(?:\\.|[^"\\])*")/.source;
  const withoutComments = text.replaceAll(
    new RegExp(`${strings}|//[^\\n]*|/\\*[^]*?\\*/`, "g"),
    (_, string = "") => string,
  );
  return JSON.parse(
    withoutComments.replaceAll(
      new RegExp(`${strings}|,(?=\\s*[}\\]])`, "g"),
      (_, string = "") => string,
    ),
  );
}

async function readText(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
