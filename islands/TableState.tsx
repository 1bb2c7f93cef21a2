import { page } from "../lib/chart/session/page_signals.ts";

/** Labels a table of an earlier view, while the server does not answer for this one. */
export default function TableState() {
  const text = page.isBehind.value ? "of an earlier view: the server does not answer" : "";
  return <p class="table-state" role="status">{text}</p>;
}
