/** What the market-cap providers know of a coin besides its price. */
export interface Coin {
  /** CoinGecko's id. */
  readonly id: string;
  readonly base: string;
  readonly name: string;
  /** CoinMarketCap's id and slug. */
  readonly cmcId: number;
  readonly slug: string;
  /** Null: not known to the provider, as happens with young coins. */
  readonly circulating: number | null;
  readonly total: number | null;
  /** Null: without a cap. */
  readonly max: number | null;
  readonly added: string;
  /** In US dollars, where the simulated exchange does not trade the coin. */
  readonly price?: number;
}

type Row = readonly [
  id: string,
  base: string,
  name: string,
  cmcId: number,
  slug: string,
  circulating: number | null,
  total: number | null,
  max: number | null,
  added: string,
];

const ROWS: readonly Row[] = [
  ["bitcoin", "BTC", "Bitcoin", 1, "bitcoin", 19_962_190, 19_962_190, 21e6, "2013-04-28"],
  [
    ...["ethereum", "ETH", "Ethereum", 1027, "ethereum"] as const,
    ...[120_731_250.4123396, 120_731_250.4123396, null, "2015-08-07"] as const,
  ],
  ["binancecoin", "BNB", "BNB", 1839, "bnb", 145_887_575.79, 145_887_575.79, 2e8, "2017-07-25"],
  [
    ...["solana", "SOL", "Solana", 5426, "solana"] as const,
    ...[519_020_516.4699402, 600_356_694.6515927, null, "2020-04-10"] as const,
  ],
  ["ripple", "XRP", "XRP", 52, "xrp", 58_550_454_873, 99_986_154_627, 1e11, "2013-08-04"],
  ["cardano", "ADA", "Cardano", 2010, "cardano", 36_049_026_396.71529, 45e9, 45e9, "2017-10-01"],
  [
    ...["dogecoin", "DOGE", "Dogecoin", 74, "dogecoin"] as const,
    ...[149_165_616_383.7052, 149_185_196_383.7052, null, "2013-12-15"] as const,
  ],
  [
    ...["tron", "TRX", "TRON", 1958, "tron"] as const,
    ...[94_914_140_132.97343, 94_914_145_216.5398, null, "2017-09-13"] as const,
  ],
  [
    ...["avalanche-2", "AVAX", "Avalanche", 5805, "avalanche"] as const,
    ...[418_030_447.5854031, 454_697_709.1079114, 72e7, "2020-07-13"] as const,
  ],
  [
    "chainlink",
    "LINK",
    "Chainlink",
    1975,
    "chainlink",
    657_099_970.4527868,
    1e9,
    1e9,
    "2017-09-20",
  ],
  [
    "usd-coin",
    "USDC",
    "USDC",
    3408,
    "usd-coin",
    60_738_005_729.48,
    60_823_513_032.41,
    null,
    "2018-10-08",
  ],
  ["pepe", "PEPE", "Pepe", 24478, "pepe", 420.69e12, 420.69e12, 420.69e12, "2023-04-17"],
  [
    "terra-luna-2",
    "LUNA",
    "Terra",
    20314,
    "terra-luna-v2",
    687_660_995.5,
    1_078_129_462.8,
    null,
    "2022-05-28",
  ],
  [
    "serum",
    "SRM",
    "Serum",
    6187,
    "serum",
    263_244_669,
    5_000_000_000,
    10_161_000_000,
    "2020-08-11",
  ],
  [
    "litecoin",
    "LTC",
    "Litecoin",
    2,
    "litecoin",
    75_828_208.23347135,
    75_832_901.98,
    84e6,
    "2013-04-28",
  ],
  ["monero", "XMR", "Monero", 328, "monero", 18_446_744.07, 18_446_744.07, null, "2014-05-21"],
  ["dash", "DASH", "Dash", 131, "dash", 12_222_131.6, 12_222_131.6, 18_920_000, "2014-02-14"],
  ["nova-simulated", "NOVA", "Nova", 99_999, "nova-simulated", null, null, null, "2026-10-21"],
];

/** Coins with a price of their own: traded elsewhere, some under a ticker that others have too. */
const ELSEWHERE: readonly (readonly [string, string, string, number, number, number])[] = [
  ["polygon-ecosystem-token", "POL", "POL (ex-MATIC)", 28321, 10_500_000_000, 0.22],
  ["proof-of-liquidity", "POL", "Proof Of Liquidity", 90_001, 90_000_000, 0.004],
  ["pool-of-legends", "POL", "Pool of Legends", 90_002, 1_000_000, 0.9],
  ["sats-ordinals", "SATS", "SATS (Ordinals)", 28194, 2.1e15, 2.4e-8],
  ["baby-doge-coin", "BABYDOGE", "Baby Doge Coin", 10407, 1.5e17, 1.1e-9],
  ["sonic-3", "S", "Sonic", 32684, 3_175_000_000, 0.31],
  ["nano", "XNO", "Nano", 1567, 133_248_297, 0.9],
  ["bridged-usdc", "USDC", "Bridged USDC", 90_003, 1_000_000_000, 1],
];

const elsewhere = ELSEWHERE.map(([id, base, name, cmcId, supply, price]): Coin => ({
  id,
  base,
  name,
  cmcId,
  price,
  slug: id,
  circulating: supply,
  total: supply,
  max: null,
  added: "2021-01-01T00:00:00.000Z",
}));

/** The base assets of the simulated exchange, and coins that it does not trade itself. */
export const COINS: readonly Coin[] = [
  ...ROWS.map(
    ([id, base, name, cmcId, slug, circulating, total, max, added]): Coin => ({
      id,
      base,
      name,
      cmcId,
      slug,
      circulating,
      total,
      max,
      added: `${added}T00:00:00.000Z`,
    }),
  ),
  ...elsewhere,
];
