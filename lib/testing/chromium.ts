import { printError } from "../log.ts";
import { installPackages } from "./debian.ts";

/** Arguments that let Chromium run as root in a container, without a line to the outside. */
export const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

export function findChromium(): string | undefined {
  return PLACES.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** Installs Debian's Chromium where we may; ends the process with a word where we may not. */
export async function installChromium(): Promise<void> {
  await installPackages(["chromium"]);
  if (findChromium() !== undefined) return;
  printError(
    "The tests need Chromium: install it, for instance with `apt-get install chromium`",
  );
  Deno.exit(1);
}
