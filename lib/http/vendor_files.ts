import type { Context } from "fresh";
import { AppError } from "../core/errors.ts";
import type { State } from "./define.ts";
import { methodNotAllowed } from "./methods.ts";

/** Codings that the build has made ahead, best first. */
const CODINGS = [["br", ".br"], ["gzip", ".gz"]] as const;

const NAME = /^([\w.-]+\.(js|css))$/;

const TYPES: Record<string, string> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
};

/**
 * Serves `/vendor/…` from `folder`, compressed ahead of time. Names carry a hash of the content, so
 * browsers keep the files for good.
 */
export function vendorFiles(folder: URL): (ctx: Context<State>) => Promise<Response> {
  return async (ctx) => {
    const { basePath } = ctx.state.services.settings;
    const { pathname } = ctx.url;
    const path = `${basePath}/vendor/`;
    const name = pathname.startsWith(path) ? NAME.exec(pathname.slice(path.length)) : null;
    if (name === null) return await ctx.next();
    const accepted = (ctx.req.headers.get("accept-encoding") ?? "").split(",")
      .map((item) => item.trim()).filter((item) => !/;\s*q=0(\.0*)?$/.test(item))
      .map((item) => item.split(";")[0]);
    const coding = CODINGS.find(([coding]) => accepted.includes(coding));
    const file = await open(new URL(`${name[1]}${coding?.[1] ?? ""}`, folder));
    if (ctx.req.method !== "GET" && ctx.req.method !== "HEAD") {
      file.close();
      throw methodNotAllowed(ctx.req);
    }
    const headers = new Headers({
      "content-type": TYPES[name[2]!]!,
      "content-length": String((await file.stat()).size),
      "cache-control": "public, max-age=31536000, immutable",
      "vary": "accept-encoding",
      "deno-cache-id": name[1]!, // kept by Deno Deploy's CDN beyond a deployment
    });
    if (coding) headers.set("content-encoding", coding[0]);
    if (ctx.req.method === "GET") return new Response(file.readable, { headers });
    file.close();
    return new Response(null, { headers });
  };
}

async function open(path: URL): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new AppError("not_found", "Cannot find this file: the page that named it is out of date");
  }
}
