// deno-lint-ignore no-explicit-any
type Read = (...args: any[]) => Promise<unknown>;

/**
 * Answers `{"NAME":[ARGUMENT,…]}` with `{"NAME":RESULT}` on standard output, one read after
 * another.
 */
export async function answerWith(wanted: string, reads: Record<string, Read>): Promise<void> {
  const results: Record<string, unknown> = {};
  for (const [name, args] of Object.entries<unknown[]>(JSON.parse(wanted))) {
    results[name] = await reads[name]!(...args);
  }
  await new Blob([JSON.stringify(results)]).stream().pipeTo(Deno.stdout.writable);
}
