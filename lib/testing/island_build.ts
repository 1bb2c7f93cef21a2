import type { App } from "fresh";
import { ProdBuildCache, setBuildCache } from "fresh/internal";
import { build } from "./server_process.ts";

const snapshot = new URL("../../_fresh/snapshot.js", import.meta.url);

/** Applies the build on disk to an app, as the server's entry does. */
export async function applyBuild<State>(app: App<State>): Promise<void> {
  await build();
  const cache = new ProdBuildCache<State>(
    new URL("../../", import.meta.url),
    await import(snapshot.href),
  );
  setBuildCache(app, cache, "production");
}
