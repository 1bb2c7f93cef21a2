/** Quote assets, longest first, so that FDUSD is not read as USD. */
const QUOTES = (
  "FDUSD USDT USDC BUSD TUSD USDP USD1 BTC ETH BNB EUR TRY BRL GBP AUD RUB UAH JPY DAI XRP"
).split(" ");

/** Guesses base and quote of a symbol of which only the name is known. */
export function splitSymbol(symbol: string): { readonly base: string; readonly quote: string } {
  const quote = QUOTES.find((asset) => symbol.endsWith(asset) && symbol.length > asset.length);
  if (quote === undefined) return { base: symbol, quote: "USDT" };
  return { base: symbol.slice(0, -quote.length), quote };
}
