import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { page } from "../lib/chart/page_signals.ts";
import { timeText } from "../lib/chart/range_in_links.ts";
import { shownRangeOf } from "../lib/chart/shown_range.ts";
import { endOf, type Interval } from "../lib/core/interval.ts";
import type { EpochMs } from "../lib/core/time.ts";
import { toSnippets } from "../lib/openapi/snippets.ts";
import { CodeBlock } from "../lib/ui/CodeBlock.tsx";
import CopyButton from "./CopyButton.tsx";

export interface ApiSnippetsProps {
  /** Of this site, base path included. */
  readonly origin: string;
  readonly symbol: string;
  /** Of the page's candles, which open at `from` or later and before `to`. */
  readonly interval: Interval;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** Of all that there are, those of most use beside a chart. */
const TABS = ["curl", "pandas", "DuckDB", "Deno"] as const;
type Tab = typeof TABS[number];

/** The candles in view for other programs: one language at a time, all of them without script. */
export default function ApiSnippets(props: ApiSnippetsProps) {
  const chosen = useSignal<Tab | undefined>(undefined);
  useEffect(() => void (chosen.value = "curl"), []);
  const codes = codesOf({ ...props, ...inView(props) });
  const tab = chosen.value;
  if (tab === undefined) {
    return <>{TABS.map((name) => <CodeBlock key={name} title={name} code={codes[name]} />)}</>;
  }
  return (
    <>
      <div class="api-tabs" role="tablist" aria-label="Language">
        {TABS.map((name) => (
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
  readonly name: Tab;
  readonly isChosen: boolean;
  readonly onChoose: (name: Tab) => void;
}

function TabButton({ name, isChosen, onChoose }: TabButtonProps) {
  const onKeyDown = ({ key }: KeyboardEvent) => {
    const step = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const next = TABS.at((TABS.indexOf(name) + step) % TABS.length)!;
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

/** What of the page has changed since it was made. */
function inView({ interval, from, to }: ApiSnippetsProps) {
  const [running, view] = [page.running.value, page.view.value];
  if (!running || !view || page.range.value === undefined) return { interval, from, to };
  const range = shownRangeOf(running.chart);
  return {
    interval: view.interval,
    from: range.from ?? from,
    to: range.to ?? endOf(view.bars.at(-1)!.openTime, view.interval),
  };
}

function codesOf({ origin, symbol, interval, from, to }: ApiSnippetsProps): Record<Tab, string> {
  const range = { from: timeText(from), to: timeText(to) };
  const snippets = toSnippets({ origin, symbol, interval, ...range });
  const codeOf = (name: Tab) => snippets.find((snippet) => snippet.name === name)!.code;
  const json = `${origin}/export?symbol=${symbol}&interval=${interval}` +
    `&from=${range.from}&to=${range.to}&format=json`;
  return {
    curl: codeOf("curl"),
    pandas: codeOf("pandas"),
    DuckDB: codeOf("DuckDB"),
    Deno: [
      "const response = await fetch(",
      `  "${json}",`,
      ");",
      "if (!response.ok) throw new Error((await response.json()).error.message);",
      "const candles: Record<string, string>[] = await response.json();",
      "console.log(candles.length, candles.at(-1)?.close_price);",
    ].join("\n"),
  };
}
