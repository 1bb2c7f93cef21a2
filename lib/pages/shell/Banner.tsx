import type { ComponentChildren } from "preact";
import { Icon } from "../components/Icon.tsx";
import type { IconName } from "../components/icon_shapes.ts";

export interface BannerProps {
  readonly kind: "simulated" | "offline" | "waiting";
  readonly title: string;
  readonly children: ComponentChildren;
}

const ICON: Record<BannerProps["kind"], IconName> = {
  simulated: "stale",
  offline: "offline",
  waiting: "waiting",
};

/** One line under the header that nobody should miss. */
export function Banner({ kind, title, children }: BannerProps) {
  return (
    <p class={`banner banner-${kind}`} role="status">
      <Icon name={ICON[kind]} />
      <strong>{title}</strong>
      <span>{children}</span>
    </p>
  );
}
