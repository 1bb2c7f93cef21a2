import { DATES_FORM, livePart } from "../../../chart/page_names.ts";
import { DAY_MS, type EpochMs, toIso } from "../../../core/time.ts";
import { HiddenFields } from "../../components/HiddenFields.tsx";
import type { ChartAddress } from "../../../core/chart_address.ts";
import { toHref } from "../../components/site_href.ts";
import { Menu } from "../../components/Menu.tsx";

export interface DatesMenuProps {
  readonly basePath: string;
  readonly address: ChartAddress;
  /** Open times of the first and the last displayed candle. */
  readonly first: EpochMs;
  readonly last: EpochMs;
}

/** Days of a requested range without candles; without an end, the day before it. */
export function datesOf(
  { from, to }: ChartAddress,
  serverTime: EpochMs,
): Pick<DatesMenuProps, "first" | "last"> {
  const last = (to ?? serverTime) - DAY_MS;
  const first = from ?? last;
  return { first, last: Math.max(first, last) };
}

/** Form to choose a range by days. */
export function DatesMenu({ basePath, address, first, last }: DatesMenuProps) {
  const day = (time: EpochMs) => toIso(time).slice(0, 10);
  return (
    <Menu label="Dates" icon="calendar" class="menu-end">
      <form
        {...livePart(DATES_FORM)}
        class="menu-form"
        method="get"
        action={toHref(basePath, "/charts")}
      >
        <HiddenFields address={address} without={["from", "to"]} />
        <label for="from-day">From, UTC</label>
        <input id="from-day" type="date" name="from" value={day(first)} required />
        <label for="to-day">To (exclusive)</label>
        <input id="to-day" type="date" name="to" value={day(last + DAY_MS)} required />
        <button class="button button-main" type="submit">Show</button>
      </form>
    </Menu>
  );
}
