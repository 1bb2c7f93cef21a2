import { toHref } from "../components/site_href.ts";
import { Icon } from "../components/Icon.tsx";
import { type Theme, themeAttribute, THEMES } from "./theme.ts";

export interface ThemeLinksProps {
  /** URL of the current page. */
  readonly path: string;
  readonly params: URLSearchParams;
}

/**
 * Links to the page in each theme, for browsers without script; the links of that page keep the
 * theme.
 */
export function ThemeLinks({ path, params }: ThemeLinksProps) {
  const current = params.get("theme") ?? "auto";
  // Relative, because Fresh would mark each as current by its path.
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
