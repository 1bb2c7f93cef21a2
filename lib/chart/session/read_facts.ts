import type { ViewFacts } from "../model/view_facts.ts";
import { FACTS, TABLE_ROWS } from "../page_names.ts";
import { page } from "./page_signals.ts";

/** Takes from the page what its server says of the view; again once parts of it were replaced. */
export function readFacts(): void {
  const text = document.getElementById(TABLE_ROWS)?.getAttribute(FACTS);
  if (text) page.facts.value = JSON.parse(text) as ViewFacts;
}
