import { bytesText, numberText } from "../../core/text/number_text.ts";
import { ageText, clockText, dayText, utcText } from "../../core/text/time_text.ts";
import { DAY_MS, type EpochMs } from "../../core/time.ts";
import type { SeriesSummary } from "./series_summary.ts";

export interface StatusFiguresProps {
  readonly summary: SeriesSummary;
  /** Of the series whose candle closed last. */
  readonly newest: { readonly lagMs: number } | undefined;
  readonly revised: number;
  readonly conflicts: number;
  readonly database: { readonly bytes: number; readonly version: string };
  readonly serverTime: EpochMs;
}

const count = (value: number) => numberText(value, 0);
const plural = (value: number, one: string, many: string) =>
  `${count(value)} ${value === 1 ? one : many}`;

/** The six figures that answer most questions. */
export function StatusFigures(props: StatusFiguresProps) {
  const { summary, revised, conflicts, database } = props;
  const { total, complete, rows, gaps } = summary;
  const ranges = gaps.reduce((sum, { ranges }) => sum + ranges, 0);
  const pending = gaps.find((gap) => gap.class === "pending")?.missing ?? 0;
  return (
    <dl class="card figures">
      <Figure
        name="Complete series"
        value={`${count(complete)} of ${count(total)}`}
        note={complete === total ? "history is complete" : `${count(total - complete)} incomplete`}
      />
      <NewestClosed {...props} />
      <Figure
        name="Candles"
        value={count(rows)}
        note={`in ${plural(total, "series", "series")}`}
      />
      <Figure
        name="Gaps"
        value={plural(ranges, "range", "ranges")}
        note={pending === 0 ? "none pending" : `${plural(pending, "candle", "candles")} pending`}
      />
      <Figure
        name="Revised"
        value={plural(revised, "candle", "candles")}
        note={conflicts === 0 ? "old versions are kept" : `${count(conflicts)} in conflict`}
      />
      <Figure
        name="Database"
        value={bytesText(database.bytes)}
        note={`PostgreSQL ${database.version.split(" ")[0]}`}
      />
    </dl>
  );
}

function NewestClosed({ summary, newest, serverTime }: StatusFiguresProps) {
  const time = summary.newest?.newestClosed;
  if (time === undefined) return <Figure name="Newest closed" value="–" note="no candle yet" />;
  const isToday = serverTime - time < DAY_MS;
  return (
    <Figure
      name="Newest closed"
      value={isToday ? `${clockText(time)} UTC` : `${dayText(time)} ${clockText(time)}`}
      title={utcText(time)}
      note={newest === undefined
        ? `${ageText(serverTime - time)} ago`
        : `stored ${ageText(newest.lagMs)} later`}
    />
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly note: string;
  readonly title?: string;
}

function Figure({ name, value, note, title }: FigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd title={title}>
        {value}
        <small>{note}</small>
      </dd>
    </div>
  );
}
