import { DAY_MS, type EpochMs } from "../time.ts";
import type { SymbolLife, SymbolRecord } from "./symbol_record.ts";

/** An asset that continues under another ticker. */
interface KnownRename {
  readonly from: string;
  readonly to: string;
  /** Units of the old asset for one of the new. */
  readonly ratio: number;
  /** The event, for readers. */
  readonly event: string;
  /** The old ticker is in use again, for another asset. */
  readonly isReused: boolean;
}

/**
 * Rebrandings, redenominations and swaps that Binance has carried out, from the announcements of
 * the projects and of Binance (binance.com/en/support/announcement). To add one, its old and its
 * new ticker and the ratio are enough: the dates follow from the candles.
 */
const ROWS: readonly (readonly [string, string, number, string, "reused"?])[] = [
  ["ANY", "MULTI", 1, "Anyswap became Multichain, 2022"],
  ["BCC", "BCHABC", 1, "Bitcoin Cash after its fork, 2018"],
  ["BCHABC", "BCH", 1, "Bitcoin Cash, 2019"],
  ["BTT", "BTTC", 1 / 1000, "BitTorrent redenominated, 2022"],
  ["BZRX", "OOKI", 1 / 10, "bZx became Ooki, 2021"],
  ["DAR", "D", 1, "Mines of Dalarnia became Dar Open Network, 2025"],
  ["EOS", "A", 1, "EOS became Vaulta, 2025"],
  ["EPS", "EPX", 1 / 88, "Ellipsis swapped its token, 2022"],
  ["ERD", "EGLD", 1000, "Elrond redenominated, 2020"],
  ["FRONT", "SLF", 1, "Frontier became Self Chain, 2024"],
  ["FTM", "S", 1, "Fantom became Sonic, 2025"],
  ["GAL", "G", 1 / 60, "Galxe became Gravity, 2024"],
  ["KLAY", "KAIA", 1, "Klaytn became Kaia, 2024"],
  ["LEND", "AAVE", 100, "Aave swapped its token, 2020"],
  ["LUNA", "LUNC", 1, "Terra became Terra Classic, 2022", "reused"],
  ["MATIC", "POL", 1, "Polygon swapped its token, 2024"],
  ["MC", "BEAMX", 1 / 100, "Merit Circle became Beam, 2023"],
  ["MFT", "HIFI", 100, "Mainframe became Hifi, 2023"],
  ["MKR", "SKY", 1 / 24_000, "Maker became Sky, 2025"],
  ["NANO", "XNO", 1, "Nano changed its ticker, 2022"],
  ["NPXS", "PUNDIX", 1000, "Pundi X redenominated, 2021"],
  ["ORN", "LUMIA", 1, "Orion became Lumia, 2024"],
  ["PAX", "USDP", 1, "Paxos Standard became Pax Dollar, 2021"],
  ["RNDR", "RENDER", 1, "Render changed its ticker, 2024"],
  ["STORM", "STMX", 1, "Storm became StormX, 2020"],
  ["STRAT", "STRAX", 1, "Stratis swapped its token, 2020"],
  ["TOMO", "VIC", 1, "TomoChain became Viction, 2023"],
  ["VEN", "VET", 1 / 100, "VeChain redenominated, 2018"],
];

const KNOWN: readonly KnownRename[] = ROWS.map(([from, to, ratio, event, reused]) => ({
  from,
  to,
  ratio,
  event,
  isReused: reused !== undefined,
}));

/** An asset under its later ticker. */
export interface Successor {
  readonly ticker: string;
  /** Its units for one unit of the old asset. */
  readonly units: number;
}

/** The later tickers of an asset, the newest first: BCH, then BCHABC, of BCC. */
export function findSuccessors(ticker: string): Successor[] {
  const next = KNOWN.find(({ from, isReused }) => from === ticker && !isReused);
  if (next === undefined) return [];
  const units = 1 / next.ratio;
  const later = findSuccessors(next.to).map((one) => ({ ...one, units: one.units * units }));
  return [...later, { ticker: next.to, units }];
}

/** A symbol that another one continues. The two stay separate series. */
export interface Rename {
  readonly from: string;
  readonly to: string;
  /** When the old symbol ended; `undefined`: it is still traded. */
  readonly endedAt: EpochMs | undefined;
  readonly beganAt: EpochMs;
  /** `known`: announced. `suggested`: only the dates and prices of both fit. */
  readonly kind: "known" | "suggested";
  /** Units of the old asset for one of the new, exact for known renames. */
  readonly ratio: number;
  /** The reason for the link. */
  readonly reason: string;
}

/** A new symbol of a known rename begins so long before or after the end of the old one. */
const KNOWN_DAYS = 200;
/** A suggested one. */
const SUGGESTED_DAYS = { before: 3, after: 14 };
/** Distance of the prices from a ratio that is a power of ten, as a factor. */
const NEAR = 1.1;

/** Links symbols of the same quote asset by known renames, and suggests others. */
export function linkRenames(records: readonly SymbolRecord[]): Rename[] {
  const known = linkKnown(records);
  const taken = new Set(known.flatMap(({ from, to }) => [from, to]));
  const others = records.filter(({ symbol }) => !taken.has(symbol));
  return [...known, ...suggest(others)].sort((a, b) => b.beganAt - a.beganAt);
}

function linkKnown(records: readonly SymbolRecord[]): Rename[] {
  const byAssets = new Map(records.map((one) => [`${one.base} ${one.quote}`, one]));
  return records.flatMap((old) =>
    KNOWN.filter(({ from }) => from === old.base).flatMap(({ to, ratio, event }): Rename[] => {
      const next = byAssets.get(`${to} ${old.quote}`);
      const pair = next && findPair(old, next);
      if (next === undefined || pair === undefined) return [];
      const [ended, begun] = pair;
      return [{
        from: old.symbol,
        to: next.symbol,
        endedAt: ended.delistedAt,
        beganAt: begun.listedAt,
        kind: "known",
        ratio,
        reason: event,
      }];
    })
  );
}

/** The end of a life of the old symbol, and the life of the new one that begins nearest to it. */
function findPair(
  old: SymbolRecord,
  next: SymbolRecord,
): readonly [SymbolLife, SymbolLife] | undefined {
  const pairs = old.lives.flatMap((ended) =>
    next.lives.map((begun) => {
      const apart = Math.abs(begun.listedAt - (ended.delistedAt ?? begun.listedAt));
      return { ended, begun, apart };
    })
  ).filter(({ apart }) => apart <= KNOWN_DAYS * DAY_MS).sort((a, b) => a.apart - b.apart);
  const [best] = pairs;
  return best && [best.ended, best.begun];
}

interface Candidate {
  readonly old: SymbolRecord;
  readonly ended: SymbolLife;
  readonly next: SymbolRecord;
  readonly begun: SymbolLife;
  readonly ratio: number;
}

/**
 * Pairs of which one ends when the other begins, at the same price or one with a power of ten
 * between. Only pairs of base assets that fit no third one.
 */
function suggest(records: readonly SymbolRecord[]): Rename[] {
  const candidates = findCandidates(records);
  const assets = ({ old, next }: Candidate) => `${old.base} ${next.base}`;
  const partners = (pick: "old" | "next", base: string) =>
    new Set(candidates.filter((one) => one[pick].base === base).map(assets)).size;
  return candidates.filter(({ old, next }) =>
    partners("old", old.base) === 1 && partners("next", next.base) === 1
  ).map(({ old, ended, next, begun, ratio }) => ({
    from: old.symbol,
    to: next.symbol,
    endedAt: ended.delistedAt,
    beganAt: begun.listedAt,
    kind: "suggested",
    ratio,
    reason:
      `${next.symbol} began when ${old.symbol} ended, at the price ${begun.firstPrice} after ` +
      `${ended.lastPrice}`,
  }));
}

function findCandidates(records: readonly SymbolRecord[]): Candidate[] {
  const ends = records.flatMap((old) => {
    const ended = old.lives.at(-1)!;
    return ended.delistedAt === undefined ? [] : [{ old, ended }];
  });
  const starts = Map.groupBy(
    records.map((next) => ({ next, begun: next.lives[0]! })),
    ({ next }) => next.quote,
  );
  return ends.flatMap(({ old, ended }) =>
    (starts.get(old.quote) ?? []).flatMap(({ next, begun }): Candidate[] => {
      const days = (begun.listedAt - ended.delistedAt!) / DAY_MS;
      if (days < -SUGGESTED_DAYS.before || days > SUGGESTED_DAYS.after) return [];
      if (next.base === old.base) return [];
      const ratio = ratioOf(ended, begun);
      return ratio === undefined ? [] : [{ old, ended, next, begun, ratio }];
    })
  );
}

/** The power of ten by which the prices differ; `undefined` when they differ by another factor. */
function ratioOf(ended: SymbolLife, begun: SymbolLife): number | undefined {
  const factor = Number(begun.firstPrice) / Number(ended.lastPrice);
  if (!Number.isFinite(factor) || factor <= 0) return undefined;
  const power = Math.round(Math.log10(factor));
  const rest = factor / 10 ** power;
  return Math.abs(power) <= 4 && rest < NEAR && rest > 1 / NEAR ? 10 ** power : undefined;
}
