import { ACTION, attribute, STARS } from "../../../chart/page_names.ts";
import { STAR_PATH, starHref } from "../../../core/favourites.ts";
import { pairName, type SymbolRow } from "./symbol_row.ts";

export interface StarButtonProps {
  readonly row: Pick<SymbolRow, "symbol" | "base" | "quote">;
  readonly isMarked: boolean;
  /** True for the button that the key presses. */
  readonly hasKey?: boolean;
}

/**
 * Marks a symbol as a favourite, or takes the mark away; it submits the form of `StarForm`. The
 * style sheet draws the star and finds it by its form, because pages have many.
 */
export function StarButton({ row, isMarked, hasKey = false }: StarButtonProps) {
  return (
    <button
      form={STARS}
      formaction={starHref(row.symbol, isMarked)}
      aria-label={`Favourite ${pairName(row)}`}
      aria-pressed={isMarked}
      {...attribute(ACTION, hasKey ? "favourite" : undefined)}
    />
  );
}

/** The form of all stars of a page. */
export function StarForm() {
  return <form id={STARS} method="post" action={`./${STAR_PATH}`} hidden />;
}
