import { toHref } from "./href.ts";
import { Icon } from "./Icon.tsx";
import { themeAttribute, THEMES } from "./theme.ts";

export interface ThemeLinksProps {
  /** Of the page shown, with its base path. */
  readonly path: string;
  readonly params: URLSearchParams;
}

/** The page in each theme, where no script can keep one: other pages are led to in the same. */
export function ThemeLinks({ path, params }: ThemeLinksProps) {
  const current = params.get("theme") ?? "auto";
  return (
    <nav class="segmented themes" aria-label="Theme">
      {THEMES.map((theme) => (
        <a
          key={theme}
          href={toHref("", path, { ...Object.fromEntries(params), theme: themeAttribute(theme) })}
          aria-current={theme === current ? "true" : undefined}
          aria-label={theme}
        >
          <Icon name={theme} />
        </a>
      ))}
    </nav>
  );
}
