import { attribute, COIN } from "../../chart/page_names.ts";
import { fittingWidth, toTreemap, type TreemapCell } from "../../chart/svg/treemap.ts";
import { deltaText, moneyText, shareText } from "../../core/text/number_text.ts";
import type { CapSlice, CapView } from "../components/cap_view.ts";

/** Upper bounds of the change, as fractions, and the colour below each. */
const HEAT = [
  [-0.05, "heat-down-3", "below −5%"],
  [-0.02, "heat-down-2", "−5 to −2%"],
  [-0.005, "heat-down-1", "−2 to −0.5%"],
  [0.005, "heat-even", "±0.5%"],
  [0.02, "heat-up-1", "+0.5 to +2%"],
  [0.05, "heat-up-2", "+2 to +5%"],
  [Infinity, "heat-up-3", "above +5%"],
] as const;

const UNKNOWN = "heat-unknown";

/** The class of a cell's colour. */
export function heatOf(change: number | null | undefined): string {
  if (change === null || change === undefined) return UNKNOWN;
  return HEAT.find(([bound]) => change < bound)?.[1] ?? UNKNOWN;
}

/**
 * One picture for wide and one for narrow cards; the style sheet shows the one that fits, and the
 * labels that fit at its width (`from-…`).
 */
const PICTURES = [
  { name: "wide", aspect: 2.4, widths: [560, 640, 720, 840, 960, 1120, 1280] },
  { name: "tall", aspect: 0.9, widths: [260, 300, 330, 380, 440, 500] },
] as const;

/** Cells of the largest coins; the others share one. */
const MAX_CELLS = 60;

interface Cell {
  readonly id: string;
  readonly ticker: string;
  readonly value: number;
  /** `$1.330T` */
  readonly money: string;
  readonly change: number | null | undefined;
  readonly href: string | undefined;
  /** The cell in words. */
  readonly label: string;
}

export interface ShareTreemapProps {
  readonly view: CapView;
  readonly pointed: CapSlice | undefined;
}

/** Rectangles of the size of each market cap, in the colour of its change over 24 hours. */
export function ShareTreemap({ view, pointed }: ShareTreemapProps) {
  const cells = toCells(view);
  return (
    <div class="treemap">
      <a class="skip" href="#coins-title">Skip to the table</a>
      {PICTURES.map((picture) => (
        <Picture key={picture.name} picture={picture} cells={cells} pointed={pointed?.id} />
      ))}
      <p class="treemap-readout">
        {pointed === undefined
          ? `Total ${
            moneyText(view.total, view.quote)
          }; area: market cap, colour and sign: change in 24 h`
          : labelOf(pointed, view.quote)}
      </p>
      <ul class="heat-legend" aria-label="Colours of the change in 24 hours">
        {HEAT.map(([, heat, words]) => <LegendItem key={heat} heat={heat} words={words} />)}
        <LegendItem heat={UNKNOWN} words="unknown" />
      </ul>
    </div>
  );
}

function LegendItem({ heat, words }: { readonly heat: string; readonly words: string }) {
  return (
    <li>
      <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
        <rect class={heat} x=".5" y=".5" width="9" height="9" rx="2" />
      </svg>
      {words}
    </li>
  );
}

interface PictureProps {
  readonly picture: typeof PICTURES[number];
  readonly cells: readonly Cell[];
  readonly pointed: string | undefined;
}

function Picture({ picture, cells, pointed }: PictureProps) {
  const places = toTreemap(cells.map(({ value }) => value), picture.aspect);
  return (
    <svg class={`treemap-${picture.name}`} role="group" aria-label="Treemap of the market caps">
      {cells.map((cell, i) => {
        const { id, href, label } = cell;
        const box = <CellBox cell={cell} place={places[i]!} picture={picture} />;
        const mark = id === pointed ? "is-pointed" : undefined;
        return href === undefined
          ? <g key={id} class={mark} role="img" aria-label={label}>{box}</g>
          : (
            <a key={id} class={mark} href={href} aria-label={label} {...attribute(COIN, id)}>
              {box}
            </a>
          );
      })}
    </svg>
  );
}

interface CellBoxProps {
  readonly cell: Cell;
  readonly place: TreemapCell;
  readonly picture: typeof PICTURES[number];
}

function CellBox({ cell, place, picture }: CellBoxProps) {
  const percent = (value: number) => `${(value * 100).toFixed(3)}%`;
  return (
    <svg
      x={percent(place.x)}
      y={percent(place.y)}
      width={percent(place.width)}
      height={percent(place.height)}
    >
      {/* With a key, because Fresh would take a title without one for the page's title. */}
      <title key={`cell-${cell.id}`}>{cell.label}</title>
      <rect class={heatOf(cell.change)} width="100%" height="100%" />
      {toLines(cell, place, picture).map((line) => (
        <text
          key={line.text}
          class={shownClass(line, picture.widths[0])}
          x={PAD_X}
          y={PAD_Y + (line.row + 0.75) * LINE}
        >
          {`${line.text} `}
        </text>
      ))}
    </svg>
  );
}

/** Estimated sizes in CSS pixels: of a letter and of a line, and the space around them. */
const LETTER = 7.5;
const LINE = 16;
const PAD_X = 6;
const PAD_Y = 4;

interface Line {
  readonly text: string;
  readonly row: number;
  /** Width of the picture from which on it is shown. */
  readonly from: number;
  /** Width from which on it is not. */
  readonly to?: number;
}

/** The lines that fit, each from the width on at which it and those above it do. */
function toLines(cell: Cell, place: TreemapCell, picture: typeof PICTURES[number]): Line[] {
  const fit = (text: string, row: number) => {
    const size = { width: 2 * PAD_X + text.length * LETTER, height: 2 * PAD_Y + (row + 1) * LINE };
    return fittingWidth(place, size, picture);
  };
  const lines: Line[] = [];
  let from = 0;
  for (const [row, text] of linesOf(cell).entries()) {
    from = Math.max(from, fit(text, row) ?? Infinity);
    if (from === Infinity) break;
    lines.push({ text, row, from });
  }
  const arrow = arrowOf(cell.change);
  const arrowFrom = fit(arrow, 0);
  const to = lines[0]?.from ?? Infinity;
  if (arrow === "" || arrowFrom === undefined || arrowFrom >= to) return lines;
  return [...lines, { text: arrow, row: 0, from: arrowFrom, to }];
}

/** Classes of the widths at which a line is shown; none at the smallest width. */
function shownClass({ from, to = Infinity }: Line, smallest: number): string | undefined {
  const classes = [
    ...from === smallest ? [] : [`from-${from}`],
    ...to === Infinity ? [] : [`to-${to}`],
  ];
  return classes.join(" ") || undefined;
}

/** The arrow and the sign carry the direction of the change, too. */
function linesOf({ ticker, change, money, href }: Cell): string[] {
  if (href === undefined) return [ticker];
  return [`${ticker} ${arrowOf(change)}`.trim(), wordsOf(change), money];
}

function arrowOf(change: number | null | undefined): string {
  if (change === null || change === undefined) return "";
  return change < 0 ? "▼" : "▲";
}

function toCells({ slices, total, quote }: CapView): Cell[] {
  const single = slices.length <= MAX_CELLS ? slices : slices.slice(0, MAX_CELLS - 1);
  const others = slices.slice(single.length);
  const cells = single.map((slice): Cell => ({
    id: slice.id,
    ticker: slice.ticker,
    value: slice.row.market_cap,
    money: moneyText(slice.row.market_cap, quote),
    change: slice.row.change_24h,
    href: slice.href,
    label: labelOf(slice, quote),
  }));
  if (others.length === 0) return cells;
  const value = others.reduce((sum, { row }) => sum + row.market_cap, 0);
  const words = `${others.length} others`;
  return [...cells, {
    id: "others",
    ticker: words,
    value,
    money: moneyText(value, quote),
    change: undefined,
    href: undefined,
    label: `${words}, ${moneyText(value, quote)}, ${shareText(value / total)}`,
  }];
}

/** Begins with the visible text, so that speech input finds the link. */
function labelOf({ ticker, share, row }: CapSlice, quote: string): string {
  const { market_cap: cap, change_24h: change } = row;
  return `${ticker} ${wordsOf(change)} ${moneyText(cap, quote)}: change in 24 h and market cap, ` +
    `${shareText(share)} of the total`;
}

function wordsOf(change: number | null | undefined): string {
  return change === null || change === undefined ? "24 h –" : deltaText(change);
}
