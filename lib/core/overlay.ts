/** Studies drawn over the candles; `rsi` has a separate pane. */
export const OVERLAY_KINDS = ["sma", "ema", "bb", "vwap", "rsi"] as const;
export type OverlayKind = typeof OVERLAY_KINDS[number];

/** An overlay, named in URLs as `sma20`, `bb20`, `vwap`. */
export interface Overlay {
  readonly kind: OverlayKind;
  /** Candles that a value looks back on; 0 for `vwap`, which starts again every day. */
  readonly period: number;
}

export const MIN_PERIOD = 2;
export const MAX_PERIOD = 200;
/** Maximum number of distinguishable lines. */
export const MAX_OVERLAYS = 6;

/** Overlays offered in menus. */
export const COMMON_OVERLAYS: readonly Overlay[] = [
  { kind: "sma", period: 20 },
  { kind: "ema", period: 50 },
  { kind: "bb", period: 20 },
  { kind: "vwap", period: 0 },
  { kind: "rsi", period: 14 },
];

/** `undefined` for text that is not an overlay's name. */
export function findOverlay(text: string): Overlay | undefined {
  if (text === "vwap") return { kind: "vwap", period: 0 };
  const [, name, digits] = /^(sma|ema|bb|rsi)([1-9]\d{0,2})$/.exec(text) ?? [];
  const period = Number(digits);
  if (name === undefined || period < MIN_PERIOD || period > MAX_PERIOD) return undefined;
  return { kind: name as OverlayKind, period };
}

/** As in URLs: `ema50`. */
export function overlayName({ kind, period }: Overlay): string {
  return period === 0 ? kind : `${kind}${period}`;
}

const LABEL: Record<OverlayKind, string> = {
  sma: "SMA",
  ema: "EMA",
  bb: "Bollinger",
  vwap: "VWAP",
  rsi: "RSI",
};

/** As shown: `EMA 50`. */
export function overlayLabel({ kind, period }: Overlay): string {
  return period === 0 ? LABEL[kind] : `${LABEL[kind]} ${period}`;
}

/** Removes duplicates and sorts, so that equal sets have equal URLs. */
export function inOrder(overlays: readonly Overlay[]): Overlay[] {
  const byName = new Map(overlays.map((overlay) => [overlayName(overlay), overlay]));
  const rank = ({ kind, period }: Overlay) => OVERLAY_KINDS.indexOf(kind) * 1000 + period;
  return [...byName.values()].sort((a, b) => rank(a) - rank(b));
}
