import { bytesText, numberText } from "../../core/number_text.ts";
import { ageText, clockText, dayText, utcText } from "../../core/time_text.ts";
import { DAY_MS, type EpochMs } from "../../core/time.ts";
import { type SeriesStatus, sumGaps } from "./series_status.ts";

export interface StatusFiguresProps {
  readonly series: readonly SeriesStatus[];
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
  const { series, revised, conflicts, database } = props;
  const whole = series.filter(({ remaining }) => remaining === 0).length;
  const collecting = series.filter(({ remaining }) => remaining !== 0).length;
  const pending = sumGaps(series, "pending");
  const ranges = series.flatMap(({ gaps }) => gaps).reduce((sum, { ranges }) => sum + ranges, 0);
  return (
    <dl class="card figures">
      <Figure
        name="Complete series"
        value={`${whole} of ${series.length}`}
        note={collecting === 0 ? "history is complete" : `${collecting} incomplete`}
      />
      <NewestClosed {...props} />
      <Figure
        name="Candles"
        value={count(series.reduce((sum, { rows }) => sum + rows, 0))}
        note={`in ${plural(series.length, "series", "series")}`}
      />
      <Figure
        name="Gaps"
        value={plural(ranges, "range", "ranges")}
        note={pending.ranges === 0
          ? "none pending"
          : `${plural(pending.missing, "candle", "candles")} pending`}
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

function NewestClosed({ series, serverTime }: StatusFiguresProps) {
  const newest =
    series.filter(({ newestClosed, state }) => newestClosed !== undefined && state !== "left").sort(
      (a, b) => b.newestClosed! - a.newestClosed!,
    )[0];
  if (newest === undefined) return <Figure name="Newest closed" value="–" note="no candle yet" />;
  const time = newest.newestClosed!;
  const isToday = serverTime - time < DAY_MS;
  return (
    <Figure
      name="Newest closed"
      value={isToday ? `${clockText(time)} UTC` : `${dayText(time)} ${clockText(time)}`}
      title={utcText(time)}
      note={newest.activity === undefined
        ? `${ageText(serverTime - time)} ago`
        : `stored ${ageText(newest.activity.lagMs)} later`}
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
