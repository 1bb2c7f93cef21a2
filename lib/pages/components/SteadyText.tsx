import { Fragment } from "preact";

/**
 * A text that changes in place. One of another length is a new node: the same one, at the right of
 * its place, would count as moved.
 */
export function SteadyText({ text }: { readonly text: string }) {
  return <Fragment key={text.length}>{text}</Fragment>;
}
