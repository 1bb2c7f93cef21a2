// @ts-types="@types/d3-hierarchy"
import { hierarchy, treemap } from "d3-hierarchy";

/** A rectangle in fractions of the picture's width and height. */
export interface TreemapCell {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Divides a picture into one rectangle per value, as square as possible; area is proportional to
 * value. `aspect` is width by height. Values that are not positive get an empty rectangle.
 */
export function toTreemap(values: readonly number[], aspect: number): TreemapCell[] {
  if (values.length === 0) return [];
  interface Node {
    readonly value: number;
    readonly children?: readonly Node[];
  }
  const nodes = values.map((value): Node => ({ value: Math.max(0, value) || 0 }));
  const root = hierarchy<Node>({ value: 0, children: nodes }, (node) => node.children as Node[])
    .sum(({ value }) => value);
  const { children = [] } = treemap<Node>().size([aspect, 1])(root);
  return children.map(({ x0, x1, y0, y1 }) => ({
    x: x0 / aspect,
    y: y0,
    width: (x1 - x0) / aspect,
    height: y1 - y0,
  }));
}

/** A text's size in CSS pixels, space around it included. */
export interface TextSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The smallest of `widths` (of the whole picture, in CSS pixels, ascending) at which a text fits
 * into its cell; `undefined` when it fits at none.
 */
export function fittingWidth(
  cell: TreemapCell,
  { width, height }: TextSize,
  { aspect, widths }: { readonly aspect: number; readonly widths: readonly number[] },
): number | undefined {
  return widths.find((all) => cell.width * all >= width && cell.height * all / aspect >= height);
}
