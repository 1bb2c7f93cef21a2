import type { Services } from "./define.ts";

/** What many pages of the moment say alike: those who ask at once share one look at the store. */
export async function sharedRead<T>(
  { answers }: Pick<Services, "answers">,
  name: string,
  read: () => Promise<T>,
): Promise<T> {
  const { value } = await answers.get(`read ${name}`, async () => ({ value: await read() }));
  return value;
}
