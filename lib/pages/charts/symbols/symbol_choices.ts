/** A symbol that can be selected. */
export interface SymbolChoice {
  /** `BTCUSDT`. */
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** `Bitcoin`; empty where it has no other name. */
  readonly name: string;
}

/**
 * The choices that match `query`: first those whose symbol begins with it, then those whose name
 * does, then those that contain it; those of `first` come first among equals, in that order.
 */
export function findChoices<Choice extends SymbolChoice>(
  choices: readonly Choice[],
  query: string,
  first: readonly string[],
): Choice[] {
  const wanted = plainName(query);
  if (wanted === "" && query.trim() !== "") return []; // symbols consist of letters and digits
  const places = new Map(first.map((symbol, place) => [symbol, place]));
  const placeOf = ({ symbol }: Choice) => places.get(symbol) ?? first.length;
  return choices.map((choice) => ({ choice, rank: rankOf(choice, wanted) }))
    .filter(({ rank }) => rank < NO_MATCH)
    .sort((a, b) => a.rank - b.rank || placeOf(a.choice) - placeOf(b.choice))
    .map(({ choice }) => choice);
}

const NO_MATCH = 3;

function rankOf({ symbol, base, name }: SymbolChoice, wanted: string): number {
  const texts = [plainName(symbol), plainName(base)];
  if (texts.some((text) => text.startsWith(wanted))) return 0;
  const words = name.split(" ").map(plainName);
  if ([plainName(name), ...words].some((text) => text.startsWith(wanted))) return 1;
  return [...texts, plainName(name)].some((text) => text.includes(wanted)) ? 2 : NO_MATCH;
}

/** `BTC/usdt` and `btcusdt` are equivalent. */
export function plainName(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}
