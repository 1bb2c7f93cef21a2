export interface SegmentedLink {
  readonly name: string;
  readonly href: string;
  readonly title: string;
  readonly isCurrent: boolean;
}

export interface SegmentedLinksProps {
  readonly label: string;
  readonly links: readonly SegmentedLink[];
  readonly class?: string;
}

/** A row of choices, each a link. */
export function SegmentedLinks({ label, links, class: kind = "" }: SegmentedLinksProps) {
  return (
    <nav class={`segmented ${kind}`} aria-label={label}>
      {links.map(({ name, href, title, isCurrent }) => (
        <a key={name} href={href} title={title} aria-current={isCurrent ? "true" : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}
