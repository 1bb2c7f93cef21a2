import { type ComponentChildren, Fragment } from "preact";

/** A text that changes in place; see `steadyText`. */
export function SteadyText({ text }: { readonly text: string }) {
  return <>{steadyText(text)}</>;
}

/**
 * A text that changes in place. One of another length is a new node: the same one, at the right of
 * its place, would count as moved. On the server nothing changes, so there it is the text.
 */
export function steadyText(text: string): ComponentChildren {
  return IS_BROWSER ? <Fragment key={text.length}>{text}</Fragment> : text;
}

const IS_BROWSER = typeof document !== "undefined";
