import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** Files of the build, named in pages by the server. */
export interface VendorManifest {
  /** File name of Plotly's finance bundle in `static/vendor/`. */
  readonly plotly: string;
}

const MANIFEST = "manifest.json";

/**
 * Copies Plotly out of its npm package, with a hash in its name and compressed ahead of time:
 * brotli at its best takes seconds and saves a fifth of the bytes. A repeat does nothing.
 */
export async function vendorPlotly(folder: URL): Promise<void> {
  const source = fileURLToPath(import.meta.resolve("plotly.js-finance-dist-min"));
  const bytes = await Deno.readFile(source);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  const plotly = `plotly-finance-${hash}.min.js`;
  if ((await readVendorManifest(folder).catch(() => undefined))?.plotly === plotly) return;
  await Deno.mkdir(folder, { recursive: true });
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  await Deno.writeFile(new URL(plotly, folder), bytes);
  await Deno.writeFile(new URL(`${plotly}.br`, folder), brotliCompressSync(bytes, { params }));
  await Deno.writeFile(new URL(`${plotly}.gz`, folder), gzipSync(bytes, { level: 9 }));
  const manifest: VendorManifest = { plotly };
  await Deno.writeTextFile(new URL(MANIFEST, folder), JSON.stringify(manifest));
}

/** @throws when nothing has been built yet */
export async function readVendorManifest(folder: URL): Promise<VendorManifest> {
  return JSON.parse(await Deno.readTextFile(new URL(MANIFEST, folder)));
}
