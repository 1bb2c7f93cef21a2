/** A list under a field. */
export interface ComboboxState {
  readonly isOpen: boolean;
  /** The option that Enter takes; none while the reader has not come to one. */
  readonly active: number | undefined;
}

export const CLOSED: ComboboxState = { isOpen: false, active: undefined };

/** What a key asks for, beside a new state. */
export type ComboboxDeed = "take" | "clear";

export interface KeyAnswer {
  readonly state: ComboboxState;
  readonly deed?: ComboboxDeed;
}

/**
 * What a key does to a list of `count` options, as in the pattern of the ARIA Authoring Practices
 * for an editable combobox; `undefined` leaves it to the field.
 */
export function answerKey(
  { isOpen, active }: ComboboxState,
  { key, altKey }: Pick<KeyboardEvent, "key" | "altKey">,
  count: number,
): KeyAnswer | undefined {
  const at = (index: number): KeyAnswer => ({
    state: { isOpen: true, active: count === 0 ? undefined : (index + count) % count },
  });
  switch (key) {
    case "ArrowDown":
      if (altKey) return { state: { isOpen: true, active } };
      return at(isOpen && active !== undefined ? active + 1 : 0);
    case "ArrowUp":
      if (altKey) return { state: CLOSED };
      return at(isOpen && active !== undefined ? active - 1 : -1);
    case "Enter":
      return isOpen && active !== undefined ? { state: CLOSED, deed: "take" } : undefined;
    case "Escape":
      return isOpen ? { state: CLOSED } : { state: CLOSED, deed: "clear" };
  }
}
