import { BODY, SLOT } from "../../../chart/model/chart_window.ts";
import { hundredth } from "../../../chart/svg/path_text.ts";

export interface BodiesProps {
  readonly id: string;
  readonly kind: "up" | "down";
  readonly path: string;
}

/**
 * A body as a thick line takes half the characters of a rectangle; thin lines close its outline at
 * the sides. The same line again, a px shorter at each end, fills a rising one.
 */
export function Bodies({ id, kind, path }: BodiesProps) {
  const href = `#${id}`;
  const edge = hundredth(BODY / SLOT / 2);
  return (
    <g class={`body-${kind}`}>
      <path id={id} class="lines" d={path} />
      {kind === "up" && <use href={href} class="filling" y="-1" />}
      <use href={href} class="edge" x={-edge} />
      <use href={href} class="edge" x={edge} />
    </g>
  );
}
