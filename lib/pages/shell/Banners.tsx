import type { ComponentChildren } from "preact";
import { clockText, minuteText } from "../../core/text/time_text.ts";
import { toOfflineBanner } from "../../core/text/offline_words.ts";
import { DAY_MS, MINUTE_MS } from "../../core/time.ts";
import { Icon } from "../components/Icon.tsx";
import type { IconName } from "../components/icon_shapes.ts";
import { WithCode } from "../components/WithCode.tsx";
import type { PageShell } from "./page_shell.ts";

/** Rounded up to the minute; with the day unless it is today. */
function waitText(until: number, serverTime: number): string {
  const minute = Math.ceil(until / MINUTE_MS) * MINUTE_MS;
  return `${until - serverTime > DAY_MS ? minuteText(minute) : clockText(minute)} UTC`;
}

export interface BannersProps {
  readonly shell: PageShell;
  /** An error page that gives the reason needs no banner with the same words. */
  readonly givesReason: boolean;
}

/** Messages about the data, shown on every page. */
export function Banners({ shell, givesReason }: BannersProps) {
  const { simulated, maintenance, waitUntil, serverTime } = shell;
  const failure = givesReason ? undefined : shell.failure;
  const offline = failure === undefined ? undefined : toOfflineBanner(failure);
  return (
    <>
      {simulated !== undefined && (
        <Banner kind="simulated" title="Simulated data">
          These candles come from a simulator ({simulated}); they are not real market prices.
        </Banner>
      )}
      {waitUntil !== undefined && (
        <Banner
          kind="waiting"
          title={`Rate-limited by Binance until ${waitText(waitUntil, serverTime)}`}
        >
          Charts show stored candles; nothing is lost.
        </Banner>
      )}
      {waitUntil === undefined && offline !== undefined && (
        <Banner kind="offline" title={offline.title}>
          <WithCode text={offline.text} />
        </Banner>
      )}
      {maintenance !== undefined && (
        <Banner
          kind="waiting"
          title={`Binance has been under maintenance since ${minuteText(maintenance.since)} UTC`}
        >
          {maintenance.trading} of {maintenance.listed}{" "}
          symbols are trading. Collecting continues when trading resumes.
        </Banner>
      )}
    </>
  );
}

interface BannerProps {
  readonly kind: "simulated" | "offline" | "waiting";
  readonly title: string;
  readonly children: ComponentChildren;
}

const ICON: Record<BannerProps["kind"], IconName> = {
  simulated: "stale",
  offline: "offline",
  waiting: "waiting",
};

/** A line under the header. */
function Banner({ kind, title, children }: BannerProps) {
  return (
    <p class={`banner banner-${kind}`} role="status">
      <Icon name={ICON[kind]} />
      <strong>{title}</strong>
      <span>{children}</span>
    </p>
  );
}
