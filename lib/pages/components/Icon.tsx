import type { IconName } from "./icon_shapes.ts";

/** A drawing of the page's `IconSheet`. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" aria-hidden="true">
      <use href={`#icon-${name}`} />
    </svg>
  );
}
