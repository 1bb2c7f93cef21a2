import { livePart } from "../../../chart/page_names.ts";
import { seriesName } from "../../../core/kline.ts";
import { numberText } from "../../../core/text/number_text.ts";
import { ROLLUP_CAUSE_WORDS, rollupText } from "../../../core/text/rollup_text.ts";
import { minuteText } from "../../../core/text/time_text.ts";
import type { RollupDifference, RollupProof } from "../../../ports/rollup_ledger.ts";
import { chartHref } from "../../components/href.ts";
import { TableScroll } from "../TableScroll.tsx";

export interface ProofsCardProps {
  /** Of the shown series. */
  readonly proofs: readonly RollupProof[];
}

/** Differences that the card lists. */
const LISTED = 10;

/** Comparison of the shown series with the sums of shorter candles. */
export function ProofsCard({ proofs }: ProofsCardProps) {
  const differing = proofs.reduce((sum, one) => sum + one.differing, 0);
  return (
    <section class="card" {...livePart("proofs")} aria-labelledby="proofs-title">
      <header class="card-head">
        <h2 id="proofs-title">Proof between intervals</h2>
        <p>{headText(proofs.length, differing)}</p>
      </header>
      {proofs.length === 0
        ? <p class="nothing">No shown series has been compared with a shorter interval yet.</p>
        : (
          <ul class="proofs">
            {proofs.map((proof) => (
              <li key={seriesName(proof)} class={proof.differing > 0 ? "differs" : undefined}>
                <a href={chartHref(".", proof)}>{proof.symbol}</a> {rollupText(proof)}
                {proof.isSettled ? "" : ", more to compare"}
              </li>
            ))}
          </ul>
        )}
      {differing > 0 && <Differences proofs={proofs} />}
    </section>
  );
}

function headText(series: number, differing: number): string {
  if (series === 0) return "each candle is compared with the sum of shorter ones";
  if (differing === 0) return "every compared candle equals the sum of its parts";
  const count = numberText(differing, 0);
  return `${count} ${differing === 1 ? "candle differs" : "candles differ"} from the parts`;
}

function Differences({ proofs }: ProofsCardProps) {
  const newest = proofs.flatMap((proof) => proof.differences.map((one) => ({ proof, one })))
    .sort((a, b) => b.one.openTime - a.one.openTime).slice(0, LISTED);
  return (
    <TableScroll labelledBy="proofs-title">
      <table class="proof-differences">
        <caption class="unseen">Newest differences</caption>
        <thead>
          <tr>
            <th scope="col">Series</th>
            <th scope="col">Open, UTC</th>
            <th scope="col">Candle, and sum of its parts</th>
            <th scope="col">Cause</th>
          </tr>
        </thead>
        <tbody>
          {newest.map(({ proof, one }) => (
            <tr key={`${seriesName(proof)} ${one.openTime}`}>
              <th scope="row">{seriesName(proof)}</th>
              <td data-name="open">{minuteText(one.openTime)}</td>
              <td class="cell-full">{detailText(one)}</td>
              <td data-name="cause">{causeText(one)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function detailText({ details }: RollupDifference): string {
  return details.map(({ column, stored, sum }) => `${column} ${stored}, ${sum}`).join("; ");
}

function causeText({ cause, asked }: RollupDifference): string {
  if (cause !== undefined) return ROLLUP_CAUSE_WORDS[cause];
  return asked === 0 ? "not requested again yet" : "Binance has not confirmed it";
}
