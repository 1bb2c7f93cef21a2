import { livePart } from "../../../chart/page_names.ts";
import { ageText } from "../../../core/text/time_text.ts";
import type { EpochMs } from "../../../core/time.ts";
import { Icon } from "../../components/Icon.tsx";

export interface HostRow {
  readonly origin: string;
  readonly failure: { readonly message: string; readonly at: EpochMs } | undefined;
  readonly restsUntil: EpochMs | undefined;
}

export interface HostsCardProps {
  readonly hosts: readonly HostRow[];
  readonly exchange: {
    readonly host: string | undefined;
    readonly answeredAt: EpochMs | undefined;
  };
  /** Difference between the exchange's clock and the local one. */
  readonly offsetMs: number;
  readonly now: EpochMs;
}

/** The exchange's hosts, the one in use, and failures of the others. */
export function HostsCard({ hosts, exchange, offsetMs, now }: HostsCardProps) {
  return (
    <section class="card" {...livePart("hosts")} aria-labelledby="hosts-title">
      <header class="card-head">
        <h2 id="hosts-title">Exchange hosts</h2>
        <p class="push">in order of preference</p>
      </header>
      <ul class="hosts">
        {hosts.map((host) => (
          <li key={host.origin}>
            <HostState host={host} isUsed={host.origin === exchange.host} now={now} />
            <span class="host">{host.origin.replace(/^https?:\/\//, "")}</span>
            {host.failure && (
              <small>
                last failure {ageText(now - host.failure.at)} ago
                {host.failure.message && `: ${host.failure.message}`}
              </small>
            )}
          </li>
        ))}
      </ul>
      <dl class="facts">
        <dt>Last response</dt>
        <dd>
          {exchange.answeredAt === undefined
            ? "none in this process yet"
            : `${ageText(now - exchange.answeredAt)} ago`}
        </dd>
        <dt>Clock offset</dt>
        <dd>{offsetText(offsetMs)}</dd>
      </dl>
    </section>
  );
}

interface HostStateProps {
  readonly host: HostRow;
  readonly isUsed: boolean;
  readonly now: EpochMs;
}

function HostState({ host: { restsUntil }, isUsed, now }: HostStateProps) {
  if (restsUntil !== undefined && restsUntil > now) {
    return (
      <span class="state tone-warn">
        <Icon name="late" />
        rests {ageText(restsUntil - now)}
      </span>
    );
  }
  return isUsed
    ? (
      <span class="state tone-ok">
        <Icon name="fresh" />
        answers
      </span>
    )
    : (
      <span class="state tone-quiet">
        <Icon name="frozen" />
        standby
      </span>
    );
}

function offsetText(ms: number): string {
  const size = Math.abs(Math.round(ms));
  return `${ms < 0 && size > 0 ? "\u2212" : ""}${size < 10_000 ? `${size} ms` : ageText(size)}`;
}
