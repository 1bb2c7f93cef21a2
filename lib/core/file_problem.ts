import { describeError } from "./errors.ts";

const BY_CODE: Readonly<Record<string, string>> = {
  EACCES: "this account has no permission",
  EPERM: "this account has no permission",
  EROFS: "the file system is read-only",
  ENOENT: "no such file or folder",
  EEXIST: "a file has this name",
  ENOTDIR: "a part of the path is a file",
  EISDIR: "it is a folder",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "it is a link to itself",
  EMFILE: "too many files are open",
  ENOSPC: "no space is left on the disk",
  EDQUOT: "this account has no space left on the disk",
};

/** The reason in words as a cause, with the system's code. */
export class FileProblem extends Error {
  readonly code: string | undefined;

  constructor(reason: string, cause: unknown) {
    super(reason); // the cause's own text would be printed after it
    this.code = codeOf(cause);
  }
}

function codeOf(cause: unknown): string | undefined {
  const code: unknown = cause instanceof Error ? Reflect.get(cause, "code") : undefined;
  return typeof code === "string" ? code : undefined;
}

/** The reason for which a file or folder cannot be used, without its path. */
export function fileProblem(cause: unknown): string {
  const code = codeOf(cause) ?? "";
  if (Object.hasOwn(BY_CODE, code)) return BY_CODE[code]!;
  // Deno keeps programs away from /proc, /sys and /dev, unless it runs with all permissions.
  const isKept = cause instanceof Error && cause.name === "NotCapable";
  return isKept ? "Deno does not permit wick to use this path" : describeError(cause);
}
