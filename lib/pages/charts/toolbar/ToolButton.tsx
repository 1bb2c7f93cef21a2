import type { TargetedMouseEvent } from "preact";
import { ACTION, attribute } from "../../../chart/page_names.ts";
import { Icon } from "../../components/Icon.tsx";
import type { IconName } from "../../components/icon_shapes.ts";

export interface ToolButtonProps {
  readonly icon: IconName;
  readonly name: string;
  /** Identifies the button for shortcuts and styles. */
  readonly action: string;
  /** Set for toggle buttons. */
  readonly isPressed?: boolean;
  readonly isOff?: boolean;
  readonly onClick: (event: TargetedMouseEvent<HTMLButtonElement>) => void;
}

/** A button that acts on the page. */
export function ToolButton({ icon, name, action, isPressed, isOff, onClick }: ToolButtonProps) {
  return (
    <button
      type="button"
      class="button"
      {...attribute(ACTION, action)}
      aria-pressed={isPressed}
      aria-disabled={isOff ? "true" : undefined}
      onClick={(event) => isOff || onClick(event)}
    >
      <Icon name={icon} />
      {name}
    </button>
  );
}
