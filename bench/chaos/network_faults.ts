import { setTimeout as pause } from "node:timers/promises";
import type { FaultKind } from "../../packages/simulator/faults/fault_kinds.ts";
import type { Fault } from "./fault.ts";
import { quickMarket } from "./market.ts";
import type { Stage } from "./stage.ts";

const AWAY_MS = 5_000;
/** A response in transit when the connection broke may still be valid. */
const GRACE_MS = 1_000;
/** A machine this busy may also miss the deadline for the database's response. */
const BUSY_MS = 200;
/** Time after which a body that reports an unreachable exchange as ok is wrong. */
const NOTICED_MS = 15_000;

/** Disconnects the database for a while; `/readyz` must report it. */
async function withoutDatabase(stage: Stage, breakLine: () => void): Promise<void> {
  await stage.startAndCollect();
  breakLine();
  const brokenAt = Date.now();
  await pause(AWAY_MS);
  stage.readiness.expect({
    from: brokenAt + GRACE_MS,
    to: Date.now(),
    claim: "200 while the database was unreachable",
    holds: ({ status }) => status === 503,
  });
  stage.database.mend();
  stage.mended();
}

/**
 * Disconnects the exchange for a while; stored candles are still served, and `/readyz` gives the
 * reason.
 */
async function withoutExchange(stage: Stage, breakLine: () => void): Promise<void> {
  await stage.startAndCollect();
  breakLine();
  const brokenAt = Date.now();
  await pause(NOTICED_MS + AWAY_MS);
  stage.readiness.expect({
    from: brokenAt + NOTICED_MS,
    to: Date.now(),
    claim: "the exchange is reported as ok while it is unreachable",
    holds: ({ body }) => typeof body["exchange"] === "string" && body["exchange"] !== "ok",
  });
  stage.exchange.mend();
  stage.mended();
}

/** Each affects this many of a hundred requests. */
export const EXCHANGE_CHAOS: Partial<Record<FaultKind, number>> = {
  "500": 0.02,
  "502": 0.02,
  "503": 0.02,
  "-1001": 0.02,
  "-1007": 0.02,
  "reset": 0.03,
  "cut-body": 0.03,
  "slow": 0.02,
  "truncated-json": 0.03,
  "malformed-json": 0.03,
  "malformed-elements": 0.03,
  "eleven-columns": 0.02,
  "number-for-string": 0.02,
  "html-page": 0.02,
  "empty-page": 0.04,
  "short-page": 0.05,
  "duplicate-rows": 0.05,
  "shuffled-rows": 0.05,
};

export const NETWORK_FAULTS: readonly Fault[] = [
  {
    name: "database-slow",
    does: "every packet to and from PostgreSQL is delayed by 20 ms, as between two regions",
    proves: "a slow connection is not treated as an outage",
    database: "server",
    async strike(stage) {
      await stage.startAndCollect();
      stage.database.slow(20);
      const slowAt = Date.now();
      await pause(AWAY_MS);
      stage.readiness.expect({
        from: slowAt + GRACE_MS,
        to: Date.now(),
        claim: "503 although the database is available",
        holds: ({ status, lagMs }) => status === 200 || lagMs > BUSY_MS,
      });
      stage.database.mend();
      stage.mended();
    },
  },
  {
    name: "database-cut",
    does: "connections to PostgreSQL are closed and rejected for 5 s",
    proves: "wick answers 503, waits, and continues",
    database: "server",
    isShort: true,
    strike: (stage) => withoutDatabase(stage, () => stage.database.cut()),
  },
  {
    name: "database-partition",
    does: "no byte passes between wick and PostgreSQL for 5 s; connections stay open",
    proves: "an unresponsive server does not block wick: /readyz answers within 2 s",
    database: "server",
    strike: (stage) => withoutDatabase(stage, () => stage.database.hold()),
  },
  {
    name: "exchange-cut",
    does: "connections to the exchange are closed and rejected for 20 s",
    proves: "stored candles are still served; /readyz gives the reason",
    database: "embedded",
    strike: (stage) => withoutExchange(stage, () => stage.exchange.cut()),
  },
  {
    name: "exchange-partition",
    does: "no byte passes between wick and the exchange for 20 s; connections stay open",
    proves: "requests time out and jobs do not hang",
    database: "embedded",
    strike: (stage) => withoutExchange(stage, () => stage.exchange.hold()),
  },
  {
    name: "exchange-faults",
    does: "half of the exchange's responses are errors, truncated, malformed, short or unordered",
    proves: "no malformed response is stored; missing candles are requested again",
    database: "embedded",
    async strike(stage) {
      await quickMarket(stage.simulator);
      const seed = stage.random.below(2 ** 31);
      await stage.simulator.control("POST", "chaos", { rates: EXCHANGE_CHAOS, seed });
      await stage.startAndCollect();
      await pause(AWAY_MS);
    },
  },
  {
    name: "exchange-ban",
    does: "the exchange limits (429), then bans (418) for 5 s, during a restart of wick",
    proves: "no request is sent during a ban, even after a kill",
    database: "embedded",
    async strike(stage) {
      const { simulator } = stage;
      await quickMarket(simulator);
      const klines = { count: 1, path: "klines", skip: stage.random.below(12) };
      await simulator.control("POST", "faults", { kind: "429", retryAfterS: 2, ...klines });
      await simulator.control("POST", "faults", { kind: "418", retryAfterS: 5, ...klines });
      await stage.start();
      await stage.require(
        "the ban is spoken",
        async () => (await simulator.requests("status=418")).length > 0,
        60_000,
      );
      const [ban] = await simulator.requests("status=418");
      await stage.kill("SIGKILL");
      await stage.start();
      await pause(6_000);
      const late = (await simulator.requests("violations=true"))
        .filter(({ at }) => at > ban!.at + GRACE_MS);
      if (late.length > 0) stage.problems.push(`${late.length} requests inside a ban`);
    },
  },
];
