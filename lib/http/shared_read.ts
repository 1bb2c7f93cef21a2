import type { Services } from "./define.ts";

/** Data that many concurrent pages need: they share one read of the database. */
export async function sharedRead<T>(
  { answers }: Pick<Services, "answers">,
  name: string,
  read: () => Promise<T>,
): Promise<T> {
  const { value } = await answers.get(`read ${name}`, async () => ({ value: await read() }));
  return value;
}
