import { livePart, PROOF } from "../../chart/page_names.ts";
import { numberText } from "../../core/number_text.ts";

export interface ProofLineProps {
  readonly rows: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly csvHref: string;
}

/** Checksum that lets users verify that page and file have the same data. */
export function ProofLine({ rows, sha256, csvHref }: ProofLineProps) {
  return (
    <p class="proof" {...livePart(PROOF)}>
      Proof: {numberText(rows, 0)} {rows === 1 ? "row" : "rows"}, SHA-256{" "}
      <code title={sha256}>{sha256.replaceAll(/(.{16})(?=.)/g, "$1 ")}</code>. It matches the{" "}
      <a href={csvHref} download>CSV of this view</a>.
    </p>
  );
}
