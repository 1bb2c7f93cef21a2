import type { Kline } from "../core/kline.ts";

/** Adjacent candles of one market: the close of one and the open of the next differ by less. */
const MAX_JUMP = 2;

/** Equal but for digits that a float loses. */
export const near = (a: string, b: string) =>
  Math.abs(Number(a) - Number(b)) <= 1e-9 * Math.abs(Number(b));

/** Other prices at both ends: late trades change neither open nor most closes. */
export function isForeign(a: Kline, b: Kline): boolean {
  return !near(a.openPrice, b.openPrice) && !near(a.closePrice, b.closePrice);
}

/** Whether the second price cannot follow on the first without anything in between. */
export const isJump = (a: number, b: number) => a > 0 && b > 0 && Math.max(a / b, b / a) > MAX_JUMP;
