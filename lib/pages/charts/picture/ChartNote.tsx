/**
 * `basic`: the chart is not interactive, `message` gives the reason. `on-request`: the engine is
 * loaded on request. `failure`: a requested action failed.
 */
export type NoteKind = "basic" | "on-request" | "failure";

export interface ChartNoteProps {
  readonly kind: NoteKind | undefined;
  readonly message: string | undefined;
  readonly onAction: () => void;
}

const ACTION: Record<NoteKind, string> = {
  "basic": "Try again",
  "on-request": "Load the full chart, 350 kB",
  "failure": "Try again",
};

/** A note over the chart about a limitation, with a button. */
export function ChartNote({ kind, message, onAction }: ChartNoteProps) {
  const words = kind === "failure" ? [] : ["Basic chart"];
  if (message !== undefined) words.push(message);
  return (
    <div class="chart-note" role="status" hidden={kind === undefined}>
      {kind && (
        <>
          <span>{words.join(". ")}</span>
          <button type="button" onClick={onAction}>{ACTION[kind]}</button>
        </>
      )}
    </div>
  );
}
