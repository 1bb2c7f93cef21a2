import { ICON_SHAPES } from "../components/icon_shapes.ts";

/** Every icon's drawing, once for the page and not at all among what the browser runs. */
export function IconSheet() {
  return (
    <svg class="icon-sheet">
      {Object.entries(ICON_SHAPES).map(([name, shape]) => (
        <symbol key={name} id={`icon-${name}`} viewBox="0 0 16 16">
          <path d={shape} />
        </symbol>
      ))}
    </svg>
  );
}
