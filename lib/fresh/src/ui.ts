import type { RouteComponent } from "./route.ts";

/** The app wrapper and layouts that `ctx.render()` puts around a page, outermost first. */
export interface Ui<State> {
  readonly app: RouteComponent<State> | null;
  readonly layouts: readonly RouteComponent<State>[];
}

// deno-lint-ignore no-explicit-any
export const BARE_UI: Ui<any> = { app: null, layouts: [] };

export interface UiConfig {
  skipAppWrapper?: boolean;
  skipInheritedLayouts?: boolean;
}

export function withoutSkipped<State>(ui: Ui<State>, config: UiConfig | undefined): Ui<State> {
  if (!config?.skipAppWrapper && !config?.skipInheritedLayouts) return ui;
  return {
    app: config.skipAppWrapper ? null : ui.app,
    layouts: config.skipInheritedLayouts ? [] : ui.layouts,
  };
}
