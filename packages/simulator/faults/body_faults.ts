import type { Answer } from "../answer.ts";
import type { KlineRow } from "../market/kline_row.ts";
import type { FaultKind } from "./fault_kinds.ts";
import type { FaultSpec } from "./faults.ts";

const decoder = new TextDecoder();

/** The answer with a corrupted body; unchanged for kinds of fault that do not concern the body. */
export function corrupt(answer: Answer, fault: FaultSpec): Answer {
  const { kind } = fault;
  if (kind === "wrong-content-type") {
    return { ...answer, headers: { ...answer.headers, "content-type": "text/html" } };
  }
  if (answer.status !== 200) return answer;
  const text = typeof answer.body === "string" ? answer.body : decoder.decode(answer.body);
  const body = corruptText(text, kind) ?? corruptRows(text, kind) ?? corruptCoins(text, kind) ??
    corruptLists(text, kind) ?? corruptValues(text, fault);
  return body === undefined ? answer : { ...answer, body };
}

function corruptText(text: string, kind: FaultKind): string | undefined {
  if (kind === "truncated-json") return text.slice(0, text.length >> 1);
  if (kind === "malformed-json") return text.replace(/[:,]/, ";").concat("]");
  return kind === "null-body" ? "null" : undefined;
}

/** The change that each kind makes to a batch of candles. */
const ROW_FAULTS: Readonly<Partial<Record<FaultKind, (rows: KlineRow[]) => unknown>>> = {
  "eleven-columns": (rows) => rows.map((row) => row.slice(0, 11)),
  "object-body": (rows) => ({ data: rows }),
  "number-for-string": (rows) =>
    rows.map((row) => row.map((field, i) => i === 4 ? Number(field) : field)),
  "empty-page": () => [],
  "short-page": (rows) => rows.slice(0, rows.length >> 1),
  "duplicate-rows": (rows) => rows.flatMap((row, i) => i % 7 === 3 ? [row, row] : [row]),
  "shuffled-rows": (rows) => rows.map((_, i) => rows[swapped(i, rows.length)]),
};

/** Swaps neighbours. */
function swapped(index: number, count: number): number {
  const other = index ^ 1;
  return other < count ? other : index;
}

function corruptRows(text: string, kind: FaultKind): string | undefined {
  const fault = ROW_FAULTS[kind];
  return fault === undefined ? undefined : JSON.stringify(fault(JSON.parse(text)));
}

/** Well-formed but wrong values. */
function corruptValues(text: string, fault: FaultSpec): string | undefined {
  const { kind, byMs = kind === "shifted-rows" ? 5 : 60_000, factor = 30 } = fault;
  switch (kind) {
    case "wrong-clock":
      return JSON.stringify(
        JSON.parse(text, (key, value) => key === "serverTime" ? value + byMs : value),
      );
    case "shifted-rows":
      return mapRows(text, (row) => row.map((v, i) => i === 0 || i === 6 ? Number(v) + byMs : v));
    case "scaled-rows":
      return mapRows(text, (row) => row.map((v, i) => PRICED.has(i) ? scaled(v, factor) : v));
    case "field":
      return corruptField(text, fault);
    default:
      return undefined;
  }
}

/** Prices, and volumes in quote asset. */
const PRICED: ReadonlySet<number> = new Set([1, 2, 3, 4, 7, 10]);

const scaled = (value: unknown, factor: number) => (Number(value) * factor).toFixed(8);

function mapRows(text: string, change: (row: KlineRow) => unknown): string {
  return JSON.stringify(JSON.parse(text).map(change));
}

function corruptField(text: string, { field, value, row: place }: FaultSpec): string {
  if (typeof field === "string") {
    return JSON.stringify(JSON.parse(text, (key, old) => key === field ? value : old));
  }
  const rows: KlineRow[] = JSON.parse(text);
  const chosen = place === undefined ? rows : [rows.at(place)];
  return JSON.stringify(
    rows.map((row) => chosen.includes(row) ? row.map((v, i) => i === field ? value : v) : row),
  );
}

/** Both providers: every market cap becomes null. */
function corruptCoins(text: string, kind: FaultKind): string | undefined {
  if (kind !== "null-market-cap") return undefined;
  return JSON.stringify(JSON.parse(text, (key, value) => key === "market_cap" ? null : value));
}

/** Elements that match no schema, at the start, in the middle and at the end of every list. */
const ODD: readonly unknown[] = [
  null,
  7,
  "odd",
  [],
  {},
  { symbol: 5 },
  { symbol: "ODDUSDT", id: "odd" },
  { filterType: 1 },
  { rateLimitType: "MOONS", interval: "MINUTE", intervalNum: 1, limit: 1 },
  { rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1, limit: 0 },
];

function corruptLists(text: string, kind: FaultKind): string | undefined {
  if (kind !== "malformed-elements") return undefined;
  return JSON.stringify(JSON.parse(text, (key, value) => {
    const isList = Array.isArray(value) && LISTS.has(key);
    if (!isList) return value;
    const middle = value.length >> 1;
    return [...ODD, ...value.slice(0, middle), ...ODD, ...value.slice(middle), ...ODD];
  }));
}

/** `""`: the whole response. */
const LISTS = new Set(["", "symbols", "rateLimits", "filters", "data"]);
