import { livePart } from "../../../chart/page_names.ts";
import { numberText } from "../../../core/text/number_text.ts";
import { minuteText } from "../../../core/text/time_text.ts";
import type { Series } from "../../../core/kline.ts";
import { type EpochMs, MINUTE_MS } from "../../../core/time.ts";
import { TableScroll } from "../TableScroll.tsx";

export interface FailingCardProps {
  readonly failing: readonly (Series & {
    readonly since: EpochMs;
    readonly failures: number;
    readonly message: string;
    readonly retryAt: EpochMs;
  })[];
  readonly now: EpochMs;
}

const MAX_ROWS = 20;

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
          <TableScroll labelledBy="failing-title">
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
                {failing.slice(0, MAX_ROWS).map((one) => (
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
          </TableScroll>
          {failing.length > MAX_ROWS && (
            <p class="card-line quiet">
              and {numberText(failing.length - MAX_ROWS, 0)} more; /readyz names all
            </p>
          )}
        </section>
      )}
    </div>
  );
}

function toMinute(time: EpochMs): string {
  return minuteText(Math.floor(time / MINUTE_MS) * MINUTE_MS);
}
