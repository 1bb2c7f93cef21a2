/** The part of the simulator that a request is for. */
export type Area = "klines" | "exchange" | "caps" | "archive";

/** Every kind of fault, and the areas in which it has an effect; the README describes each. */
export const FAULT_AREAS = {
  "429": ["klines", "exchange", "caps"],
  "418": ["klines", "exchange"],
  "403": ["klines", "exchange", "caps", "archive"],
  "451": ["klines", "exchange", "archive"],
  "500": ["klines", "exchange", "caps", "archive"],
  "502": ["klines", "exchange", "caps", "archive"],
  "503": ["klines", "exchange", "caps", "archive"],
  "-1000": ["klines", "exchange"],
  "-1001": ["klines", "exchange"],
  "-1006": ["klines", "exchange"],
  "-1007": ["klines", "exchange"],
  "-1008": ["klines", "exchange"],
  "-1100": ["klines", "exchange"],
  "-1121": ["klines", "exchange"],
  "-1122": ["klines", "exchange"],
  "-1220": ["klines", "exchange"],
  "truncated-json": ["klines", "exchange", "caps"],
  "malformed-json": ["klines", "exchange", "caps"],
  "null-body": ["klines", "exchange", "caps"],
  "html-page": ["klines", "exchange", "caps"],
  "malformed-elements": ["exchange", "caps"],
  "wrong-content-type": ["klines", "exchange", "caps"],
  "eleven-columns": ["klines"],
  "object-body": ["klines"],
  "number-for-string": ["klines"],
  "empty-page": ["klines"],
  "short-page": ["klines"],
  "duplicate-rows": ["klines"],
  "shuffled-rows": ["klines"],
  "shifted-rows": ["klines"],
  "scaled-rows": ["klines"],
  "field": ["klines", "exchange", "caps"],
  "headers": ["klines", "exchange", "caps", "archive"],
  "wrong-clock": ["exchange"],
  "null-market-cap": ["caps"],
  "wrong-checksum": ["archive"],
  "missing-checksum": ["archive"],
  "missing-file": ["archive"],
  "cut-file": ["archive"],
  "broken-zip": ["archive"],
  "altered-rows": ["archive"],
  "header-line": ["archive"],
  "cut-body": ["klines", "exchange", "caps", "archive"],
  "reset": ["klines", "exchange", "caps", "archive"],
  "no-answer": ["klines", "exchange", "caps", "archive"],
  "slow": ["klines", "exchange", "caps", "archive"],
  "clock-jump": ["klines", "exchange", "caps", "archive"],
} as const satisfies Record<string, readonly Area[]>;

export type FaultKind = keyof typeof FAULT_AREAS;

export function isFaultKind(text: string): text is FaultKind {
  return Object.hasOwn(FAULT_AREAS, text);
}

export function appliesTo(kind: FaultKind, area: Area): boolean {
  return (FAULT_AREAS[kind] as readonly Area[]).includes(area);
}
