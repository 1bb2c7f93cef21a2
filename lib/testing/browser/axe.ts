import axe from "axe-core";
import type { Page } from "playwright-core";

export interface AxeScope {
  /** The only part of the page that is checked: a selector. */
  readonly within?: string;
  /** Checks contrast alone: enough for a page in other colours, if its elements were checked. */
  readonly colorsOnly?: boolean;
}

/** Serious problems and worse that axe finds on the page, a line each: impact, rule, element. */
export async function seriousProblems(page: Page, scope: AxeScope = {}): Promise<string[]> {
  const isLoaded = await page.evaluate(() => "axe" in globalThis);
  if (!isLoaded) await page.evaluate(axe.source);
  const violations = await page.evaluate(async ({ within, colorsOnly }) => {
    const { axe } = globalThis as unknown as {
      axe: { run(context: unknown, options: unknown): Promise<{ violations: Violation[] }> };
    };
    const rules = colorsOnly ? { runOnly: ["color-contrast", "link-in-text-block"] } : {};
    return (await axe.run(within ?? document, { resultTypes: ["violations"], ...rules }))
      .violations;
  }, scope);
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
