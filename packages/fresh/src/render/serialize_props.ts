import { computed, Signal } from "@preact/signals";
import { DevalueError, stringify } from "devalue";
import { isElement, isSlot } from "./island_boundary.ts";
import type { IslandUse } from "./render_state.ts";

const COMPUTED = Object.getPrototypeOf(computed(() => null));

const reducers: Record<string, (value: unknown) => unknown> = {
  Computed: (value) => isComputed(value) && [value.peek()],
  Signal: (value) => value instanceof Signal && [value.peek()],
  Slot: (value) => isSlot(value) && [value.props.id],
  JSX: (value) => {
    if (isElement(value)) throw new TypeError("Cannot stringify JSX inside another value");
    return false;
  },
};

/** Writes the props of every island on a page as one text, so that shared objects stay shared. */
export function serializeProps(uses: IslandUse[]): string {
  try {
    return stringify(uses.map(({ props }) => props), reducers);
  } catch (error) {
    throw propError(uses) ?? error;
  }
}

/** A string literal that cannot end its `<script>` or open a comment in it. */
export function toScriptString(text: string): string {
  return JSON.stringify(text).replaceAll(/[<\u2028\u2029]/g, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function isComputed(value: unknown): value is Signal {
  return value instanceof Signal && Object.getPrototypeOf(value) === COMPUTED;
}

/** Finds the prop that cannot be serialised, for the error message. */
function propError(uses: IslandUse[]): TypeError | null {
  for (const { island, props } of uses) {
    for (const [name, value] of Object.entries(props)) {
      try {
        stringify(value, reducers);
      } catch (cause) {
        const path = cause instanceof DevalueError ? name + cause.path : name;
        const reason = cause instanceof Error ? cause.message : String(cause);
        return new TypeError(
          `Cannot pass prop "${path}" to island ${island.name}: ${reason}`,
          { cause },
        );
      }
    }
  }
  return null;
}
