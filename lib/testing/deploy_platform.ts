import { join } from "node:path";
import { root, startServer } from "./server_process.ts";

/** A cron registered by the app with the platform. */
export interface RegisteredCron {
  readonly name: string;
  readonly schedule: string;
  readonly backoff_schedule: readonly number[] | null;
}

/** A fake platform: variables for the app, and its registrations. */
export interface DeployPlatform {
  readonly crons: RegisteredCron[];
  /** Variables that make a process detect a hosted platform. */
  readonly env: Record<string, string>;
  /** Starts the app's entrypoint; its own folder is read-only. */
  start(env: Record<string, string>): ReturnType<typeof startServer>;
  /** Fires a cron, and resolves with whether its handler succeeded. */
  invoke(name: string): Promise<boolean>;
  close(): Promise<void>;
}

type Message =
  | { readonly kind: "register"; readonly crons: RegisteredCron[] }
  | { readonly kind: "result"; readonly name: string; readonly success: boolean };

/**
 * Simulates Deno Deploy for a local process: the socket for cron registrations and calls, the
 * platform's variables, its own address, and a read-only folder.
 */
export async function startPlatform(): Promise<DeployPlatform> {
  const folder = await Deno.makeTempDir({ prefix: "wick-deploy-", dir: "/tmp" });
  const path = join(folder, "cron.sock");
  const listener = Deno.listen({ transport: "unix", path });
  const crons: RegisteredCron[] = [];
  const waiting = new Map<string, (success: boolean) => void>();
  const open = new Set<Deno.UnixConn>();

  async function talk(app: Deno.UnixConn) {
    open.add(app);
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of app.readable) {
      text += decoder.decode(chunk, { stream: true });
      const lines = text.split("\n");
      text = lines.pop()!;
      for (const line of lines) hear(JSON.parse(line));
    }
    open.delete(app);
  }

  function hear(message: Message) {
    if (message.kind === "register") crons.push(...message.crons);
    if (message.kind === "result") waiting.get(message.name)?.(message.success);
  }

  const serving = (async () => {
    for await (const app of listener) void talk(app).catch(() => {});
  })();

  const env = {
    DENO_DEPLOY: "true",
    DENO_DEPLOYMENT_ID: "rehearsal",
    DENO_TIMELINE: "production",
    DENO_UNSTABLE_CRON_SOCK: `unix:${path}`,
    DENO_SERVE_ADDRESS: "tcp:127.0.0.1:0",
    DENO_KV_DEFAULT_PATH: join(folder, "kv.sqlite3"),
  };

  return {
    crons,
    env,
    start: (own) => startServer({ ...env, ...own }, [`--deny-write=${root}`]),
    async invoke(name) {
      const done = new Promise<boolean>((resolve) => waiting.set(name, resolve));
      const line = new TextEncoder().encode(`${JSON.stringify({ kind: "invoke", name })}\n`);
      for (const app of open) await app.write(line);
      return await done;
    },
    async close() {
      listener.close();
      await serving.catch(() => {});
      await Deno.remove(folder, { recursive: true });
    },
  };
}
