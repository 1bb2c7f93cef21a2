/** State of a list under a field. */
export interface ComboboxState {
  readonly isOpen: boolean;
  /** The option that Enter selects; none until the user moves to one. */
  readonly active: number | undefined;
}

export const CLOSED: ComboboxState = { isOpen: false, active: undefined };

/** Action of a key, besides a new state. */
export type ComboboxDeed = "take" | "clear";

export interface KeyAnswer {
  readonly state: ComboboxState;
  readonly deed?: ComboboxDeed;
}

/**
 * Result of a key press in a list of `count` options, according to the ARIA Authoring Practices for
 * an editable combobox; `undefined` leaves the key to the field.
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
