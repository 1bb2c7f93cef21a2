import { useSignal } from "@preact/signals";
import { page } from "../../../chart/session/page_signals.ts";
import { shownRangeOf } from "../../../chart/session/shown_range.ts";
import { endOf } from "../../../core/interval.ts";
import {
  CHART_SNIPPETS,
  type ChartSnippet,
  type ChartSnippetOptions,
  toChartSnippets,
} from "./chart_snippets.ts";
import { CodeBlock } from "../../components/CodeBlock.tsx";
import { CopyButton } from "../../components/CopyButton.tsx";

/** Code for the candles in view, updated with the view: one language at a time. */
export function ApiTabs(props: ChartSnippetOptions) {
  const chosen = useSignal<ChartSnippet>("curl");
  const codes = toChartSnippets(inView(props));
  const tab = chosen.value;
  return (
    <>
      <div class="api-tabs" role="tablist" aria-label="Language">
        {CHART_SNIPPETS.map((name) => (
          <TabButton
            key={name}
            name={name}
            isChosen={name === tab}
            onChoose={(one) => chosen.value = one}
          />
        ))}
      </div>
      <div role="tabpanel" id="api-panel" aria-labelledby={`api-tab-${tab}`}>
        <CodeBlock title={tab} code={codes[tab]}>
          <CopyButton key={tab} text={codes[tab]} what={`the ${tab} example`} />
        </CodeBlock>
      </div>
    </>
  );
}

interface TabButtonProps {
  readonly name: ChartSnippet;
  readonly isChosen: boolean;
  readonly onChoose: (name: ChartSnippet) => void;
}

function TabButton({ name, isChosen, onChoose }: TabButtonProps) {
  const onKeyDown = ({ key }: KeyboardEvent) => {
    const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const next = CHART_SNIPPETS.at((CHART_SNIPPETS.indexOf(name) + step) % CHART_SNIPPETS.length)!;
    onChoose(next);
    document.getElementById(`api-tab-${next}`)?.focus();
  };
  return (
    <button
      type="button"
      role="tab"
      id={`api-tab-${name}`}
      aria-controls="api-panel"
      aria-selected={isChosen}
      tabIndex={isChosen ? 0 : -1}
      onClick={() => onChoose(name)}
      onKeyDown={onKeyDown}
    >
      {name}
    </button>
  );
}

/** Merged with later changes of the page. */
function inView(made: ChartSnippetOptions): ChartSnippetOptions {
  const [running, view] = [page.running.value, page.view.value];
  if (!running || !view || page.range.value === undefined) return made;
  const { from = made.from, to } = shownRangeOf(running.chart);
  const { bars, interval } = view;
  return { ...made, interval, from, to: to ?? endOf(bars.at(-1)!.openTime, interval) };
}
