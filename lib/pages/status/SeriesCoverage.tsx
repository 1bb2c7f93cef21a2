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
      {[...pathsOf(runs)].map(([kind, path]) => <path key={kind} class={kind} d={path} />)}
    </svg>
  );
}

/** One path for all parts in the same state, so that a strip of many gaps has few nodes. */
function pathsOf(runs: readonly StripRun[]): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const { kind, isSome, start, length } of runs) {
    if (kind === "none") continue;
    const name = `coverage-${kind}${isSome ? " coverage-some" : ""}`;
    paths.set(name, `${paths.get(name) ?? ""}M${start} 0h${length}v10h-${length}z`);
  }
  return paths;
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
