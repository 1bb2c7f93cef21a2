import { z } from "zod";
import { AppError } from "../../lib/core/errors.ts";
import { toIso } from "../../lib/core/time.ts";
import { type Answer, bodyAnswer, type Incoming, JSON_TYPE, jsonAnswer } from "./answer.ts";
import {
  candlesQuery,
  chaosBody,
  clockBody,
  downBody,
  faultBody,
  gapBody,
  idQuery,
  newSymbolBody,
  requestsQuery,
  resumeBody,
  revisionBody,
  stopBody,
} from "./control_schema.ts";
import type { Simulator } from "./surface.ts";
import type { World } from "./world.ts";

export const CONTROL_PREFIX = "/_simulator";

/** What a control route gets: the request's query for GET and DELETE, its JSON body for POST. */
interface Call {
  readonly simulator: Simulator;
  readonly world: World;
  readonly input: unknown;
}

/** How long a `down` waits so that its own answer still gets out. */
const DOWN_DELAY_MS = 20;

const ROUTES: Readonly<Record<string, (call: Call) => unknown>> = {
  "GET ": ({ simulator }) => ({
    label: simulator.label,
    url: simulator.url,
    clock: clockState(simulator),
    symbols: simulator.symbols(),
    faults: simulator.faults.list(),
    chaos: simulator.faults.chaos ?? null,
    requests: simulator.requests.total,
    cachedBytes: simulator.cachedBytes,
  }),
  "GET clock": ({ simulator }) => clockState(simulator),
  "POST clock": ({ simulator, input }) => {
    const { set, advanceMs, frozen } = clockBody.parse(input);
    if (set !== undefined) simulator.clock.set(set);
    if (advanceMs !== undefined) simulator.clock.advance(advanceMs);
    if (frozen === true) simulator.clock.freeze();
    if (frozen === false) simulator.clock.resume();
    return clockState(simulator);
  },
  "GET faults": ({ simulator }) => simulator.faults.list(),
  "POST faults": ({ simulator, input }) => ({ id: simulator.faults.add(faultBody.parse(input)) }),
  "DELETE faults": ({ simulator, input }) => {
    const { id } = idQuery.parse(input);
    if (id === undefined) simulator.faults.clear();
    else if (!simulator.faults.remove(id)) throw new RangeError(`Cannot remove fault: ${id}`);
    return simulator.faults.list();
  },
  "POST chaos": ({ simulator, input }) => {
    simulator.faults.setChaos(chaosBody.parse(input));
    return simulator.faults.chaos;
  },
  "DELETE chaos": ({ simulator }) => {
    simulator.faults.setChaos(undefined);
    return null;
  },
  "GET requests": ({ simulator, input }) => simulator.requests.list(requestsQuery.parse(input)),
  "DELETE requests": ({ simulator }) => {
    simulator.requests.clear();
    return [];
  },
  "DELETE weights": ({ simulator }) => {
    simulator.weights.clear();
    return null;
  },
  "GET candles": ({ world, input }) => {
    const { symbol, interval, ...range } = candlesQuery.parse(input);
    return new RawJson(`[${world.rows(symbol, interval, range).map((row) => row.text).toArray()}]`);
  },
  "POST revise": ({ simulator, input }) => {
    simulator.revise(revisionBody.parse(input));
    return null;
  },
  "POST hide": ({ simulator, input }) => {
    simulator.hide(gapBody.parse(input));
    return null;
  },
  "POST unhide": ({ simulator, input }) => {
    simulator.unhide(gapBody.parse(input));
    return null;
  },
  "GET symbols": ({ simulator }) => simulator.symbols(),
  "POST symbols": ({ simulator, input }) => {
    simulator.addSymbol(newSymbolBody.parse(input));
    return simulator.symbols();
  },
  "POST stop": ({ simulator, input }) => {
    const { symbol, at, status } = stopBody.parse(input);
    simulator.stopSymbol(symbol, at, status);
    return simulator.symbols();
  },
  "POST resume": ({ simulator, input }) => {
    simulator.resumeSymbol(resumeBody.parse(input).symbol);
    return simulator.symbols();
  },
  "POST down": ({ simulator, input }) => {
    const { forMs } = downBody.parse(input);
    setTimeout(() => simulator.down(forMs), DOWN_DELAY_MS);
    return null;
  },
};

/** Text that is JSON already. */
class RawJson {
  constructor(readonly text: string) {}
}

function clockState({ clock }: Simulator) {
  const now = clock.now();
  return { now, iso: toIso(now), frozen: clock.isFrozen };
}

/** Everything below `/_simulator`; what is wrong with a call is said in `{"error": …}`. */
export async function answerControl(
  simulator: Simulator,
  world: World,
  request: Incoming,
): Promise<Answer> {
  const name = request.path.slice(CONTROL_PREFIX.length).replace(/^\/|\/$/g, "");
  const route = ROUTES[`${request.method} ${name}`];
  if (route === undefined) return jsonAnswer({ error: "no such route", routes: names() }, 404);
  try {
    const value = route({ simulator, world, input: await inputOf(request) });
    return value instanceof RawJson
      ? bodyAnswer(value.text, 200, { "content-type": JSON_TYPE })
      : jsonAnswer(value);
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
