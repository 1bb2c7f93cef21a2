// The bundler replaces this module in the browser by one that holds the build's id.

export const DENO_DEPLOYMENT_ID: string | undefined = Deno.env.get("DENO_DEPLOYMENT_ID");

/** Names the build in asset URLs; the same for a whole process unless a snapshot is loaded. */
export let BUILD_ID: string = DENO_DEPLOYMENT_ID ??
  crypto.randomUUID().replaceAll("-", "");

export function setBuildId(buildId: string): void {
  BUILD_ID = buildId;
}
