import assert from "node:assert/strict";
import { findOverlay, inOrder, overlayLabel, overlayName } from "./overlay.ts";

Deno.test("findOverlay() parses the names that overlayName() writes, and nothing else", () => {
  for (const name of ["sma20", "ema200", "bb2", "rsi14", "vwap"]) {
    assert.equal(overlayName(findOverlay(name)!), name);
  }
  for (const name of ["", "sma", "sma0", "sma1", "sma201", "sma020", "vwap20", "macd12", "SMA20"]) {
    assert.equal(findOverlay(name), undefined, name);
  }
  assert.equal(overlayLabel(findOverlay("bb20")!), "Bollinger 20");
});

Deno.test("inOrder() sorts equal sets equally, each overlay once", () => {
  const names = (text: string) =>
    inOrder(text.split(",").map((name) => findOverlay(name)!)).map(overlayName).join();
  assert.equal(names("rsi14,vwap,ema50,sma100,sma20,ema50"), "sma20,sma100,ema50,vwap,rsi14");
});
