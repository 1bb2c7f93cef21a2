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

/** The reason for which a file or folder cannot be used, without its path. */
export function fileProblem(cause: unknown): string {
  const code = String(cause instanceof Error ? Reflect.get(cause, "code") : undefined);
  if (Object.hasOwn(BY_CODE, code)) return BY_CODE[code]!;
  // Deno keeps programs away from /proc, /sys and /dev, unless it runs with all permissions.
  const isKept = cause instanceof Error && cause.name === "NotCapable";
  return isKept ? "Deno does not permit wick to use this path" : describeError(cause);
}
