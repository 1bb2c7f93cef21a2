export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = typeof THEMES[number];

/**
 * Name of the cookie that lets the server render the right theme, and of its copy in
 * `localStorage`.
 */
export const THEME_KEY = "wick-theme";

export function isTheme(text: string | null | undefined): text is Theme {
  return (THEMES as readonly (string | null | undefined)[]).includes(text);
}

/** The theme in a request's `Cookie` header. */
export function findTheme(cookies: string | null): Theme | undefined {
  if (cookies === null) return undefined;
  const value = new RegExp(`(?:^|;\\s*)${THEME_KEY}=(\\w+)`).exec(cookies)?.[1];
  return isTheme(value) ? value : undefined;
}

/** Value of `data-theme` on the root element; unset, the system decides. */
export function themeAttribute(theme: Theme | undefined): "light" | "dark" | undefined {
  return theme === "auto" ? undefined : theme;
}
