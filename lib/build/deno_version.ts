/** The oldest Deno that has everything wick uses. */
export const OLDEST_DENO = "2.7.0";
/** The version that wick is tested with. */
const TESTED_DENO = "2.9.6";

/** Says which Deno is needed and how to get it; `undefined` if `version` is new enough. */
export function describeOldDeno(version: string): string | undefined {
  const numbers = (text: string) => text.split(/[.+-]/).slice(0, 3).map(Number);
  const [needed, running] = [numbers(OLDEST_DENO), numbers(version)];
  const first = needed.findIndex((number, i) => number !== running[i]);
  if (first < 0 || running[first]! > needed[first]!) return undefined;
  return `wick needs Deno ${OLDEST_DENO} or newer, and this is Deno ${version}: ` +
    `run \`deno upgrade\`, or use \`npx --yes deno@${TESTED_DENO}\` in place of \`deno\``;
}

/** Ends a process that runs on a Deno that is too old. */
export function requireDeno(version: string): void {
  const problem = describeOldDeno(version);
  if (problem === undefined) return;
  Deno.stderr.writeSync(new TextEncoder().encode(`${problem}\n`));
  Deno.exit(1);
}
