import type { ComponentChildren } from "preact";
import { numberText } from "../../../core/number_text.ts";
import { Icon } from "../../components/Icon.tsx";
import type { IconName } from "../../components/icon_shapes.ts";
import { type Move, MOVES } from "./move_links.ts";

const MOVE: Record<Move, { icon?: IconName; label: string }> = {
  earlier: { icon: "earlier", label: "Earlier" },
  out: { icon: "minus", label: "Zoom out" },
  in: { icon: "plus", label: "Zoom in" },
  later: { icon: "later", label: "Later" },
  reset: { label: "Reset" },
};

export interface ChartActionsProps {
  /** Addresses of the moves that lead somewhere. */
  readonly moves: Partial<Record<Move, string>>;
  readonly visibleCsv: { readonly href: string; readonly rows: number };
  readonly wholeCsv: { readonly href: string; readonly rows: number };
  /** Beside the moves: what changes how the chart is handled. */
  readonly tools?: ComponentChildren;
  /** More ways to the data. */
  readonly children?: ComponentChildren;
}

/** Moves as links, which a running chart takes over, and downloads. */
export function ChartActions(props: ChartActionsProps) {
  const { moves, visibleCsv, wholeCsv, tools, children } = props;
  return (
    <div class="actions">
      <div class="moves" role="group" aria-label="Move through time">
        {MOVES.map((move) => <MoveLink key={move} move={move} href={moves[move]} />)}
      </div>
      {tools}
      <div class="downloads">
        <CsvLink {...visibleCsv} name="CSV" title="Candles in view" action="csv" />
        <CsvLink {...wholeCsv} name="Full CSV" title="Every candle stored" action="csv-all" />
        {children}
      </div>
    </div>
  );
}

function MoveLink({ move, href }: { readonly move: Move; readonly href: string | undefined }) {
  const { icon, label } = MOVE[move];
  return (
    <a
      class={`button ${icon ? "button-square" : ""}`}
      href={href}
      data-move={move}
      title={icon && label}
      role={href === undefined ? "link" : undefined}
      aria-disabled={href === undefined ? "true" : undefined}
      aria-label={icon && label}
    >
      {icon ? <Icon name={icon} /> : label}
    </a>
  );
}

interface CsvLinkProps {
  readonly href: string;
  readonly rows: number;
  readonly name: string;
  readonly title: string;
  /** Names it for shortcuts, and for what keeps it at what is in view. */
  readonly action: string;
}

function CsvLink({ href, rows, name, title, action }: CsvLinkProps) {
  return (
    <a class="button" href={href} title={title} data-key={action} download>
      <Icon name="download" />
      {name}
      <small>{numberText(rows, 0)} {rows === 1 ? "row" : "rows"}</small>
    </a>
  );
}
