import type { Page } from "playwright-core";

/**
 * A typeface that a user's machine may have; each comes with its own file, so any machine can test.
 */
export interface Typeface {
  readonly name: string;
  readonly family: "arimo" | "noto-sans" | "dejavu-sans";
  /** Scales glyphs up. */
  readonly sizeAdjust?: string;
}

/**
 * Arimo has the metrics of Arial and Liberation Sans; no common typeface is wider than DejaVu Sans.
 */
export const TYPEFACES: readonly Typeface[] = [
  { name: "Arimo", family: "arimo" },
  { name: "Noto Sans", family: "noto-sans" },
  { name: "DejaVu Sans", family: "dejavu-sans" },
  { name: "a face wider than DejaVu Sans", family: "dejavu-sans", sizeAdjust: "108%" },
];

const WEIGHTS = [400, 700];

/** Shows the page in `face`; its context needs `bypassCSP`. */
export async function wear(page: Page, face: Typeface): Promise<void> {
  await page.evaluate(async ([css, weights]) => {
    const style = document.getElementById("worn") ??
      document.head.appendChild(Object.assign(document.createElement("style"), { id: "worn" }));
    style.textContent = css;
    await Promise.all(weights.map((weight) => document.fonts.load(`${weight} 13px Worn`)));
  }, [await cssOf(face), WEIGHTS] as const);
}

const known = new Map<Typeface, Promise<string>>();

function cssOf(face: Typeface): Promise<string> {
  const css = known.get(face) ?? readCss(face);
  known.set(face, css);
  return css;
}

async function readCss(face: Typeface): Promise<string> {
  const rules = await Promise.all(WEIGHTS.map(async (weight) => {
    const file = import.meta.resolve(
      `@fontsource/${face.family}/files/${face.family}-latin-${weight}-normal.woff2`,
    );
    const data = (await Deno.readFile(new URL(file))).toBase64();
    return `@font-face {
      font-family: Worn;
      font-weight: ${weight};
      src: url(data:font/woff2;base64,${data});
      size-adjust: ${face.sizeAdjust ?? "100%"};
    }`;
  }));
  return `${rules.join("")} :root { --sans: Worn; --mono: Worn; }`;
}
