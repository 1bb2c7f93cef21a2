/** `basic`: the engine did not load. `on-request`: it waits to be asked for. `failure`: candles did not load. */
export type NoteKind = "basic" | "on-request" | "failure";

export interface ChartNoteProps {
  readonly kind: NoteKind | undefined;
  readonly message: string | undefined;
  readonly onAction: () => void;
}

/** A word over the chart about what it cannot do, and what can be done about it. */
export function ChartNote({ kind, message, onAction }: ChartNoteProps) {
  return (
    <div class="chart-note" role="status" hidden={kind === undefined}>
      {kind === "basic" && <span>Basic chart: the full one did not load</span>}
      {kind === "on-request" && (
        <>
          <span>Basic chart</span>
          <button type="button" onClick={onAction}>Load the full one, 350 kB</button>
        </>
      )}
      {kind === "failure" && (
        <>
          <span>{message}</span>
          <button type="button" onClick={onAction}>Try again</button>
        </>
      )}
    </div>
  );
}
