import { h, type VNode } from "preact";
import { bootPlan } from "./boot_plan.ts";
import { type FragmentProps, lazyFragment, NOTHING } from "./lazy_fragment.ts";
import type { RenderState } from "./render_state.ts";
import { serializeProps, toScriptString } from "./serialize_props.ts";

/** The end of the body: JSX that no island has shown, then the script that starts the islands. */
export function bootFragments(): VNode[] {
  // In this order, because the hidden JSX may contain more islands.
  return [lazyFragment(hiddenSlots), lazyFragment(scripts)];
}

function hiddenSlots({ slots }: RenderState): FragmentProps {
  if (slots.length === 0) return NOTHING;
  const children = slots.map((slot, id) => {
    if (slot.isRendered) return null;
    const name = `frsh-${id}-${encodeURIComponent(slot.name)}`;
    return h("template", { id: name }, slot.children);
  });
  return { children };
}

function scripts(state: RenderState): FragmentProps {
  const { prefix, buildCache } = state.target;
  let html = "";
  if (state.islands.size > 0) html += inlineModule(state, bootCode(state));
  if (buildCache.reloadEntry !== null) {
    html += inlineModule(state, `import "${prefix}${buildCache.reloadEntry}";`);
  }
  return { tpl: [html] };
}

function inlineModule({ nonce }: RenderState, code: string): string {
  const attribute = ` nonce="${nonce}"`;
  return `<script type="module"${attribute}>${code}</script>`;
}

function bootCode({ target, islands, uses }: RenderState): string {
  const { imports, names } = bootPlan(target, islands);
  return `${imports}boot(${names}, ${toScriptString(serializeProps(uses))});`;
}
