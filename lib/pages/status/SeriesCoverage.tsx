import type { StripRun } from "./coverage_runs.ts";

export interface CoverageStripProps {
  readonly runs: readonly StripRun[];
  readonly parts: number;
  /** The same as text. */
  readonly label: string;
}

/** The stored ranges of a series over time. */
export function CoverageStrip({ runs, parts, label }: CoverageStripProps) {
  return (
    <svg
      class="coverage-strip"
      viewBox={`0 0 ${parts} 10`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {runs.map(({ kind, isSome, start, length }) => (
        <rect
          key={start}
          class={`coverage-${kind}${isSome ? " coverage-some" : ""}`}
          x={start}
          width={length}
          height="10"
        />
      ))}
    </svg>
  );
}

const KEY = [
  ["have", "stored"],
  ["none", "not listed, not traded"],
  ["lost", "exchange outage"],
  ["gap", "pending"],
  ["todo", "not collected yet"],
] as const;

/** Legend of the strips. */
export function StripKey() {
  return (
    <ul class="coverage-key">
      {KEY.map(([kind, words]) => (
        <li key={kind}>
          <svg class="coverage-strip" viewBox="0 0 16 9" aria-hidden="true">
            <rect class={`coverage-${kind}`} width="16" height="9" />
          </svg>
          {words}
        </li>
      ))}
    </ul>
  );
}
