import type { Context } from "fresh";
import { settlesWithin } from "../core/deadline.ts";
import { SECOND_MS } from "../core/time.ts";
import type { State } from "./define.ts";

/** Time after which a pending response triggers a check of the database. */
const PATIENCE_MS = 3 * SECOND_MS;
/** Timeout of that check. */
const LOOK_MS = 2 * SECOND_MS;

/**
 * Fails a response that waits for an unresponsive database, for which the driver alone would wait a
 * minute. Slow responses continue if the database is available.
 * @throws `store_unavailable` with the reason
 */
export async function answerInTime(ctx: Context<State>): Promise<Response> {
  const answer = ctx.next();
  if (await settlesWithin(answer, PATIENCE_MS)) return await answer;
  const looked = ctx.state.services.pingDatabase(LOOK_MS).then(() => answer);
  try {
    return await Promise.race([answer, looked]);
  } catch (error) {
    answer.then((late) => late.body?.cancel()).catch(() => {});
    throw error;
  }
}
