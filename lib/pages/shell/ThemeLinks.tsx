import { toHref } from "../components/href.ts";
import { Icon } from "../components/Icon.tsx";
import { type Theme, themeAttribute, THEMES } from "./theme.ts";

export interface ThemeLinksProps {
  /** Of the page shown. */
  readonly path: string;
  readonly params: URLSearchParams;
}

/** The page in each theme, where no script can keep one: other pages are led to in the same. */
export function ThemeLinks({ path, params }: ThemeLinksProps) {
  const current = params.get("theme") ?? "auto";
  // Relative, or Fresh would mark each as current: it looks at the path alone.
  const here = `./${path.split("/").at(-1)}`;
  const hrefIn = (theme: Theme) => {
    const others = [...params].filter(([name]) => name !== "theme");
    const all = [...others, ["theme", themeAttribute(theme)] as const];
    return toHref("", here, Object.fromEntries(all.sort(([a], [b]) => a < b ? -1 : 1)));
  };
  return (
    <nav class="segmented themes" aria-label="Theme">
      {THEMES.map((theme) => (
        <a
          key={theme}
          href={hrefIn(theme)}
          aria-current={theme === current ? "true" : undefined}
          aria-label={theme}
        >
          <Icon name={theme} />
        </a>
      ))}
    </nav>
  );
}
