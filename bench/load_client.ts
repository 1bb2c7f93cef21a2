import autocannon from "autocannon";

// A load of its own process: `load_client.ts URL SECONDS CONNECTIONS` prints requests per second.
const [url = "", seconds = "3", connections = "16"] = Deno.args;
const result = await autocannon({
  url,
  duration: Number(seconds),
  connections: Number(connections),
});
const failed = result.non2xx + result.errors + result.timeouts;
await Deno.stdout.write(new TextEncoder().encode(
  JSON.stringify({ perSecond: result.requests.average, failed, p99Ms: result.latency.p99 }),
));
Deno.exit(0);
