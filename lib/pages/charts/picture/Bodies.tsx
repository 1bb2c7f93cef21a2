import { BODY, SLOT } from "../../../chart/model/chart_window.ts";
import type { MarkPath } from "../../../chart/svg/candle_paths.ts";
import { hundredth } from "../../../chart/svg/path_text.ts";

export interface BodiesProps extends MarkPath {
  readonly id: string;
}

/**
 * A body as a thick line takes half the characters of a rectangle; thin lines close its outline at
 * the sides. The same line again, a px shorter at each end, fills a hollow one.
 */
export function Bodies({ id, kind, side, path }: BodiesProps) {
  const href = `#${id}`;
  const edge = hundredth(BODY / SLOT / 2);
  return (
    <g class={`body-${side}`}>
      <path id={id} class="lines" d={path} />
      {kind === "hollow" && <use href={href} class="filling" y="-1" />}
      <use href={href} class="edge" x={-edge} />
      <use href={href} class="edge" x={edge} />
    </g>
  );
}
