import { type Figure, isMet, printFigures } from "./figure.ts";
import { printError, printLine } from "../lib/log.ts";
import {
  CHROMIUM,
  CURL,
  describeMissing,
  installPrograms,
  mustRunAll,
  type Program,
} from "../lib/testing/programs.ts";
import { benchCollect } from "./collect.ts";
import { benchDeploy } from "./deploy.ts";
import { benchExport } from "./export.ts";
import { benchPages } from "./pages.ts";
import { benchChart } from "./chart.ts";
import { benchLayout } from "./layout.ts";
import { benchManySeries } from "./many_series.ts";
import { benchMarket } from "./market.ts";
import { benchStore } from "./store.ts";
import { benchWeb } from "./web.ts";
import { WRK } from "./load.ts";

// `deno task bench [NAME …] [--json]`: figures with their limits; medians of alternating runs. A
// bench without a required program is skipped; with CI=true that is a failure.
interface Bench {
  readonly run: () => Promise<Figure[]>;
  readonly needs?: readonly Program[];
  /** Takes long, and runs only when it is named. */
  readonly isLong?: boolean;
}

const BENCHES: Record<string, Bench> = {
  store: { run: benchStore },
  collect: { run: benchCollect },
  export: { run: benchExport },
  web: { run: benchWeb, needs: [CURL, WRK] },
  pages: { run: benchPages },
  series: { run: benchManySeries },
  deploy: { run: benchDeploy },
  chart: { run: benchChart, needs: [CHROMIUM] },
  layout: { run: benchLayout },
  market: { run: benchMarket, isLong: true },
};

const names = Deno.args.filter((arg) => !arg.startsWith("--"));
const figures: Figure[] = [];
const skipped: string[] = [];
for (const [name, { run, needs = [], isLong = false }] of Object.entries(BENCHES)) {
  if (names.length > 0 ? !names.includes(name) : isLong) continue;
  await installPrograms(needs);
  const reason = describeMissing(needs);
  if (reason === undefined) figures.push(...await run());
  else skipped.push(`skipped ${name}: ${reason}`);
}
if (Deno.args.includes("--json")) {
  printLine(JSON.stringify(figures.map((one) => ({ ...one, isMet: isMet(one) })), null, 2));
} else {
  printFigures(figures);
}
skipped.forEach(printError);
Deno.exit(skipped.length > 0 && mustRunAll() ? 1 : 0);
