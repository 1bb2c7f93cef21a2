import { z } from "zod";
import { AppError } from "../../lib/core/errors.ts";
import { INTERVALS } from "../../lib/core/interval.ts";
import { type EpochMs, parseTime } from "../../lib/core/time.ts";
import { type Answer, bodyAnswer, type Incoming, JSON_TYPE, jsonAnswer } from "./answer.ts";
import type { SimulatedClock } from "./clock.ts";
import type { WeightMeter } from "./exchange/weight_meter.ts";
import { type FaultKind, isFaultKind } from "./faults/fault_kinds.ts";
import type { Faults } from "./faults/faults.ts";
import type { MarketData } from "./market_data.ts";
import type { KlineStreams } from "./kline_streams.ts";
import type { RequestLog } from "./request_log.ts";

export const CONTROL_PREFIX = "/_simulator";

/** The parts that control routes read and change. */
export interface ControlParts {
  readonly clock: SimulatedClock;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly weights: WeightMeter;
  readonly data: MarketData;
  readonly streams: KlineStreams;
}

/** Epoch ms or ISO 8601. */
const time = z.union([z.number(), z.string()]).transform((value, context): EpochMs => {
  try {
    return parseTime(String(value));
  } catch (error) {
    context.addIssue({ code: "custom", message: (error as Error).message });
    return z.NEVER;
  }
});
const symbol = z.string().min(1);
const interval = z.enum(INTERVALS);
const rate = z.number().min(0).max(1);

const clockBody = z.strictObject({
  set: time.exactOptional(),
  advanceMs: z.number().exactOptional(),
});

const faultBody = z.strictObject({
  kind: z.string().refine((text): text is FaultKind => isFaultKind(text), "is no fault"),
  count: z.int().positive().exactOptional(),
  skip: z.int().nonnegative().exactOptional(),
  path: z.string().exactOptional(),
  symbol: symbol.exactOptional(),
  interval: z.string().exactOptional(),
  probability: rate.exactOptional(),
  delayMs: z.number().nonnegative().exactOptional(),
  retryAfterS: z.number().nonnegative().exactOptional(),
  isSilent: z.boolean().exactOptional(),
  byMs: z.number().exactOptional(),
  factor: z.number().positive().exactOptional(),
  headers: z.record(z.string(), z.string()).exactOptional(),
  field: z.union([z.string(), z.int().min(0)]).exactOptional(),
  value: z.unknown().exactOptional(),
  row: z.int().exactOptional(),
});

const chaosBody = z.strictObject({
  rates: z.record(z.string(), rate).refine(
    (rates): rates is Partial<Record<FaultKind, number>> => Object.keys(rates).every(isFaultKind),
    "names a kind that is no fault",
  ),
  seed: z.int().exactOptional(),
});

const gapBody = z.strictObject({
  symbol,
  interval: interval.exactOptional(),
  from: time,
  to: time,
});

const streamsBody = z.strictObject({
  cut: z.enum(["announced", "abrupt"]).exactOptional(),
  isSilent: z.boolean().exactOptional(),
  isClosed: z.boolean().exactOptional(),
});

const candlesQuery = z.strictObject({
  symbol,
  interval,
  from: time.exactOptional(),
  to: time.exactOptional(),
});

const plantBody = z.strictObject({
  symbol,
  lives: z.array(z.strictObject({
    from: time,
    to: time.exactOptional(),
    price: z.number().positive().exactOptional(),
  })).min(1),
});

const requestsQuery = z.strictObject({
  path: z.string().exactOptional(),
  since: time.exactOptional(),
  status: z.coerce.number().exactOptional(),
  violations: z.stringbool().exactOptional(),
  last: z.coerce.number().exactOptional(),
});

/** Routes get the request's query for GET and DELETE, its JSON body for POST. */
const ROUTES: Readonly<Record<string, (parts: ControlParts, input: unknown) => unknown>> = {
  "GET clock": ({ clock }) => ({ now: clock.now() }),
  "POST clock": ({ clock }, input) => {
    const { set, advanceMs = 0 } = clockBody.parse(input);
    clock.set((set ?? clock.now()) + advanceMs);
    return { now: clock.now() };
  },
  "POST faults": ({ faults }, input) => ({ id: faults.add(faultBody.parse(input)) }),
  "DELETE faults": ({ faults }) => faults.clear(),
  "POST chaos": ({ faults }, input) => faults.setChaos(chaosBody.parse(input)),
  "DELETE chaos": ({ faults }) => faults.setChaos(undefined),
  "GET requests": ({ requests }, input) => requests.list(requestsQuery.parse(input)),
  "DELETE requests": ({ requests }) => requests.clear(),
  "DELETE weights": ({ weights }) => weights.clear(),
  "GET streams": ({ streams }) => describeStreams(streams),
  "POST streams": ({ streams }, input) => {
    const { cut, isSilent, isClosed } = streamsBody.parse(input);
    if (isSilent !== undefined) streams.isSilent = isSilent;
    if (isClosed !== undefined) streams.isClosed = isClosed;
    if (cut !== undefined) streams.cut({ isAnnounced: cut === "announced" });
    return describeStreams(streams);
  },
  "GET candles": ({ data }, input) => {
    const { symbol, interval, ...range } = candlesQuery.parse(input);
    return new RawJson(`[${data.rows(symbol, interval, range).map((row) => row.text).toArray()}]`);
  },
  "POST hide": ({ data }, input) => data.hide(gapBody.parse(input)),
  "POST symbols": ({ data }, input) => data.plant(plantBody.parse(input)),
  "DELETE symbols": ({ data }, input) =>
    data.removeSymbol(z.strictObject({ symbol }).parse(input).symbol),
};

function describeStreams({ opened, sizes, isSilent, isClosed }: KlineStreams) {
  return { opened, connections: sizes, isSilent, isClosed };
}

/** Text that is already JSON. */
class RawJson {
  constructor(readonly text: string) {}
}

/** Everything below `/_simulator`; a mistake in a request is 400 with `{"error": …}`. */
export async function answerControl(parts: ControlParts, request: Incoming): Promise<Answer> {
  const name = request.path.slice(CONTROL_PREFIX.length).replace(/^\/|\/$/g, "");
  const route = ROUTES[`${request.method} ${name}`];
  if (route === undefined) return jsonAnswer({ error: "no such route", routes: names() }, 404);
  try {
    const value = route(parts, await inputOf(request));
    return value instanceof RawJson
      ? bodyAnswer(value.text, 200, { "content-type": JSON_TYPE })
      : jsonAnswer(value ?? null);
  } catch (error) {
    const isExpected = error instanceof z.ZodError || error instanceof RangeError ||
      error instanceof AppError || error instanceof SyntaxError;
    if (!isExpected) throw error;
    const message = error instanceof z.ZodError ? z.prettifyError(error) : error.message;
    return jsonAnswer({ error: message }, 400);
  }
}

function names(): string[] {
  return Object.keys(ROUTES).map((route) => route.replace(" ", ` ${CONTROL_PREFIX}/`));
}

async function inputOf(request: Incoming): Promise<unknown> {
  if (request.method !== "POST") return Object.fromEntries(new URLSearchParams(request.query));
  const text = await request.text();
  return text === "" ? {} : JSON.parse(text);
}
