import axe from "axe-core";
import type { Page } from "playwright-core";

/** What axe finds on the page that is serious or worse, a line each: impact, rule, element. */
export async function seriousProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(options: unknown): Promise<{ violations: Violation[] }> };
    };
    return (await axe.run({ resultTypes: ["violations"] })).violations;
  });
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ impact, id, nodes }) =>
      nodes.map(({ target, html }) => `${impact} ${id}: ${target.join(" ")} ${html.slice(0, 120)}`)
    );
}

interface Violation {
  readonly impact: string | null;
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[]; readonly html: string }[];
}
