import { type Figure, isMet, printFigures } from "./figure.ts";
import { printLine } from "../lib/log.ts";
import { benchCollect } from "./collect.ts";
import { benchDeploy } from "./deploy.ts";
import { benchExport } from "./export.ts";
import { benchPages } from "./pages.ts";
import { benchChart } from "./chart.ts";
import { benchLayout } from "./layout.ts";
import { benchStore } from "./store.ts";
import { benchWeb } from "./web.ts";

// `deno task bench [NAME …] [--json]`: figures beside their limits; medians of runs in turn.
const BENCHES: Record<string, () => Promise<Figure[]>> = {
  store: benchStore,
  collect: benchCollect,
  export: benchExport,
  web: benchWeb,
  pages: benchPages,
  deploy: benchDeploy,
  chart: benchChart,
  layout: benchLayout,
};

const names = Deno.args.filter((arg) => !arg.startsWith("--"));
const figures: Figure[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (names.length === 0 || names.includes(name)) figures.push(...await bench());
}
if (Deno.args.includes("--json")) {
  printLine(JSON.stringify(figures.map((one) => ({ ...one, isMet: isMet(one) })), null, 2));
} else {
  printFigures(figures);
}
Deno.exit(0);
