import type { ViewFacts } from "../model/view_facts.ts";
import { FACTS, TABLE_ROWS } from "../page_names.ts";
import { page } from "./page_signals.ts";

/** Reads the server's data about the view from the page; again once parts of it were replaced. */
export function readFacts(): void {
  const text = document.getElementById(TABLE_ROWS)?.getAttribute(FACTS);
  if (text) page.facts.value = JSON.parse(text) as ViewFacts;
}
