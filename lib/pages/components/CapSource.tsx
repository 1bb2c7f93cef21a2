import type { EpochMs } from "../../core/time.ts";
import { ageText } from "../../core/text/time_text.ts";
import type { CapView } from "./cap_view.ts";

const PROVIDER: Record<string, { name: string; href: string }> = {
  coingecko: { name: "CoinGecko", href: "https://www.coingecko.com/" },
  coinmarketcap: { name: "CoinMarketCap", href: "https://coinmarketcap.com/" },
};

/** Source of the values, and the age of the oldest. */
export function CapSource({ view, now }: { readonly view: CapView; readonly now: EpochMs }) {
  if (view.takenAt === undefined) return null;
  const providers = view.sources.flatMap((source) => PROVIDER[source] ?? []);
  return (
    <p class="cap-source">
      <span>updated {ageText(now - view.takenAt)} ago</span>
      {providers.map(({ name, href }) => (
        <span key={name}>
          Data provided by <a href={href} rel="noreferrer">{name}</a>
        </span>
      ))}
    </p>
  );
}
