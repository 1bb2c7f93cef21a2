import type { ComponentChildren } from "preact";

/**
 * Text in which words between backticks are code. Returns an array: inside a fragment, precompiled
 * JSX would escape its strings twice.
 */
export function WithCode({ text }: { readonly text: string }): ComponentChildren {
  return text.split("`").map((part, i) => i % 2 === 1 ? <code key={i}>{part}</code> : part);
}
