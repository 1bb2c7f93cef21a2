import autocannon from "autocannon";

// A load of its own process: `load_client.ts URL SECONDS HEADERS` prints requests per second. `EACH`
// in the address is another number for each request.
const CONNECTIONS = 16;
let asked = 0;
const [url = "", seconds = "3", headers = "{}"] = Deno.args;
const result = await autocannon({
  url,
  duration: Number(seconds),
  connections: CONNECTIONS,
  headers: JSON.parse(headers),
  ...url.includes("EACH") && {
    requests: [{
      setupRequest: (request: autocannon.Request) => ({
        ...request,
        path: request.path!.replace("EACH", `${++asked}`),
      }),
    }],
  },
});
const failed = result.non2xx + result.errors + result.timeouts;
await Deno.stdout.write(new TextEncoder().encode(
  JSON.stringify({ perSecond: result.requests.average, failed, p99Ms: result.latency.p99 }),
));
Deno.exit(0);
