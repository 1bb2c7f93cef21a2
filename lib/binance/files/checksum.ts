import { createHash } from "node:crypto";
import { AppError } from "../../core/errors.ts";

/**
 * Compares a file with the line that `sha256sum -c` reads: digest, two spaces, name.
 *
 * @throws `bad_payload` when they differ, or the line says nothing about this file
 */
export async function checkSum(
  file: AsyncIterable<Uint8Array>,
  line: string,
  name: string,
  path = name,
): Promise<void> {
  const [, wanted, named] = /^([0-9a-fA-F]{64}) [ *](.+?)\s*$/.exec(line) ?? [];
  if (wanted === undefined || named !== name) {
    throw new AppError(
      "bad_payload",
      `Cannot trust ${path}: its checksum file says something else`,
    );
  }
  const hash = createHash("sha256");
  for await (const chunk of file) hash.update(chunk);
  const found = hash.digest("hex");
  if (found === wanted.toLowerCase()) return;
  throw new AppError("bad_payload", `Cannot trust ${path}: its SHA-256 is ${found}, not ${wanted}`);
}
