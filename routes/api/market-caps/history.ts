import { toIso } from "../../../lib/core/time.ts";
import { readCapHistory } from "../../../lib/pages/markets/cap_history.ts";
import { capHistoryQuerySchema } from "../../../lib/http/queries/cap_queries.ts";
import { answerCsv } from "../../../lib/http/csv_answer.ts";
import { define } from "../../../lib/http/define.ts";
import { answerJson } from "../../../lib/http/json_answer.ts";
import { byMethod } from "../../../lib/http/methods.ts";
import { parseQuery } from "../../../lib/http/queries/query.ts";

/** GET /api/market-caps/history?range=30d[&format=csv] → market caps of each coin over time. */
export const handler = define.handlers(byMethod({
  async GET(ctx) {
    const { range, format } = parseQuery(ctx.url.searchParams, capHistoryQuerySchema);
    const { capHistory, directory, now } = ctx.state.services;
    const { coins } = await directory.list();
    const { times, series } = await readCapHistory(capHistory, coins, {
      range,
      now: now(),
    });
    if (format === "csv") {
      const rows = series.flatMap(({ coin, symbol, caps, recordedFrom }) =>
        times.flatMap((time, i) => {
          const cap = caps[i];
          if (cap === undefined) return [];
          return [[toIso(time), coin, symbol, cap, isRecorded(time, recordedFrom) ? 0 : 1]];
        })
      );
      return await answerCsv(ctx.req, {
        name: `market-caps-${range}.csv`,
        columns: COLUMNS,
        rows,
      });
    }
    return await answerJson(ctx.req, {
      times,
      coins: series.map(({ coin, symbol, caps, recordedFrom }) => ({
        coin,
        symbol,
        recorded_from: recordedFrom ?? null,
        market_cap: caps.map((cap) => cap ?? null),
      })),
    });
  },
}));

const COLUMNS = ["time", "coin", "symbol", "market_cap", "is_derived"];

function isRecorded(time: number, from: number | undefined): boolean {
  return from !== undefined && time >= from;
}
