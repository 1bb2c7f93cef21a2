import { livePart } from "../../../chart/page_names.ts";
import { numberText } from "../../../core/text/number_text.ts";
import { minuteText } from "../../../core/text/time_text.ts";
import { type EpochMs, SECOND_MS } from "../../../core/time.ts";
import { TableScroll } from "../TableScroll.tsx";

/** An invalid or unavailable file of the exchange's archive. */
export interface RefusedRow {
  readonly name: string;
  readonly reason: string;
  readonly at: EpochMs;
  readonly runId: number;
}

export interface RefusedFilesCardProps {
  readonly files: { readonly total: number; readonly items: readonly RefusedRow[] };
}

/** Files whose candles came from the API instead, and the reason. */
export function RefusedFilesCard({ files: { total, items } }: RefusedFilesCardProps) {
  return (
    <section class="card" {...livePart("refused")} aria-labelledby="refused-title">
      <header class="card-head">
        <h2 id="refused-title">Rejected archive files</h2>
        <p>{total === 0 ? "none" : `${numberText(total, 0)}, newest first; replaced by the API`}</p>
      </header>
      {total === 0
        ? <p class="nothing">No archive file was rejected or unavailable.</p>
        : (
          <TableScroll labelledBy="refused-title">
            <table class="refused">
              <caption class="unseen">Rejected archive files</caption>
              <thead>
                <tr>
                  <th scope="col">File</th>
                  <th scope="col">Why</th>
                  <th scope="col">Seen, UTC</th>
                  <th scope="col">Run</th>
                </tr>
              </thead>
              <tbody>
                {items.map((file) => (
                  <tr key={`${file.runId} ${file.name}`}>
                    <th scope="row">{file.name}</th>
                    <td class="cell-full">{file.reason}</td>
                    <td data-name="seen">
                      {minuteText(Math.floor(file.at / SECOND_MS) * SECOND_MS)}
                    </td>
                    <td data-name="run">{file.runId}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        )}
    </section>
  );
}
