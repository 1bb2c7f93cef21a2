import { useSignal } from "@preact/signals";
import { copyText } from "../../chart/session/copy_text.ts";

export interface CopyButtonProps {
  readonly text: string;
  /** Description of the copied text for screen readers: `the pandas example`. */
  readonly what: string;
}

const SAID_MS = 2_000;

/** Copies `text` and confirms it briefly. */
export function CopyButton({ text, what }: CopyButtonProps) {
  const said = useSignal("");
  const copy = async () => {
    said.value = await copyText(text) ? "Copied" : "Copy failed";
    setTimeout(() => said.value = "", SAID_MS);
  };
  return (
    <button type="button" class="button copy" onClick={copy}>
      <span aria-live="polite">{said.value || "Copy"}</span>
      <span class="unseen">{what}</span>
    </button>
  );
}
