import type { Context } from "fresh";
import { settlesWithin } from "../core/deadline.ts";
import { SECOND_MS } from "../core/time.ts";
import type { State } from "./define.ts";

/** An answer that takes longer makes wick look whether the database is there. */
const PATIENCE_MS = 3 * SECOND_MS;
/** How long the database has to answer that look. */
const LOOK_MS = 2 * SECOND_MS;

/**
 * Gives up on an answer that waits for a silent database: the driver alone would wait for a minute.
 * An answer that takes long while the database is there may take its time.
 *
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
