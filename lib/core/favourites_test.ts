import assert from "node:assert/strict";
import { favouritesCookie, findFavourites, MAX_FAVOURITES, starHref } from "./favourites.ts";

const many = Array.from({ length: 500 }, (_, i) => `C${i}USDT`);

Deno.test("findFavourites() reads what favouritesCookie() writes, at most 50, in their order", () => {
  for (const marked of [["ETHUSDT"], ["ETHUSDT", "BTCUSDT", "1000SATSUSDT"], ["币安人生USDT"]]) {
    const [pair, ...attributes] = favouritesCookie(marked, "/wick").split("; ");
    assert.deepEqual(findFavourites(`wick-theme=dark; ${pair}; other=1`), marked);
    assert.deepEqual(findFavourites(pair!), marked);
    assert.deepEqual(attributes, ["Path=/wick", "Max-Age=31536000", "SameSite=Lax"]);
  }
  assert.match(favouritesCookie([], ""), /^wick-favourites=; Path=\/; Max-Age=0;/);
  assert.deepEqual(
    findFavourites(favouritesCookie(many.slice(0, 80), "")),
    many.slice(0, MAX_FAVOURITES),
  );
});

Deno.test("findFavourites() leaves out what is no symbol, whatever the cookie contains", () => {
  const cases: [string, string[]][] = [
    ["", []],
    ["wick-favourites=", []],
    ["wick-favourites=%", []],
    ["wick-favourites=%00~%FF", []],
    ["wick-favourites=<img src=x>~btcusdt~ETHUSDT~ETHUSDT~~A B", ["ETHUSDT"]],
    ["wick-favourites=__proto__~constructor~../..~.~BTCUSDT", [".", "BTCUSDT"]],
    ["not-wick-favourites=BTCUSDT", []],
    [`wick-favourites=${"A".repeat(41)}~BTCUSDT`, ["BTCUSDT"]],
    [`wick-favourites=${many.join("~")}`, []],
    [`wick-favourites=${"~".repeat(100_000)}`, []],
  ];
  for (const [cookies, expected] of cases) {
    assert.deepEqual(findFavourites(cookies), expected, cookies.slice(0, 60));
  }
  assert.deepEqual(findFavourites(null), []);
});

Deno.test("starHref() leads to the opposite of the star's state", () => {
  assert.equal(starHref("BTCUSDT", false), "star?add=BTCUSDT");
  assert.equal(starHref("币USDT", true), "star?remove=%E5%B8%81USDT");
});
