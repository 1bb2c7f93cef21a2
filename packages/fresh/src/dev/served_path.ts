/** Files outside the static folder and hidden ones are not served, except `.well-known`. */
export function isServed(path: string): boolean {
  return !path.includes("\0") &&
    path.split(/[\\/]/).every((part) => !part.startsWith(".") || part === ".well-known");
}
