import type { ComponentChildren, RefObject } from "preact";

export interface SheetProps {
  readonly dialogRef: RefObject<HTMLDialogElement>;
  /** Of its title. */
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** Something over the page that keeps the focus until it is closed: by button, Esc, or a click beside it. */
export function Sheet({ dialogRef, id, title, children }: SheetProps) {
  const close = () => dialogRef.current?.close();
  return (
    <dialog
      class="sheet"
      ref={dialogRef}
      aria-labelledby={id}
      onClick={({ target }) => target === dialogRef.current && close()}
    >
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" class="button" onClick={close}>Close</button>
      </header>
      <div class="sheet-body">{children}</div>
    </dialog>
  );
}
