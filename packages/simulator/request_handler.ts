import type { EpochMs } from "../../lib/core/time.ts";
import { type Answer, type Incoming, jsonAnswer } from "./answer.ts";
import { Archive, ARCHIVE_PREFIX, type ArchiveFlaw } from "./archive.ts";
import { answerListing, isListing } from "./archive_listing.ts";
import { answerCoinGecko, coinGeckoLimited, isCoinGeckoPath } from "./caps/coingecko.ts";
import {
  answerCoinMarketCap,
  coinMarketCapLimited,
  isCoinMarketCapPath,
} from "./caps/coinmarketcap.ts";
import type { SimulatedClock } from "./clock.ts";
import { answerExchange, weightOf } from "./exchange/exchange.ts";
import type { ExchangeState } from "./exchange/route.ts";
import type { Charge, WeightMeter } from "./exchange/weight_meter.ts";
import { corrupt } from "./faults/body_faults.ts";
import { plainFaultAnswer } from "./faults/fault_answers.ts";
import type { Area, FaultKind } from "./faults/fault_kinds.ts";
import type { Faults, FaultSpec } from "./faults/faults.ts";
import type { KlineRow } from "./market/kline_row.ts";
import type { RequestLog } from "./request_log.ts";
import type { Delivery } from "./server.ts";

export interface HandlerParts {
  readonly clock: SimulatedClock;
  readonly exchange: ExchangeState;
  readonly weights: WeightMeter;
  /** The time that weights and bans follow. */
  readonly weightNow: () => EpochMs;
  readonly faults: Faults;
  readonly requests: RequestLog;
}

/** Answers requests, with their weight and faults, and logs them. */
export class RequestHandler {
  readonly #parts: HandlerParts;
  readonly #archive: Archive;

  constructor(parts: HandlerParts) {
    this.#parts = parts;
    this.#archive = new Archive(parts.exchange);
  }

  serve(request: Incoming): Delivery {
    const area = areaOf(request);
    const simulatedAt = this.#parts.clock.now();
    const isWeighed = area === "klines" || area === "exchange";
    const weight = isWeighed ? weightOf(request) : 0;
    const charge = isWeighed ? this.#parts.weights.charge(request.ip, weight) : undefined;
    const fault = charge?.verdict === "banned" ? undefined : this.#takeFault(request, area);
    const answer = timed(this.#answer(request, area, charge, fault), simulatedAt);
    const delivery = deliver(answer, fault);
    this.#parts.requests.record({
      at: Date.now(),
      simulatedAt,
      ip: request.ip,
      method: request.method,
      path: request.path,
      query: request.query,
      status: delivery.how === "whole" ? answer.status : 0,
      weight,
      usedWeight: charge?.used ?? 0,
      violation: charge?.violation,
      fault: fault?.kind,
    });
    const { headers = {} } = fault ?? {};
    const weighted = charge === undefined ? answer : weighed(answer, charge.used);
    return { ...delivery, answer: { ...weighted, headers: { ...weighted.headers, ...headers } } };
  }

  /** The two newest candles of a series, the last one open; `undefined` for an unknown symbol. */
  newest(symbol: string, interval: string): readonly KlineRow[] | undefined {
    const { exchange, clock } = this.#parts;
    const request = {
      method: "GET",
      path: "/api/v3/klines",
      ip: "",
      header: () => undefined,
      query: String(new URLSearchParams({ symbol, interval, limit: "2" })),
      text: () => Promise.resolve(""),
    };
    const { status, body } = answerExchange(exchange, request, clock.now());
    if (status !== 200) return undefined;
    return JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body));
  }

  #takeFault(request: Incoming, area: Area): FaultSpec | undefined {
    const params = new URLSearchParams(request.query);
    const fault = this.#parts.faults.take({
      area,
      url: `${request.path}?${request.query}`,
      symbol: params.get("symbol") ?? undefined,
      interval: params.get("interval") ?? undefined,
    });
    if (fault?.kind === "clock-jump") this.#parts.clock.advance(fault.byMs ?? 60_000);
    return fault;
  }

  #answer(
    request: Incoming,
    area: Area,
    charge: Charge | undefined,
    fault: FaultSpec | undefined,
  ): Answer {
    const { weights, weightNow } = this.#parts;
    if (charge?.verdict === "banned") {
      return bannedAnswer(charge.until, charge.until - weightNow());
    }
    if (charge?.verdict === "limited") {
      return limitedAnswer(weights.limit, charge.until - weightNow());
    }
    const refusal = fault && this.#refusal(request, fault);
    if (refusal !== undefined) return refusal;
    const answer = this.#plainAnswer(request, area, fault?.kind);
    return fault === undefined ? answer : corrupt(answer, fault);
  }

  /** The response of a fault that replaces the real one. */
  #refusal({ ip, path }: Incoming, fault: FaultSpec): Answer | undefined {
    const { weights, weightNow, clock } = this.#parts;
    if (fault.kind === "418") {
      const waitMs = (fault.retryAfterS ?? 120) * 1000;
      weights.ban(ip, waitMs);
      return silenced(bannedAnswer(weightNow() + waitMs, waitMs), fault);
    }
    if (fault.kind !== "429") return plainFaultAnswer(fault.kind);
    if (isCoinGeckoPath(path)) return coinGeckoLimited(fault.retryAfterS);
    if (isCoinMarketCapPath(path)) return coinMarketCapLimited(clock.now());
    const waitMs = (fault.retryAfterS ?? 60) * 1000;
    weights.warn(ip, waitMs);
    return silenced(limitedAnswer(weights.limit, waitMs), fault);
  }

  #plainAnswer(request: Incoming, area: Area, kind: FaultKind | undefined): Answer {
    const { exchange, clock } = this.#parts;
    const now = clock.now();
    if (isCoinGeckoPath(request.path)) return answerCoinGecko(exchange.listings, request, now);
    if (isCoinMarketCapPath(request.path)) {
      return answerCoinMarketCap(exchange.listings, request, now);
    }
    if (isListing(request.path, request.query)) {
      return answerListing(exchange, request.query, now);
    }
    if (area === "archive") {
      return this.#archive.answer(request.path, now, kind as ArchiveFlaw | undefined);
    }
    if (request.path.startsWith("/api/")) return answerExchange(exchange, request, now);
    return jsonAnswer({ error: "Not Found" }, 404);
  }
}

/** With the simulated time in the `Date` header. */
function timed(answer: Answer, now: EpochMs): Answer {
  return { ...answer, headers: { date: new Date(now).toUTCString(), ...answer.headers } };
}

function silenced(answer: Answer, { isSilent = false }: FaultSpec): Answer {
  return isSilent ? withoutRetryAfter(answer) : answer;
}

function areaOf({ path, query }: Incoming): Area {
  if (isListing(path, query)) return "archive";
  if (path === "/api/v3/klines" || path === "/api/v3/uiKlines") return "klines";
  if (isCoinGeckoPath(path) || isCoinMarketCapPath(path)) return "caps";
  return path.startsWith(ARCHIVE_PREFIX) ? "archive" : "exchange";
}

function deliver(answer: Answer, fault: FaultSpec | undefined): Delivery {
  switch (fault?.kind) {
    case "slow":
      return { answer, how: "whole", delayMs: fault.delayMs ?? 2_000 };
    case "cut-body":
      return { answer, how: "cut", delayMs: 0 };
    case "reset":
      return { answer, how: "reset", delayMs: 0 };
    case "no-answer":
      return { answer, how: "never", delayMs: 0 };
    default:
      return { answer, how: "whole", delayMs: 0 };
  }
}

/** With the headers that report the used weight, on errors too. */
function weighed(answer: Answer, used: number): Answer {
  const weight = String(used);
  return {
    ...answer,
    headers: {
      ...answer.headers,
      "x-mbx-used-weight": weight,
      "x-mbx-used-weight-1m": weight,
    },
  };
}

/** 429, with the seconds to wait. */
function limitedAnswer(limit: number, waitMs: number): Answer {
  const msg = `Too much request weight used; current limit is ${limit} request weight per ` +
    "1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.";
  return jsonAnswer({ code: -1003, msg }, 429, { "retry-after": seconds(waitMs) });
}

/** 418, with the seconds to wait in the header and the end of the ban in the text. */
function bannedAnswer(until: EpochMs, waitMs: number): Answer {
  const msg = `Way too much request weight used; IP banned until ${until}. ` +
    "Please use WebSocket Streams for live updates to avoid bans.";
  return jsonAnswer({ code: -1003, msg }, 418, { "retry-after": seconds(waitMs) });
}

function seconds(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1000)));
}

function withoutRetryAfter(answer: Answer): Answer {
  const { "retry-after": _, ...headers } = answer.headers;
  return { ...answer, headers };
}
