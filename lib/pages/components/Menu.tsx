import type { ComponentChildren } from "preact";
import { Icon } from "./Icon.tsx";
import type { IconName } from "./icon_shapes.ts";

export interface MenuProps {
  readonly label: string;
  readonly icon?: IconName;
  /** A drawing in place of an icon. */
  readonly mark?: ComponentChildren;
  readonly class?: string;
  readonly children: ComponentChildren;
}

/** A button that opens a panel, without script; only one panel of a page is open at a time. */
export function Menu({ label, icon, mark, class: kind = "", children }: MenuProps) {
  return (
    <details class={`menu ${kind}`} name="menu">
      <summary class="button">
        {mark ?? (icon && <Icon name={icon} />)}
        <span>{label}</span>
        <Icon name="chevron" />
      </summary>
      <div class="menu-panel">{children}</div>
    </details>
  );
}

export interface MenuLink {
  readonly name: string;
  readonly hint?: string;
  readonly href: string;
  readonly isOn: boolean;
  readonly mark?: ComponentChildren;
}

/** A group of choices, each a link. */
export function MenuLinks({ title, links }: { title: string; links: readonly MenuLink[] }) {
  return (
    <nav class="menu-group" aria-label={title}>
      <p class="menu-title">{title}</p>
      <ul>
        {links.map(({ name, hint, href, isOn, mark }) => (
          <li key={name}>
            <a href={href} aria-current={isOn ? "true" : undefined}>
              {mark}
              <span class="menu-name">{name}</span>
              {hint && <small>{hint}</small>}
              {isOn && <Icon name="check" />}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
