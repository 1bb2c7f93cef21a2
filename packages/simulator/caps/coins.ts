/** A provider's data about a coin, except its price. */
export interface Coin {
  /** CoinGecko ID. */
  readonly id: string;
  readonly base: string;
  readonly name: string;
  /** CoinMarketCap's ID and slug. */
  readonly cmcId: number;
  readonly slug: string;
  /** Circulating supply; null: unknown to the provider, as for new coins. */
  readonly supply: number | null;
  /** In US dollars, where the simulated exchange does not trade the coin. */
  readonly price: number | undefined;
}

type Row = readonly [
  id: string,
  base: string,
  name: string,
  cmcId: number,
  slug: string,
  supply: number | null,
  price?: number,
];

/**
 * The base assets of the simulated exchange, then coins with a price, some with a shared ticker.
 */
const ROWS: readonly Row[] = [
  ["bitcoin", "BTC", "Bitcoin", 1, "bitcoin", 19_962_190],
  ["ethereum", "ETH", "Ethereum", 1027, "ethereum", 120_731_250.4123396],
  ["binancecoin", "BNB", "BNB", 1839, "bnb", 145_887_575.79],
  ["solana", "SOL", "Solana", 5426, "solana", 519_020_516.4699402],
  ["ripple", "XRP", "XRP", 52, "xrp", 58_550_454_873],
  ["cardano", "ADA", "Cardano", 2010, "cardano", 36_049_026_396.71529],
  ["dogecoin", "DOGE", "Dogecoin", 74, "dogecoin", 149_165_616_383.7052],
  ["tron", "TRX", "TRON", 1958, "tron", 94_914_140_132.97343],
  ["avalanche-2", "AVAX", "Avalanche", 5805, "avalanche", 418_030_447.5854031],
  ["chainlink", "LINK", "Chainlink", 1975, "chainlink", 657_099_970.4527868],
  ["usd-coin", "USDC", "USDC", 3408, "usd-coin", 60_738_005_729.48],
  ["pepe", "PEPE", "Pepe", 24478, "pepe", 420.69e12],
  ["terra-luna-2", "LUNA", "Terra", 20314, "terra-luna-v2", 687_660_995.5],
  ["serum", "SRM", "Serum", 6187, "serum", 263_244_669],
  ["litecoin", "LTC", "Litecoin", 2, "litecoin", 75_828_208.23347135],
  ["monero", "XMR", "Monero", 328, "monero", 18_446_744.07],
  ["dash", "DASH", "Dash", 131, "dash", 12_222_131.6],
  ["nova-simulated", "NOVA", "Nova", 99_999, "nova-simulated", null],
  [
    "polygon-ecosystem-token",
    "POL",
    "POL (ex-MATIC)",
    28321,
    "polygon-ecosystem-token",
    10.5e9,
    0.22,
  ],
  ["proof-of-liquidity", "POL", "Proof Of Liquidity", 90_001, "proof-of-liquidity", 90e6, 0.004],
  ["pool-of-legends", "POL", "Pool of Legends", 90_002, "pool-of-legends", 1e6, 0.9],
  ["sats-ordinals", "SATS", "SATS (Ordinals)", 28194, "sats-ordinals", 2.1e15, 2.4e-8],
  ["baby-doge-coin", "BABYDOGE", "Baby Doge Coin", 10407, "baby-doge-coin", 1.5e17, 1.1e-9],
  ["sonic-3", "S", "Sonic", 32684, "sonic-3", 3_175_000_000, 0.31],
  ["nano", "XNO", "Nano", 1567, "nano", 133_248_297, 0.9],
  ["bridged-usdc", "USDC", "Bridged USDC", 90_003, "bridged-usdc", 1e9, 1],
];

export const COINS: readonly Coin[] = ROWS.map(
  ([id, base, name, cmcId, slug, supply, price]) => ({
    id,
    base,
    name,
    cmcId,
    slug,
    supply,
    price,
  }),
);

/** Units of currencies for one US dollar. */
export const PER_DOLLAR = { eur: 0.86, gbp: 0.75, try: 42.4, brl: 5.35, jpy: 156.2 } as const;
