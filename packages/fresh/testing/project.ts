import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { SITE_DIR } from "./site.ts";
import { walkFiles } from "../src/dev/walk.ts";

const LIBRARY = fileURLToPath(new URL("..", import.meta.url));
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Copies the fixture to a temporary folder, which finds this library through `links`. */
export async function withProject(test: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir({ prefix: "fresh-" });
  try {
    for await (const path of walkFiles(SITE_DIR)) {
      const target = `${dir}/${relative(SITE_DIR, path)}`;
      await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), { recursive: true });
      await Deno.copyFile(path, target);
    }
    await writeConfig(dir);
    await test(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** The settings that the real project uses, with the lock so that nothing is looked up. */
async function writeConfig(dir: string): Promise<void> {
  const { imports, compilerOptions } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const config = {
    nodeModulesDir: "auto",
    links: [relative(dir, LIBRARY)],
    imports: {
      "fresh": imports.fresh,
      "preact": imports.preact,
      "@preact/signals": imports["@preact/signals"],
    },
    compilerOptions,
  };
  await Deno.writeTextFile(`${dir}/deno.json`, JSON.stringify(config));
  await Deno.copyFile(`${ROOT}deno.lock`, `${dir}/deno.lock`).catch(() => {});
}

/** Runs `deno` in a folder and returns its output, or throws with it. */
export async function runDeno(dir: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await command(dir, args, "piped").output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  if (!success) throw new Error(`deno ${args.join(" ")}: ${text}`);
  return text;
}

/** Runs a server during the test, then ends it. */
export async function withServer(
  { dir, args, port }: { dir: string; args: string[]; port: number },
  test: (origin: string) => Promise<void>,
): Promise<void> {
  await using server = command(dir, args, "null").spawn();
  const origin = `http://127.0.0.1:${port}`;
  try {
    await untilAnswered(origin);
    await test(origin);
  } finally {
    server.kill("SIGTERM");
  }
}

export function freePort(): number {
  using listener = Deno.listen({ port: 0 });
  return listener.addr.port;
}

/** Fetches a page until it passes the check. */
export async function untilAnswered(
  url: string,
  check: (text: string) => boolean = () => true,
): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const text = await fetch(url).then((response) => response.text(), () => null);
    if (text !== null && check(text)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`No such answer from ${url}`);
}

function command(dir: string, args: string[], output: "piped" | "null"): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args,
    cwd: dir,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: output,
    stderr: output,
  });
}
