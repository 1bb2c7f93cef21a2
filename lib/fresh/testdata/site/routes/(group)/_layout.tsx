import type { PageProps } from "fresh";

export const config = { skipInheritedLayouts: true };

export default function GroupLayout({ Component }: PageProps) {
  return (
    <article>
      <Component />
    </article>
  );
}
