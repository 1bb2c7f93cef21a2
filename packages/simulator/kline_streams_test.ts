import assert from "node:assert/strict";
import { type Client, NOW, until, withSimulator } from "./testing/client.ts";

/** An hour of history: all minutes since the listing take ten seconds of CPU. */
const OPTIONS = { symbols: ["BTCUSDT", "ETHUSDT"], since: NOW - 3_600_000 };

/** A client's connection and the messages that it has received. */
async function connect({ simulator }: Client, path: string) {
  const socket = new WebSocket(simulator.url.replace("http", "ws") + path);
  // deno-lint-ignore no-explicit-any
  const messages: any[] = [];
  let isClosed = false;
  socket.onmessage = ({ data }) => messages.push(JSON.parse(data));
  socket.onclose = () => isClosed = true;
  socket.onerror = () => {};
  await until(() => socket.readyState !== WebSocket.CONNECTING);
  return {
    messages,
    isClosed: () => isClosed,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    send: (command: unknown) => socket.send(JSON.stringify(command)),
    async response(id: number) {
      await until(() => messages.some((message) => message.id === id));
      return messages.find((message) => message.id === id);
    },
    async [Symbol.asyncDispose]() {
      socket.close();
      await until(() => isClosed);
    },
  };
}

/** A socket closes shortly after close() was called. */
function streamTest(name: string, body: (client: Client) => Promise<void>): void {
  const fn = () => withSimulator(OPTIONS, body);
  Deno.test({ name, fn, sanitizeOps: false, sanitizeResources: false });
}

streamTest("/stream wraps events; the last one of a candle is final", async (client) => {
  await using here = await connect(client, "/stream?streams=btcusdt@kline_1m/ethusdt@kline_5m");
  await until(() => here.messages.length === 2);
  const [first] = here.messages;
  assert.deepEqual([first.stream, first.data.s, first.data.k.x], [
    "btcusdt@kline_1m",
    "BTCUSDT",
    false,
  ]);
  client.simulator.clock.advance(60_000);
  client.simulator.streams.push();
  await until(() => here.messages.length >= 5);
  const final = here.messages.filter(({ data }) => data.k.x);
  const [row] = client.simulator.candles("BTCUSDT", "1m").slice(-1);
  assert.deepEqual(final.map(({ data }) => [data.s, data.k.t, data.k.c, data.k.v]), [
    ["BTCUSDT", row![0], row![4], row![5]],
  ]);
});

streamTest("commands change the streams; mistakes have the exchange's codes", async (client) => {
  await using here = await connect(client, "/stream");
  here.send({ method: "SUBSCRIBE", params: ["ethusdt@kline_1m", "nonsense"], id: 1 });
  assert.deepEqual(await here.response(1), { result: null, id: 1 });
  here.send({ method: "UNSUBSCRIBE", params: ["nonsense"], id: 2 });
  here.send({ method: "LIST_SUBSCRIPTIONS", id: 3 });
  assert.deepEqual((await here.response(3)).result, ["ethusdt@kline_1m"]);
  await until(() => here.messages.some(({ stream }) => stream === "ethusdt@kline_1m"));
  here.send({ method: "SUBSCRIBE", params: "ethusdt@kline_1m", id: 4 });
  assert.equal((await here.response(4)).code, 1);
});

streamTest("more than 1,024 streams are refused", async (client) => {
  await using here = await connect(client, "/stream");
  const params = Array.from({ length: 1_025 }, (_, i) => `s${i}@kline_1m`);
  here.send({ method: "SUBSCRIBE", params, id: 1 });
  assert.equal((await here.response(1)).code, 2);
});

streamTest(
  "a client that sends more than five messages a second is disconnected",
  async (client) => {
    await using here = await connect(client, "/stream?streams=btcusdt@kline_1m");
    for (let id = 1; id <= 6; id++) here.send({ method: "LIST_SUBSCRIPTIONS", id });
    await until(here.isClosed);
  },
);

streamTest("the control route cuts, silences and refuses connections", async (client) => {
  await using here = await connect(client, "/stream?streams=btcusdt@kline_1m");
  const control = async (body: unknown) => (await client.post("/_simulator/streams", body)).json;
  assert.deepEqual((await control({ cut: "announced" })).connections, [1]);
  await until(() => here.messages.some(({ data }) => data.e === "serverShutdown"));
  assert.ok(here.isOpen());
  await control({ isClosed: true, cut: "abrupt" });
  await until(here.isClosed);
  await using refused = await connect(client, "/stream?streams=btcusdt@kline_1m");
  assert.equal(refused.isOpen(), false);
  await control({ isClosed: false, isSilent: true });
  await using silent = await connect(client, "/stream?streams=btcusdt@kline_1m");
  client.simulator.streams.push();
  assert.deepEqual(silent.messages, []);
});
