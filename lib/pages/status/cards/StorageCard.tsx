import { livePart } from "../../../chart/page_names.ts";
import { bytesText, numberText } from "../../../core/text/number_text.ts";
import { ageText } from "../../../core/text/time_text.ts";
import type { Interval } from "../../../core/interval.ts";
import type { EpochMs } from "../../../core/time.ts";
import type { DatabaseSize } from "../../../ports/status_reader.ts";
import { VERSION } from "../../../core/version.ts";

export interface StorageCardProps {
  /** Stored candles by interval. */
  readonly rowsOf: ReadonlyMap<Interval, number>;
  readonly size: DatabaseSize;
  readonly machine: {
    readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | undefined;
    readonly kv:
      | { readonly keys: number; readonly bytes: number | undefined }
      | { readonly error: string };
    readonly runtime: string;
  };
  readonly now: EpochMs;
}

interface Part {
  readonly name: string;
  readonly bytes: number;
  readonly note: string;
}

/** Sizes of the stored data, and the free disk space. */
export function StorageCard({ rowsOf, size, machine, now }: StorageCardProps) {
  const parts = toParts(rowsOf, size.tables);
  return (
    <section class="card" {...livePart("storage")} aria-labelledby="storage-title">
      <header class="card-head">
        <h2 id="storage-title">Storage</h2>
        <p class="push">{bytesText(size.bytes)}</p>
      </header>
      <StorageBar parts={parts} />
      <dl class="facts">
        {parts.map(({ name, bytes, note }, i) => (
          <div key={name}>
            <dt>
              <svg class="swatch" aria-hidden="true">
                <rect class={`coin-${i % 10 + 1}`} />
              </svg>
              {name}
            </dt>
            <dd>
              {note && <span class="quiet">{note}</span>} {bytesText(bytes)}
            </dd>
          </div>
        ))}
        <div>
          <dt>Deno KV</dt>
          <dd>{kvText(machine.kv)}</dd>
        </div>
        {machine.disk && (
          <div>
            <dt>Free disk space</dt>
            <dd>
              {bytesText(machine.disk.freeBytes)} of {bytesText(machine.disk.totalBytes)}
            </dd>
          </div>
        )}
        <div>
          <dt>PostgreSQL</dt>
          <dd>{size.version.split(" ")[0]}, up {ageText(now - size.startedAt)}</dd>
        </div>
        <div>
          <dt>Version</dt>
          <dd>wick {VERSION}, {machine.runtime}</dd>
        </div>
      </dl>
    </section>
  );
}

function StorageBar({ parts }: { readonly parts: readonly Part[] }) {
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0) || 1;
  let x = 0;
  return (
    <svg class="storage-bar" aria-hidden="true">
      {parts.map(({ name, bytes }, i) => {
        const share = bytes / total * 100;
        const start = x;
        x += share;
        return (
          <rect
            key={name}
            class={`coin-${i % 10 + 1}`}
            x={`${start.toFixed(2)}%`}
            width={`${Math.max(0, share - 0.3).toFixed(2)}%`}
            height="10"
          />
        );
      })}
    </svg>
  );
}

/**
 * Candles by interval (all together in a hypertable, which has no parts of them), then the rest.
 */
function toParts(
  rowsOf: StorageCardProps["rowsOf"],
  tables: StorageCardProps["size"]["tables"],
): Part[] {
  const candles = tables.flatMap(({ interval, bytes }) => {
    const rows = interval === undefined ? 0 : rowsOf.get(interval) ?? 0;
    if (rows === 0) return [];
    return [{ name: `candles ${interval}`, bytes, note: `${numberText(rows, 0)} rows` }];
  });
  const others = tables.filter(({ interval }) => interval === undefined);
  const whole = others.find(({ name }) => name === "klines");
  if (whole !== undefined) candles.push({ name: "candles", bytes: whole.bytes, note: "" });
  const rest = others.filter((table) => table !== whole)
    .reduce((sum, { bytes }) => sum + bytes, 0);
  return [...candles, { name: "gaps, runs, revisions, caps", bytes: rest, note: "" }];
}

function kvText(kv: StorageCardProps["machine"]["kv"]): string {
  if ("error" in kv) return kv.error;
  const keys = `${numberText(kv.keys, 0)} ${kv.keys === 1 ? "key" : "keys"}`;
  return kv.bytes === undefined ? keys : `${keys}, ${bytesText(kv.bytes)}`;
}
