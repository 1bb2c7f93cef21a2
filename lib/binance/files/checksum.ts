import { createHash } from "node:crypto";
import { AppError } from "../../core/errors.ts";

/**
 * Compares a file with the line that `sha256sum -c` reads: digest, two spaces, name.
 *
 * @throws `bad_payload` when they differ, or the line names another file
 */
export async function checkSum(
  file: AsyncIterable<Uint8Array>,
  line: string,
  name: string,
  path = name,
): Promise<void> {
  const [, wanted, named = ""] = /^([0-9a-fA-F]{64}) [ *](.+?)\s*$/.exec(line) ?? [];
  const problem = wanted === undefined
    ? "contains no SHA-256 and file name"
    : `names another file, ${named}`;
  // `sha256sum downloads/x.zip` writes the path too.
  if (wanted === undefined || named.split(/[/\\]/).at(-1) !== name) {
    throw new AppError("bad_payload", `Cannot trust ${path}: its checksum file ${problem}`);
  }
  const hash = createHash("sha256");
  for await (const chunk of file) hash.update(chunk);
  const found = hash.digest("hex");
  if (found === wanted.toLowerCase()) return;
  throw new AppError("bad_payload", `Cannot trust ${path}: its SHA-256 is ${found}, not ${wanted}`);
}
