import type { Signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";

interface CounterProps {
  id: string;
  count: Signal<number>;
}

/** Says with its class when it runs in the browser, and adds one at a click. */
export default function Counter({ id, count }: CounterProps) {
  const [isReady, setReady] = useState(false);
  useEffect(() => setReady(true), []);
  return (
    <div id={id} class={isReady ? "ready" : "waiting"}>
      <output>{count}</output>
      <button type="button" onClick={() => count.value++}>+1</button>
    </div>
  );
}
