import { type KlineRowText, openTimeOfRow } from "../core/kline_row_text.ts";

// The text/event-stream format: html.spec.whatwg.org, section "Server-sent events".

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A comment, which readers skip: keeps proxies and hosts from closing a quiet stream. */
export const HEARTBEAT = encode(": \n\n");

/** How long a browser waits before it connects again, in ms. */
export const RETRY = encode("retry: 2000\n\n");

/** The id is what a reader sends as `Last-Event-ID` when it comes back. */
export function closeEvent(rows: readonly KlineRowText[]): Uint8Array {
  return encode(
    rows.map((row) => `event: close\nid: ${openTimeOfRow(row)}\ndata: ${row}\n\n`).join(""),
  );
}

export function tickEvent(rows: readonly KlineRowText[]): Uint8Array {
  return encode(rows.map((row) => `event: tick\ndata: ${row}\n\n`).join(""));
}
