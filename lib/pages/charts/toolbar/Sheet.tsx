import type { ComponentChildren, TargetedKeyboardEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";

export interface SheetProps {
  /** Of its title. */
  readonly id: string;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Opens over the page and keeps the focus until it is closed: by button, Esc, or a click beside it. */
export function Sheet({ id, title, onClose, children }: SheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current!.showModal(), []);
  const close = () => dialog.current!.close();
  return (
    <dialog
      class="sheet"
      ref={dialog}
      aria-labelledby={id}
      onClick={({ target }) => target === dialog.current && close()}
      onClose={onClose}
      onKeyDown={keepFocus}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" class="button" onClick={close}>Close</button>
      </header>
      <div class="sheet-body">{children}</div>
    </dialog>
  );
}

const STOPS = "a[href], button, input, select, textarea";

/** From the last stop on to the first, and back: a dialog alone lets the focus go to the browser's own. */
function keepFocus(event: TargetedKeyboardEvent<HTMLDialogElement>): void {
  if (event.key !== "Tab") return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>(STOPS)];
  const [first, last] = [stops[0], stops.at(-1)];
  const { activeElement } = document;
  const next = event.shiftKey ? activeElement === first && last : activeElement === last && first;
  if (!next) return;
  event.preventDefault();
  next.focus();
}
