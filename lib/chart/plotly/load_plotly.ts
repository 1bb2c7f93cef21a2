import type { Plotly } from "./plotly.ts";

let loading: Promise<Plotly> | undefined;

/**
 * Plotly from `href`, once for the page; after a failure the next call tries again. Each call ends
 * in a separate task: running the script and drawing a plot are long tasks each.
 */
export async function loadPlotly(href: string): Promise<Plotly> {
  loading ??= inject(href).catch((error) => {
    loading = undefined;
    throw error;
  });
  const plotly = await loading;
  await new Promise((resolve) => setTimeout(resolve));
  return plotly;
}

/** With a script element: the bundle is not a module, and sets a global. */
function inject(href: string): Promise<Plotly> {
  const { promise, resolve, reject } = Promise.withResolvers<Plotly>();
  const script = document.createElement("script");
  const fail = () => {
    script.remove();
    reject(new Error("Cannot load the chart engine"));
  };
  script.src = href;
  script.async = true;
  script.onerror = fail;
  script.onload = () => {
    const { Plotly } = globalThis as { Plotly?: Plotly };
    if (Plotly) resolve(Plotly);
    else fail();
  };
  document.head.append(script);
  return promise;
}
