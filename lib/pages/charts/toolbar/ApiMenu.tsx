import type { ComponentChildren } from "preact";
import { API_ROWS, livePart } from "../../../chart/page_names.ts";
import { numberText } from "../../../core/text/number_text.ts";
import { Menu } from "../../components/Menu.tsx";

export interface ApiMenuProps {
  readonly rows: number;
  /** Tabs with one code block each. */
  readonly children: ComponentChildren;
}

/** Code for the candles in view. */
export function ApiMenu({ rows, children }: ApiMenuProps) {
  return (
    <Menu label="API" icon="code" class="menu-up menu-end menu-api">
      <p class="menu-title" {...livePart(API_ROWS)}>
        Code for these {numberText(rows, 0)} candles
      </p>
      {children}
    </Menu>
  );
}
