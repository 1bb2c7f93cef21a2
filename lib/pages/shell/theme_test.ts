import assert from "node:assert/strict";
import { findTheme, themeAttribute } from "./theme.ts";

Deno.test("findTheme() reads the cookie among others and nothing else", () => {
  assert.equal(findTheme("a=b; wick-theme=dark; c=d"), "dark");
  assert.equal(findTheme("wick-theme=auto"), "auto");
  for (const cookies of [null, "", "wick-theme=pink", "not-wick-theme=dark", 'wick-theme="']) {
    assert.equal(findTheme(cookies), undefined);
  }
});

Deno.test("themeAttribute() leaves the choice to the system unless the user made one", () => {
  assert.deepEqual([undefined, "auto", "light"].map((theme) => themeAttribute(theme as "auto")), [
    undefined,
    undefined,
    "light",
  ]);
});
