import { render } from "preact";
import KlineChart, { type KlineChartProps } from "../../islands/KlineChart.tsx";

// Runs in the browser: mounts and unmounts the chart as a page that comes and goes would.

async function mountMany(props: KlineChartProps, times: number): Promise<number> {
  const figure = document.createElement("figure");
  const plot = document.createElement("div");
  plot.className = "plot";
  figure.append(plot);
  document.body.append(figure);
  let drawn = 0;
  for (let i = 0; i < times; i++) {
    render(<KlineChart {...props} />, plot);
    figure.dispatchEvent(new Event("pointerdown"));
    // Every third one goes before it is there.
    if (i % 3 < 2) drawn += await untilReady(plot) ? 1 : 0;
    render(null, plot);
  }
  figure.remove();
  return drawn;
}

async function untilReady(plot: Element): Promise<boolean> {
  for (let i = 0; i < 6_000; i++) {
    if (plot.querySelector("[data-ready] .boxlayer path.box")) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}

Object.assign(globalThis, { mountMany });
