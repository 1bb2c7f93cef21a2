import type { ComponentChildren } from "preact";

/** A figure that lines do not break. */
export function Unbroken({ children }: { readonly children: ComponentChildren }) {
  return <span class="unbroken">{children}</span>;
}
