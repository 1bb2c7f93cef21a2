import { page } from "../lib/chart/session/page_signals.ts";

/** Whether the table is of an earlier view, because the server does not answer for this one. */
export default function TableState() {
  const text = page.isBehind.value ? "of an earlier view: the server does not answer" : "";
  return <p class="table-state" role="status">{text}</p>;
}
