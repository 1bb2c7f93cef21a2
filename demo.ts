// `deno task demo`: wick on a simulated exchange, with data of its own. Nothing of the operator's is
// touched: an empty variable counts as unset.
const children: Deno.ChildProcess[] = [];
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    end(signal);
    if (children.length < 2) Deno.exit(1); // otherwise wick's end is ours
  });
}
const simulator = new Deno.Command(Deno.execPath(), {
  args: ["run", "-A", "lib/simulator/main.ts", "--port", "0", ...Deno.args],
  stdout: "piped",
}).spawn();
children.push(simulator);
const url = await firstUrl(simulator.stdout);
const wick = new Deno.Command(Deno.execPath(), {
  args: ["run", "-A", "serve.ts"],
  env: {
    DATA_DIR: ".data/demo",
    DATABASE_URL: "",
    DATABASE_READ_URL: "",
    PGHOST: "",
    PGHOSTADDR: "",
    PGSERVICE: "",
    KV_PATH: "",
    BINANCE_URLS: url,
    BINANCE_STREAM_URL: url.replace("http", "ws"),
    ARCHIVE_URL: url,
    COINGECKO_URL: url,
    MARKET_CAP_PROVIDER: "coingecko",
  },
}).spawn();
children.push(wick);
const { code } = await wick.status;
end("SIGTERM");
await simulator.status;
Deno.exit(code);

function end(signal: Deno.Signal): void {
  for (const child of children) {
    try {
      child.kill(signal);
    } catch {
      // it has ended already
    }
  }
}

/** Reads the child's output up to the first address in it; what follows is read and dropped. */
async function firstUrl(output: ReadableStream<Uint8Array>): Promise<string> {
  const lines = output.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>);
  const reader = lines.getReader();
  let text = "";
  while (true) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The simulator did not start: ${text}`);
    text += value;
    const found = /https?:\/\/\S+/.exec(text);
    if (found === null || !text.includes("\n")) continue;
    reader.releaseLock();
    void lines.pipeTo(new WritableStream()).catch(() => {});
    return found[0];
  }
}
