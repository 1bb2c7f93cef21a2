import { countWhole, endOf, type Interval, intervalMs } from "../../core/interval.ts";
import { DAY_MS } from "../../core/time.ts";
import { type Candle, withoutImported } from "./candle.ts";
import { bollinger } from "./indicators/bollinger.ts";
import { ema } from "./indicators/ema.ts";
import { rsi } from "./indicators/rsi.ts";
import { sma, type Values } from "./indicators/sma.ts";
import { sessionOf, vwap } from "./indicators/vwap.ts";
import type { Overlay } from "../../core/overlay.ts";

/** One line of a study, with one value per candle. */
export interface StudyLine {
  readonly part: "value" | "upper" | "middle" | "lower";
  readonly values: Values;
}

/** A computed overlay. */
export interface Study {
  readonly overlay: Overlay;
  readonly lines: readonly StudyLine[];
}

/**
 * Computes `overlays` from candles of the exchange, ascending. A gap restarts every study, which
 * has no values until there are enough candles again. Imported candles have none and close no gap.
 */
export function toStudies(
  candles: readonly Candle[],
  overlays: readonly Overlay[],
  interval: Interval,
): Study[] {
  const own = withoutImported(candles);
  const studies = studiesOf(own, overlays, interval);
  if (own.length === candles.length) return studies;
  let at = -1;
  return atIndices(studies, candles.map(({ isImported }) => isImported ? -1 : ++at));
}

function studiesOf(
  candles: readonly Candle[],
  overlays: readonly Overlay[],
  interval: Interval,
): Study[] {
  const stretches = unbroken(candles, interval);
  return overlays.map((overlay) => {
    const parts = stretches.map((stretch) => linesOf(overlay, stretch, interval));
    const lines = (parts[0] ?? []).map(({ part }, i) => ({
      part,
      values: parts.flatMap((lines) => lines[i]!.values),
    }));
    return { overlay, lines };
  });
}

/** `studies` without the first `count` candles. */
export function withoutFirst(studies: readonly Study[], count: number): Study[] {
  return pick(studies, (values) => values.slice(count));
}

/** `studies` at the candles with these indices. */
export function atIndices(studies: readonly Study[], indices: readonly number[]): Study[] {
  return pick(studies, (values) => indices.map((index) => values[index]));
}

function pick(studies: readonly Study[], of: (values: Values) => Values): Study[] {
  return studies.map(({ overlay, lines }) => ({
    overlay,
    lines: lines.map(({ part, values }) => ({ part, values: of(values) })),
  }));
}

/** Maximum number of preceding candles. */
const MAX_WARM_UP = 3000;

/**
 * Number of candles before the first visible one that `overlays` need for correct values; for those
 * with infinite memory, until its weight is below a millionth.
 */
export function warmUpOf(overlays: readonly Overlay[], interval: Interval): number {
  const needs = overlays.map(({ kind, period }) => {
    switch (kind) {
      case "sma":
      case "bb":
        return period - 1;
      case "ema":
        return period * 8;
      case "rsi":
        return period * 15;
      case "vwap":
        return Math.ceil(SESSION_MS[sessionOf(interval)] / intervalMs(interval));
    }
  });
  return Math.min(MAX_WARM_UP, Math.max(0, ...needs));
}

/** Maximum length. */
const SESSION_MS = { day: DAY_MS, month: 31 * DAY_MS, year: 366 * DAY_MS } as const;

function linesOf(
  { kind, period }: Overlay,
  candles: readonly Candle[],
  interval: Interval,
): StudyLine[] {
  const closes = candles.map(({ close }) => close);
  const line = (values: Values): StudyLine[] => [{ part: "value", values }];
  switch (kind) {
    case "sma":
      return line(sma(closes, period));
    case "ema":
      return line(ema(closes, period));
    case "rsi":
      return line(rsi(closes, period));
    case "vwap":
      return line(vwap(candles, interval));
    case "bb": {
      const bands = bollinger(closes, period);
      return (["upper", "middle", "lower"] as const).map((part) => ({ part, values: bands[part] }));
    }
  }
}

/** Runs of candles without gaps. */
function unbroken(candles: readonly Candle[], interval: Interval): Candle[][] {
  const stretches: Candle[][] = [];
  candles.forEach((candle, i) => {
    const last = candles[i - 1];
    const isNext = last !== undefined &&
      countWhole({ from: endOf(last.openTime, interval), to: candle.openTime }, interval) === 0;
    if (isNext) stretches.at(-1)!.push(candle);
    else stretches.push([candle]);
  });
  return stretches;
}
