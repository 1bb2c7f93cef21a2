import { VERSION } from "../../core/version.ts";

/** Where everything comes from. */
export function PageFooter({ host }: { readonly host: string | undefined }) {
  return (
    <footer class="foot">
      <p>
        Candles: Binance spot market data{host === undefined
          ? ""
          : `, ${host.replace(/^https?:\/\//, "")}`}
      </p>
      <p>All times are UTC</p>
      <p>Not affiliated with Binance</p>
      <p class="foot-end">wick {VERSION}</p>
    </footer>
  );
}
