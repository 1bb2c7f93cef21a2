import type { Kline } from "../core/kline.ts";

/** Upper bound for the difference between a close and the next open in one market. */
const MAX_JUMP = 2;

/** Tolerance for digits that a float loses. */
export const near = (a: string, b: string) =>
  Math.abs(Number(a) - Number(b)) <= 1e-9 * Math.abs(Number(b));

type Prices = Pick<Kline, "openPrice" | "closePrice">;

/** Different open and close prices: late trades change neither open nor most closes. */
export function isForeign(a: Prices, b: Prices): boolean {
  return !near(a.openPrice, b.openPrice) && !near(a.closePrice, b.closePrice);
}

/** True if the second price cannot directly follow the first. */
export const isJump = (a: number, b: number) => a > 0 && b > 0 && Math.max(a / b, b / a) > MAX_JUMP;
