import { useSignal } from "@preact/signals";

export interface CopyButtonProps {
  readonly text: string;
  /** Description of the copied text for screen readers: `the pandas example`. */
  readonly what: string;
}

const SAID_MS = 2_000;

/** Loaded as soon as the button is pointed at or has the focus. */
const load = () => import("../../chart/session/copy_text.ts").catch(() => undefined);

/** Copies `text` and confirms it briefly. */
export function CopyButton({ text, what }: CopyButtonProps) {
  const said = useSignal("");
  const copy = async () => {
    const isCopied = await (await load())?.copyText(text);
    said.value = isCopied ? "Copied" : "Copy failed";
    setTimeout(() => said.value = "", SAID_MS);
  };
  return (
    <button
      type="button"
      class="button copy"
      onPointerEnter={load}
      onFocus={load}
      onClick={copy}
    >
      <span aria-live="polite">{said.value || "Copy"}</span>
      <span class="unseen">{what}</span>
    </button>
  );
}
