export function label(isOpen: boolean): string {
  return isOpen ? "close" : "open";
}
