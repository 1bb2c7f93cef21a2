import type { BackfillPlan } from "../core/history.ts";

const whole = (value: number) => Math.ceil(value).toLocaleString("en");

/** What is about to be spent, in one line; `isStored` when the candles go to the disk. */
export function planLine(plan: BackfillPlan, weightLimit: number, isStored = true): string {
  const minutes = plan.minutes < 1 ? "under a minute" : `about ${whole(plan.minutes)} min`;
  const disk = isStored ? `, up to ${whole(plan.megabytes)} MB on disk` : "";
  return `Plan: ${whole(plan.rows)} candles in ${whole(plan.requests)} requests, weight ` +
    `${whole(plan.weight)} at ${whole(weightLimit)} a minute: ${minutes}${disk}`;
}

/** The same for programs. */
export function toPlanJson({ rows, requests, weight, minutes, megabytes }: BackfillPlan) {
  return { rows, requests, weight, minutes, megabytes };
}
