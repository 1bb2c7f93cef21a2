import { type EpochMs, parseTime } from "../../../lib/core/time.ts";

/** A time without trading that all symbols share, and its effects on the candles. */
export interface Outage {
  /** First time without trading. */
  readonly from: EpochMs;
  /** First time with trading again. */
  readonly to: EpochMs;
  /** Close time of every candle cut by the outage; absent: the scheduled one. */
  readonly closeTime?: EpochMs;
  /** A candle without trades (O=H=L=C) opens at this time although nothing was traded. */
  readonly stubAt?: EpochMs;
  /**
   * Candles up to 2h open off the grid from `to` until here; the last one overlaps its successor.
   */
  readonly offGridUntil?: EpochMs;
  /** `from`, `to` and `closeTime` are later by up to this much, differently for each symbol. */
  readonly spreadMs?: number;
}

interface Marks {
  readonly closeTime?: string;
  readonly stubAt?: string;
  readonly offGridUntil?: string;
  readonly spreadMs?: number;
}

const ROWS: readonly (readonly [from: string, to: string, marks: Marks])[] = [
  // The candle before closes a millisecond late: closeTime + 1 would skip one.
  ["2017-09-06T16:00:00", "2017-09-06T23:00:00", { closeTime: "2017-09-06T16:00:00" }],
  ["2018-02-08T00:28:14.789", "2018-02-09T09:28:14.789", {
    closeTime: "2018-02-08T00:28:14.788",
    offGridUntil: "2018-02-11T04:00:00",
    spreadMs: 2_100,
  }],
  ["2018-06-26T02:00:00", "2018-06-26T12:00:00", { closeTime: "2018-06-26T01:59:59.999" }],
  ["2018-07-04T00:22:25.552", "2018-07-04T08:00:00", { closeTime: "2018-07-04T00:22:25.551" }],
  ["2019-05-15T03:00:00", "2019-05-15T13:00:00", {}],
  ["2019-06-07T21:00:00", "2019-06-07T22:00:00", {
    closeTime: "2019-06-07T21:13:13.524",
    stubAt: "2019-06-07T21:00:00",
  }],
  ["2020-02-19T11:35:32.287", "2020-02-19T17:00:00", { closeTime: "2020-02-19T11:35:32.286" }],
  // The stub closes before it opens: paging by closeTime + 1 would never get past it.
  ["2020-12-21T13:47:20.522", "2020-12-21T18:00:00", {
    closeTime: "2020-12-21T13:47:20.521",
    stubAt: "2020-12-21T14:00:00",
  }],
  ["2021-04-25T04:00:59", "2021-04-25T08:45:00", {}],
  ["2021-08-13T02:00:00", "2021-08-13T06:30:00", { closeTime: "2021-08-13T01:59:59.999" }],
  ["2021-09-29T07:00:00", "2021-09-29T09:00:00", {}],
  ["2023-03-24T12:00:00", "2023-03-24T14:00:00", {
    closeTime: "2023-03-24T12:39:12.123",
    stubAt: "2023-03-24T12:00:00",
  }],
];

/** Twelve real outages, most with the marks that the exchange still shows. */
export const OUTAGES: readonly Outage[] = ROWS.map(([from, to, marks]) => ({
  from: parseTime(from),
  to: parseTime(to),
  ...marks.closeTime !== undefined && { closeTime: parseTime(marks.closeTime) },
  ...marks.stubAt !== undefined && { stubAt: parseTime(marks.stubAt) },
  ...marks.offGridUntil !== undefined && { offGridUntil: parseTime(marks.offGridUntil) },
  ...marks.spreadMs !== undefined && { spreadMs: marks.spreadMs },
}));
