import type { StaticFile } from "../build/build_assets.ts";
import { BUILD_ID } from "../build_id.ts";
import { ASSET_CACHE_BUST_KEY } from "../constants.ts";
import { type Context, INTERNALS } from "../context.ts";
import type { Middleware } from "../handlers.ts";

/** Serves the files of `static/` and the browser code of the build. */
export function staticFiles<State>(): Middleware<State> {
  return async (ctx) => {
    const pathname = filePath(ctx);
    const file = pathname === null ? null : await ctx[INTERNALS].buildCache.readFile(pathname);
    if (file !== null) return await answer(ctx, file);
    // Browsers request it automatically, and show no error page for it.
    if (pathname === "/favicon.ico") return new Response(null, { status: 404 });
    return await ctx.next();
  };
}

function filePath<State>(ctx: Context<State>): string | null {
  const prefix = ctx.config.basePath;
  const { pathname } = ctx.url;
  if (!pathname.startsWith(prefix)) return null;
  const path = pathname.slice(prefix.length);
  try {
    return path === "" || path === "/" ? null : decodeURIComponent(path);
  } catch {
    return null; // no file name
  }
}

async function answer<State>(ctx: Context<State>, file: StaticFile): Promise<Response> {
  const { req, url } = ctx;
  if (req.method !== "GET" && req.method !== "HEAD") {
    return new Response("Method Not Allowed", { status: 405 });
  }
  const version = url.searchParams.get(ASSET_CACHE_BUST_KEY);
  if (version !== null && version !== BUILD_ID) return redirectToCurrent(url);

  const headers = new Headers({ "content-type": file.contentType, vary: "If-None-Match" });
  if (file.hash !== null) {
    const known = req.headers.get("if-none-match");
    if (known === file.hash || known === `W/"${file.hash}"`) {
      return new Response(null, { status: 304, headers });
    }
    headers.set("etag", `W/"${file.hash}"`);
  }
  headers.set("cache-control", cacheControl(ctx, version));
  headers.set("content-length", String(file.size));
  return new Response(req.method === "HEAD" ? null : await file.open(), { headers });
}

/** For a page of an earlier build, whose version of the file no longer exists. */
function redirectToCurrent(url: URL): Response {
  const params = new URLSearchParams(url.search);
  params.delete(ASSET_CACHE_BUST_KEY);
  const search = params.size === 0 ? "" : `?${params}`;
  return new Response(null, { status: 307, headers: { location: url.pathname + search } });
}

function cacheControl<State>({ config, url }: Context<State>, version: string | null): string {
  const isNamedAfterBuild = version === BUILD_ID ||
    url.pathname.startsWith(`${config.basePath}/_fresh/js/${BUILD_ID}/`);
  return config.mode !== "development" && isNamedAfterBuild
    ? "public, max-age=31536000, immutable"
    : "no-cache, no-store, max-age=0, must-revalidate";
}
