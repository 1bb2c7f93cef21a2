import { fileURLToPath } from "node:url";
import { Builder } from "../src/dev/mod.ts";
import { app } from "../testdata/site/main.ts";
import type { Handler } from "./request.ts";

export const SITE_DIR = fileURLToPath(
  new URL("../testdata/site/", import.meta.url),
);

/** The fixture project, built in memory. */
export async function siteHandler(): Promise<Handler> {
  const apply = await new Builder({ root: SITE_DIR }).build({ snapshot: "memory" });
  apply(app);
  return app.handler();
}
