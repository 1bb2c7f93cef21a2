/** Style of a line, from the stylesheet. */
interface LineStyle {
  readonly color: string;
  readonly width: number;
  /** `solid`, or lengths in px: `5px,3px`. */
  readonly dash: string;
  readonly opacity: number;
}

/** Reads the style of a line with class `names` in an SVG of class `picture`, inside `parent`. */
export function readPathStyle(parent: HTMLElement, picture: string, names: string): LineStyle {
  const probe = document.createElementNS("http://www.w3.org/2000/svg", "path");
  probe.setAttribute("class", names);
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `${picture} unseen`);
  svg.append(probe);
  parent.append(svg);
  const { stroke, strokeWidth, strokeDasharray, opacity } = getComputedStyle(probe);
  const style = {
    color: stroke,
    width: Number.parseFloat(strokeWidth) || 1,
    dash: strokeDasharray === "none" ? "solid" : strokeDasharray.replaceAll(" ", ""),
    opacity: Number(opacity),
  };
  svg.remove();
  return style;
}
