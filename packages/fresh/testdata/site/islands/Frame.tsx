import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { label } from "../lib/label.ts";

interface FrameProps {
  isOpen: boolean;
  title: ComponentChildren;
  children?: ComponentChildren;
}

/** Shows its children once it is open. */
export function Frame({ isOpen, title, children }: FrameProps) {
  const open = useSignal(isOpen);
  return (
    <section>
      <h2>{title}</h2>
      <button type="button" onClick={() => open.value = !open.value}>{label(open.value)}</button>
      {open.value ? <div class="content">{children}</div> : null}
    </section>
  );
}

/** A second island of the same module, which renders another island. */
export function Outer() {
  return (
    <div class="outer">
      <Frame isOpen title="inner">
        <i>own child</i>
      </Frame>
    </div>
  );
}
