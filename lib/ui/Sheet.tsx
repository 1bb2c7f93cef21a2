import type { ComponentChildren } from "preact";
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
    >
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" class="button" onClick={close}>Close</button>
      </header>
      <div class="sheet-body">{children}</div>
    </dialog>
  );
}
