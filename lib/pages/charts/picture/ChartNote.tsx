/**
 * `basic`: the chart did not come alive, `message` says why. `on-request`: the engine waits to be
 * asked for. `failure`: something that the reader asked for did not come.
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

/** A word over the chart about what it cannot do, and what can be done about it. */
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
