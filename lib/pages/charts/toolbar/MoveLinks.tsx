import { attribute, MOVE } from "../../../chart/page_names.ts";
import { type Move, MOVES } from "../../../chart/model/moved_window.ts";
import type { MoveHrefs } from "../../../chart/model/view_facts.ts";
import { Icon } from "../../components/Icon.tsx";
import type { IconName } from "../../components/icon_shapes.ts";

const FACE: Record<Move, { icon?: IconName; label: string }> = {
  earlier: { icon: "earlier", label: "Earlier" },
  out: { icon: "minus", label: "Zoom out" },
  in: { icon: "plus", label: "Zoom in" },
  later: { icon: "later", label: "Later" },
  reset: { label: "Reset" },
};

export interface MoveLinksProps {
  readonly hrefs: MoveHrefs;
  readonly isUseful: (move: Move) => boolean;
  readonly onMove: (move: Move, event: MouseEvent) => void;
}

/** Moves through time as links. */
export function MoveLinks({ hrefs, isUseful, onMove }: MoveLinksProps) {
  return (
    <div class="moves" role="group" aria-label="Move through time">
      {MOVES.map((move) => {
        const { icon, label } = FACE[move];
        const href = hrefs[move];
        return (
          <a
            key={move}
            class={`button ${icon ? "button-square" : ""}`}
            href={href}
            {...attribute(MOVE, move)}
            title={icon && label}
            role={href === undefined ? "link" : undefined}
            aria-disabled={isUseful(move) ? undefined : "true"}
            aria-label={icon && label}
            onClick={(event) => onMove(move, event)}
          >
            {icon ? <Icon name={icon} /> : label}
          </a>
        );
      })}
    </div>
  );
}
