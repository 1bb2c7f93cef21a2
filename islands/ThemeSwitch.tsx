import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { THEME } from "../lib/chart/page_names.ts";
import { Icon } from "../lib/pages/components/Icon.tsx";
import {
  isTheme,
  type Theme,
  THEME_KEY,
  themeAttribute,
  THEMES,
} from "../lib/pages/shell/theme.ts";

const NAME: Record<Theme, string> = { auto: "system", light: "light", dark: "dark" };
const YEAR_S = 365 * 24 * 3600;

export interface ThemeSwitchProps {
  /** From the cookie. */
  readonly theme: Theme | undefined;
  readonly basePath: string;
}

/** Light, dark, or the system's theme; without script it applies to this page only. */
export default function ThemeSwitch({ theme, basePath }: ThemeSwitchProps) {
  const chosen = useSignal<Theme>(theme ?? "auto");
  const choose = (theme: Theme) => {
    chosen.value = theme;
    apply(theme, basePath);
  };
  useEffect(() => {
    const copy = storage()?.getItem(THEME_KEY);
    // the cookie was deleted, the copy was not
    if (theme === undefined && isTheme(copy)) choose(copy);
  }, []);
  return (
    <fieldset class="segmented themes">
      <legend class="unseen">Theme</legend>
      {THEMES.map((one) => (
        <label key={one} title={`Theme: ${NAME[one]}`}>
          <input
            id={`theme-${one}`}
            type="radio"
            name="theme"
            checked={chosen.value === one}
            onChange={() => choose(one)}
          />
          <Icon name={one} />
          <span class="unseen">{NAME[one]}</span>
        </label>
      ))}
    </fieldset>
  );
}

function apply(theme: Theme, basePath: string): void {
  const chosen = themeAttribute(theme);
  if (chosen) document.documentElement.setAttribute(THEME, chosen);
  else document.documentElement.removeAttribute(THEME);
  const path = basePath || "/";
  document.cookie = `${THEME_KEY}=${theme}; path=${path}; max-age=${YEAR_S}; samesite=lax`;
  storage()?.setItem(THEME_KEY, theme);
}

/** Storage may be blocked. */
function storage(): Storage | undefined {
  let found: Storage | undefined;
  try {
    found = localStorage;
  } catch {
    // Then only the cookie is used.
  }
  return found;
}
