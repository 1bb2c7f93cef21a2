import type { ComponentChildren } from "preact";
import { API_ROWS, livePart } from "../../../chart/page_names.ts";
import { numberText } from "../../../core/number_text.ts";
import { Menu } from "../../components/Menu.tsx";

export interface ApiMenuProps {
  readonly rows: number;
  /** Ways to get them, one block of code each. */
  readonly children: ComponentChildren;
}

/** The candles in view, for programs. */
export function ApiMenu({ rows, children }: ApiMenuProps) {
  return (
    <Menu label="API" icon="code" class="menu-up menu-end menu-api">
      <p class="menu-title" {...livePart(API_ROWS)}>
        These {numberText(rows, 0)} candles, for programs
      </p>
      {children}
    </Menu>
  );
}
