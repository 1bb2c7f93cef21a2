import { livePart } from "../../chart/page_names.ts";
import { minuteText } from "../../core/time_text.ts";
import type { Series } from "../../core/kline.ts";
import { type EpochMs, MINUTE_MS } from "../../core/time.ts";

export interface FailingCardProps {
  readonly failing: readonly (Series & {
    readonly since: EpochMs;
    readonly failures: number;
    readonly message: string;
    readonly retryAt: EpochMs;
  })[];
  readonly now: EpochMs;
}

/** Failing series; empty without any. */
export function FailingCard({ failing, now }: FailingCardProps) {
  return (
    <div {...livePart("failing")}>
      {failing.length > 0 && (
        <section class="card" aria-labelledby="failing-title">
          <header class="card-head">
            <h2 id="failing-title">Failing series</h2>
            <p>other series are not affected; each is retried with growing delays</p>
          </header>
          <div class="table-scroll cards">
            <table class="refused">
              <caption class="unseen">Failing series</caption>
              <thead>
                <tr>
                  <th scope="col">Series</th>
                  <th scope="col">Why</th>
                  <th scope="col">Since, UTC</th>
                  <th scope="col">Attempts</th>
                  <th scope="col">Next, UTC</th>
                </tr>
              </thead>
              <tbody>
                {failing.map((one) => (
                  <tr key={`${one.symbol} ${one.interval}`}>
                    <th scope="row">{one.symbol} {one.interval}</th>
                    <td class="cell-full">{one.message}</td>
                    <td data-name="since">{toMinute(one.since)}</td>
                    <td data-name="attempts">{one.failures}</td>
                    <td data-name="next">
                      {one.retryAt <= now ? "next run" : toMinute(one.retryAt)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
    </div>
  );
}

function toMinute(time: EpochMs): string {
  return minuteText(Math.floor(time / MINUTE_MS) * MINUTE_MS);
}
