import type { ComponentChildren } from "preact";

export interface CodeBlockProps {
  readonly title: string;
  readonly code: string;
  /** A button to copy it. */
  readonly children?: ComponentChildren;
}

/** A titled code block with its own horizontal scrolling. */
export function CodeBlock({ title, code, children }: CodeBlockProps) {
  return (
    <figure class="code-block">
      <figcaption>
        {title}
        {children}
      </figcaption>
      <pre class="code" tabindex={0} aria-label={`${title} example`}>{code}</pre>
    </figure>
  );
}
