/** Neither files outside the static folder nor hidden ones, `.well-known` apart. */
export function isServed(path: string): boolean {
  return !path.includes("\0") &&
    path.split(/[\\/]/).every((part) => !part.startsWith(".") || part === ".well-known");
}
