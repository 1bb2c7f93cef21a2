import { DAY_MS } from "../core/time.ts";
import type { SymbolAssets, UsdStep } from "../ports/market_caps.ts";
import { USD_QUOTES } from "./assets.ts";

/** Collected markets by the assets that they trade. */
export interface CollectedMarkets {
  readonly byAsset: ReadonlyMap<string, readonly SymbolAssets[]>;
  /** True if a market has candles up to about the newest of all. */
  readonly isCurrent: (market: SymbolAssets) => boolean;
  /** Results of `findUsdPath`. */
  readonly paths: Map<string, readonly UsdStep[] | undefined>;
}

/** Markets without candles for this long are delisted or no longer collected. */
const CURRENT_MS = 2 * DAY_MS;

/** Groups the markets that have candles. */
export function groupByAsset(markets: readonly SymbolAssets[]): CollectedMarkets {
  const held = markets.filter(({ heldUntil }) => heldUntil !== undefined);
  const newest = held.reduce((max, { heldUntil = 0 }) => Math.max(max, heldUntil), 0);
  const byAsset = new Map<string, SymbolAssets[]>();
  for (const market of held) {
    for (const asset of [market.base, market.quote]) {
      const own = byAsset.get(asset);
      if (own === undefined) byAsset.set(asset, [market]);
      else own.push(market);
    }
  }
  const isCurrent = ({ heldUntil = 0 }: SymbolAssets) => heldUntil >= newest - CURRENT_MS;
  return { byAsset, isCurrent, paths: new Map() };
}

interface Path {
  readonly steps: readonly UsdStep[];
  readonly isCurrent: boolean;
  /** Position in the order of preference. */
  readonly place: number;
}

const DOLLARS = [...USD_QUOTES];
/** Intermediate assets with the most trading, best first. */
const BRIDGES = ["BTC", "ETH", "BNB"];

/**
 * Collected markets whose closes convert `asset` to US dollars: none for a dollar stablecoin, one
 * (EURUSDT, or USDTTRY inverted), or two (BTCEUR inverted, then BTCUSDT). Current markets come
 * first, then shorter paths. `undefined` without any.
 */
export function findUsdPath(
  asset: string,
  markets: CollectedMarkets,
): readonly UsdStep[] | undefined {
  if (USD_QUOTES.has(asset)) return [];
  const { paths } = markets;
  if (!paths.has(asset)) {
    const [best] = [...direct(asset, markets), ...bridged(asset, markets)].sort(byPreference);
    paths.set(asset, best?.steps);
  }
  return paths.get(asset);
}

function byPreference(a: Path, b: Path): number {
  return Number(b.isCurrent) - Number(a.isCurrent) || a.steps.length - b.steps.length ||
    a.place - b.place;
}

function direct(asset: string, { byAsset, isCurrent }: CollectedMarkets): Path[] {
  return (byAsset.get(asset) ?? []).flatMap((market) => {
    const { step, other } = stepFrom(asset, market);
    const place = DOLLARS.indexOf(other);
    return place === -1 ? [] : [{ steps: [step], isCurrent: isCurrent(market), place }];
  });
}

function bridged(asset: string, markets: CollectedMarkets): Path[] {
  return (markets.byAsset.get(asset) ?? []).flatMap((market) => {
    const { step, other } = stepFrom(asset, market);
    if (USD_QUOTES.has(other)) return [];
    const [best] = direct(other, markets).sort(byPreference);
    if (best === undefined) return [];
    const place = BRIDGES.indexOf(other);
    return [{
      steps: [step, ...best.steps],
      isCurrent: markets.isCurrent(market) && best.isCurrent,
      place: place === -1 ? BRIDGES.length : place,
    }];
  });
}

function stepFrom(asset: string, { symbol, base, quote }: SymbolAssets) {
  const isInverse = quote === asset;
  return { step: { symbol, isInverse }, other: isInverse ? base : quote };
}
