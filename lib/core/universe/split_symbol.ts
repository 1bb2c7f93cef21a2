/** The two assets of a market. */
export interface SymbolAssets {
  readonly baseAsset: string;
  readonly quoteAsset: string;
}

/**
 * Splits the name of a symbol that the exchange no longer describes, by the assets of those that it
 * does: the longest known quote asset at its end, preferably after a known base asset, otherwise
 * the longest other asset. `undefined` when none fits.
 */
export function splitSymbol(
  symbol: string,
  known: { readonly bases: ReadonlySet<string>; readonly quotes: ReadonlySet<string> },
): SymbolAssets | undefined {
  return splitAt(symbol, known.quotes, known.bases) ?? splitAt(symbol, known.bases, known.bases);
}

function splitAt(
  symbol: string,
  quotes: ReadonlySet<string>,
  bases: ReadonlySet<string>,
): SymbolAssets | undefined {
  const splits = [...quotes]
    .filter((quote) => symbol.length > quote.length && symbol.endsWith(quote))
    .sort((a, b) => b.length - a.length)
    .map((quoteAsset) => ({ baseAsset: symbol.slice(0, -quoteAsset.length), quoteAsset }));
  return splits.find(({ baseAsset }) => bases.has(baseAsset)) ?? splits[0];
}
