import { render } from "preact";
import KlineChart from "../../../islands/KlineChart.tsx";
import type { KlineChartProps } from "../../pages/charts/use_kline_session.ts";

// Runs in the browser: creates, changes and removes charts, as on a long-lived page.

/** Mounts and unmounts a chart; returns how often it was drawn. */
async function mountMany(props: KlineChartProps, times: number): Promise<number> {
  const plot = addPlot();
  let drawn = 0;
  for (let i = 0; i < times; i++) {
    show(props, plot);
    // Every third one is removed before it is drawn.
    if (i % 3 < 2) drawn += await untilReady(plot) ? 1 : 0;
    render(null, plot);
  }
  plot.parentElement!.remove();
  return drawn;
}

/** Shows one series after another in the same place; returns the number of candles of each. */
async function switchMany(all: readonly KlineChartProps[], times: number): Promise<number[]> {
  const plot = addPlot();
  const counts: number[] = [];
  for (let i = 0; i < times; i++) {
    show(all[i % all.length]!, plot);
    await untilBusy(plot);
    await untilReady(plot);
    counts.push(plot.querySelectorAll(".boxlayer path.box").length);
  }
  render(null, plot);
  plot.parentElement!.remove();
  return counts;
}

function addPlot(): HTMLElement {
  const figure = document.createElement("figure");
  const plot = document.createElement("div");
  plot.className = "plot";
  figure.append(plot);
  document.body.append(figure);
  return plot;
}

function show(props: KlineChartProps, plot: HTMLElement): void {
  render(<KlineChart {...props} />, plot);
}

/** The last plot has been removed. */
async function untilBusy(plot: Element): Promise<void> {
  while (plot.querySelector("[data-ready]")) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function untilReady(plot: Element): Promise<boolean> {
  for (let i = 0; i < 6_000; i++) {
    if (plot.querySelector("[data-ready] .boxlayer path.box")) return true;
    plot.parentElement!.dispatchEvent(new Event("pointerdown")); // the user's attention
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}

Object.assign(globalThis, { mountMany, switchMany });
