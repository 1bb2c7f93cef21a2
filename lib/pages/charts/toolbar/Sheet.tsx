import type { ComponentChildren, TargetedKeyboardEvent } from "preact";
import { useEffect, useRef } from "preact/hooks";

export interface SheetProps {
  /** ID of its title. */
  readonly id: string;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Modal dialog that keeps the focus until it is closed by button, Esc, or a click outside. */
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

/**
 * Moves from the last focusable element to the first and back: a dialog alone lets the focus leave
 * to the browser.
 */
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
