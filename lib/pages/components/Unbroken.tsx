import type { ComponentChildren } from "preact";

/** A value without line breaks. */
export function Unbroken({ children }: { readonly children: ComponentChildren }) {
  return <span class="unbroken">{children}</span>;
}
