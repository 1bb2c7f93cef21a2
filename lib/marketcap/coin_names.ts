/** What people call a coin, by CoinGecko's id, where the ticker does not say it. */
const NAMES: Readonly<Record<string, string>> = {
  bitcoin: "Bitcoin",
  ethereum: "Ethereum",
  solana: "Solana",
  cardano: "Cardano",
  dogecoin: "Dogecoin",
  tron: "TRON",
  "avalanche-2": "Avalanche",
  chainlink: "Chainlink",
  polkadot: "Polkadot",
  litecoin: "Litecoin",
  "bitcoin-cash": "Bitcoin Cash",
  uniswap: "Uniswap",
  cosmos: "Cosmos",
  stellar: "Stellar",
  "ethereum-classic": "Ethereum Classic",
  filecoin: "Filecoin",
  near: "NEAR Protocol",
  aptos: "Aptos",
  arbitrum: "Arbitrum",
  optimism: "Optimism",
  "shiba-inu": "Shiba Inu",
  "the-open-network": "Toncoin",
  "internet-computer": "Internet Computer",
  "hedera-hashgraph": "Hedera",
  vechain: "VeChain",
  "injective-protocol": "Injective",
  algorand: "Algorand",
  monero: "Monero",
};

/** `Bitcoin` of `bitcoin`; nothing where the ticker says it all. */
export function findCoinName(id: string): string | undefined {
  return NAMES[id];
}
