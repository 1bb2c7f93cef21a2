import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ChartSnippetOptions } from "../lib/pages/charts/toolbar/chart_snippets.ts";
import { useOnDemand } from "../lib/pages/charts/toolbar/load_on_demand.ts";

export interface ApiSnippetsProps extends ChartSnippetOptions {
  /** The snippets of the server-rendered page, shown without script. */
  readonly children: ComponentChildren;
}

/** Code for the candles in view; its tabs follow the chart once their menu is open. */
export default function ApiSnippets({ children, ...options }: ApiSnippetsProps) {
  const end = useRef<HTMLElement>(null);
  const isOpen = useSignal(false);
  const tabs = useOnDemand(isOpen.value);
  useEffect(() => {
    const menu = end.current!.closest("details")!;
    const look = () => isOpen.value = menu.open;
    look();
    menu.addEventListener("toggle", look);
    return () => menu.removeEventListener("toggle", look);
  }, []);
  return tabs ? <tabs.ApiTabs {...options} /> : (
    <>
      {children}
      <span ref={end} hidden />
    </>
  );
}
