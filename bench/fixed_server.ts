// Upper limit for HTTP figures: `fixed_server.ts BYTES` responds with that many bytes from memory.
const body = new Uint8Array(Number(Deno.args[0] ?? 13)).fill(120);
const headers = { "content-type": "text/plain" };
Deno.serve({
  hostname: "127.0.0.1",
  port: 0,
  onListen: ({ port }) => {
    Deno.stdout.writeSync(new TextEncoder().encode(`http://127.0.0.1:${port}\n`));
  },
}, () => new Response(body, { headers }));
