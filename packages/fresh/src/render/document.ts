import type { VNode } from "preact";
import { jsxTemplate } from "preact/jsx-runtime";
import { renderToString } from "preact-render-to-string";
import { bootFragments } from "./boot_scripts.ts";
import { remainingHead } from "./head_tags.ts";
import { installHooks } from "./hooks.ts";
import { type RenderState, withRender } from "./render_state.ts";

interface AppWrapper {
  vnode: VNode;
  /** Holds the page for the wrapper's `<Component />`. */
  slot: { content: VNode | null };
}

/**
 * Renders the page first, then the app wrapper around its HTML, so that every `<Head>` of the page
 * is known when `<head>` is written.
 */
export function renderDocument(
  state: RenderState,
  page: VNode | null,
  app: AppWrapper | null,
): string {
  installHooks();
  return withRender(state, () => {
    let html = page === null ? "" : renderToString(page);
    if (app !== null) {
      app.slot.content = jsxTemplate([html]);
      html = renderToString(app.vnode);
    }
    return `<!DOCTYPE html>${completed(state, html)}`;
  });
}

function completed(state: RenderState, rendered: string): string {
  let html = rendered;
  if (!state.hasBody) {
    html = `<body>${html}${bootFragments().map((vnode) => renderToString(vnode)).join("")}</body>`;
  }
  if (!state.hasHead) {
    const tags = renderToString(remainingHead());
    html = `<head><meta charset="utf-8"/>${tags}</head>${html}`;
  }
  return state.hasHtml ? html : `<html>${html}</html>`;
}
