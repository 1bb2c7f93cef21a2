import type { Services } from "./define.ts";

/**
 * Data that many concurrent pages need: they share one read of the database, which is kept for
 * `freshMs`, by default only for a moment.
 */
export async function sharedRead<T>(
  { answers }: Pick<Services, "answers">,
  name: string,
  read: () => Promise<T>,
  freshMs?: number,
): Promise<T> {
  const lifetime = freshMs === undefined ? {} : { freshMs };
  const { value } = await answers.get(
    `read ${name}`,
    async () => ({ value: await read() }),
    lifetime,
  );
  return value;
}
