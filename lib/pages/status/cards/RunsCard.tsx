import { livePart } from "../../../chart/page_names.ts";
import { numberText } from "../../../core/text/number_text.ts";
import { ageText, minuteText } from "../../../core/text/time_text.ts";
import { type EpochMs, SECOND_MS } from "../../../core/time.ts";
import { Icon } from "../../components/Icon.tsx";
import { Pager } from "../Pager.tsx";
import { type RunRow, toRunWords } from "../run_words.ts";
import { type StatusAddress, statusHref } from "../status_href.ts";
import { TableScroll } from "../TableScroll.tsx";

export interface RunsCardProps {
  readonly address: StatusAddress;
  /** Newest first. */
  readonly runs: readonly RunRow[];
  readonly pageSize: number;
  readonly now: EpochMs;
}

const HEADS = [
  "Run",
  "Job",
  "Start, UTC",
  "Duration",
  "Fetched",
  "New",
  "Corrected",
  "Unchanged",
  "Requests",
  "Weight",
  "Result",
];

/** Recent runs of the jobs and their outcome. */
export function RunsCard({ address, runs, pageSize, now }: RunsCardProps) {
  const { beforeRun } = address;
  const last = runs.at(-1)?.runId;
  return (
    <section class="card" {...livePart("runs")} aria-labelledby="runs-title">
      <header class="card-head">
        <h2 id="runs-title">Runs</h2>
        <p>{beforeRun === undefined ? "newest first" : `before run ${numberText(beforeRun, 0)}`}</p>
      </header>
      {runs.length === 0
        ? <p class="nothing">No {beforeRun && "earlier "}runs.</p>
        : (
          <TableScroll labelledBy="runs-title">
            <table class="runs">
              <caption class="unseen">Runs of the collector's jobs</caption>
              <thead>
                <tr>{HEADS.map((head) => <th key={head} scope="col">{head}</th>)}</tr>
              </thead>
              <tbody>{runs.map((run) => <Rows key={run.runId} run={run} now={now} />)}</tbody>
            </table>
          </TableScroll>
        )}
      <Pager
        label="Pages of runs"
        newerHref={beforeRun === undefined
          ? undefined
          : statusHref(address, { beforeRun: undefined }, "runs")}
        olderHref={runs.length === pageSize && last !== undefined && last > 1
          ? statusHref(address, { beforeRun: last }, "runs")
          : undefined}
        where={last === undefined ? "" : `runs ${last} to ${runs[0]!.runId}`}
      />
    </section>
  );
}

function Rows({ run, now }: { readonly run: RunRow; readonly now: EpochMs }) {
  const { word, icon, tone } = toRunWords(run, now);
  const count = (value: number) => numberText(value, 0);
  const notes = [run.error, run.note].filter((words) => words !== undefined);
  const second = Math.floor(run.startedAt / SECOND_MS) * SECOND_MS;
  return (
    <>
      <tr class={notes.length === 0 ? undefined : "has-note"}>
        <th scope="row">{run.runId}</th>
        <td class="cell-lead">{run.job}</td>
        <td class="cell-lead">{minuteText(second)}</td>
        <td data-name="took">{tookText(run)}</td>
        <td data-name="fetched">{count(run.fetched)}</td>
        <td data-name="new">{count(run.new)}</td>
        <td data-name="corrected">{count(run.corrected)}</td>
        <td data-name="unchanged">{count(run.unchanged)}</td>
        <td data-name="requests">{count(run.requests)}</td>
        <td data-name="weight">{count(run.weight)}</td>
        <td class="cell-state">
          <span class={`state tone-${tone}`}>
            <Icon name={icon} />
            {word}
          </span>
        </td>
      </tr>
      {notes.map((words) => (
        <tr key={words} class="note-row">
          <td colSpan={HEADS.length}>{words}</td>
        </tr>
      ))}
    </>
  );
}

function tookText({ startedAt, finishedAt }: RunRow): string {
  if (finishedAt === undefined) return "–";
  const ms = Math.max(0, finishedAt - startedAt);
  return ms < 10 * SECOND_MS ? `${numberText(ms / SECOND_MS, 1)} s` : ageText(ms);
}
