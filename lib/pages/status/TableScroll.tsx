import type { ComponentChildren } from "preact";

export interface TableScrollProps {
  /** Id of the heading that names the table. */
  readonly labelledBy: string;
  readonly children: ComponentChildren;
}

/**
 * A table that scrolls sideways where it is wider than the page, also by keyboard; cards on phones.
 */
export function TableScroll({ labelledBy, children }: TableScrollProps) {
  return (
    <div class="table-scroll cards" role="region" aria-labelledby={labelledBy} tabIndex={0}>
      {children}
    </div>
  );
}
