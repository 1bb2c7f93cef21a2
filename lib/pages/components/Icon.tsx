import type { IconName } from "./icon_shapes.ts";

/** An icon, whose shape is in the `IconSheet` of `routes/_app.tsx`. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" aria-hidden="true">
      <use href={`#icon-${name}`} />
    </svg>
  );
}
