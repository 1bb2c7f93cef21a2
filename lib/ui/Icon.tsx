/** Line drawings on 16 × 16; each badge has a shape of its own. */
const SHAPES = {
  live: "M8 2.2a5.8 5.8 0 100 11.6A5.8 5.8 0 008 2.2zM8 6.2a1.8 1.8 0 100 3.6 1.8 1.8 0 000-3.6z",
  fresh: "M8 2.2a5.8 5.8 0 100 11.6A5.8 5.8 0 008 2.2zM5.4 8.2l1.9 1.9 3.4-3.9",
  late: "M8 2.2a5.8 5.8 0 100 11.6A5.8 5.8 0 008 2.2zM8 4.8V8l2.2 1.5",
  stale: "M8 2.4l6 10.8H2zM8 6.6v3M8 11.4v.1",
  collecting: "M8 2.2v7.6M4.8 6.9L8 10l3.2-3.1M2.6 13.4h10.8",
  offline: "M8 2.2a5.8 5.8 0 100 11.6A5.8 5.8 0 008 2.2zM4 4l8 8",
  frozen: "M5.6 4v8M10.4 4v8",
  earlier: "M10 3.4L5.4 8l4.6 4.6",
  later: "M6 3.4L10.6 8 6 12.6",
  plus: "M8 3.2v9.6M3.2 8h9.6",
  minus: "M3.2 8h9.6",
  download: "M8 2.2v8.2M4.6 7.2L8 10.6l3.4-3.4M2.6 13.4h10.8",
  auto: "M8 2.4a5.6 5.6 0 100 11.2A5.6 5.6 0 008 2.4zM8 4.2v7.6M9.8 4.8v6.4M11.4 6v4",
  light: "M8 5.3a2.7 2.7 0 100 5.4 2.7 2.7 0 000-5.4zM8 1.4v1.5M8 13.1v1.5M1.4 8h1.5M13.1 8h1.5" +
    "M3.3 3.3l1.1 1.1M11.6 11.6l1.1 1.1M12.7 3.3l-1.1 1.1M4.4 11.6l-1.1 1.1",
  dark: "M13.1 9.6A5.5 5.5 0 016.4 2.9a5.5 5.5 0 106.7 6.7z",
  check: "M3.2 8.6l3.2 3.2 6.4-7.4",
  close: "M4.4 4.4l7.2 7.2M11.6 4.4l-7.2 7.2",
  calendar: "M2.6 4h10.8v9.4H2.6zM2.6 7h10.8M5.6 2.2v3M10.4 2.2v3",
  palette: "M4.4 2.2v2.2M4.4 11v2.8M2.6 4.4h3.6V11H2.6zM11.6 1.6v3M11.6 10v4M9.8 4.6h3.6V10H9.8z",
  waiting:
    "M4.2 2.2h7.6M4.2 13.8h7.6M5 2.2c0 4 6 3.6 6 5.8s-6 1.8-6 5.8M11 2.2c0 4-6 3.6-6 5.8s6 1.8 6 5.8",
  code: "M5.4 4.6L2.2 8l3.2 3.4M10.6 4.6L13.8 8l-3.2 3.4",
  search: "M7 2.6a4.4 4.4 0 100 8.8 4.4 4.4 0 000-8.8zM10.2 10.2l3.4 3.4",
  chevron: "M4.4 6.4L8 10l3.6-3.6",
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={SHAPES[name]} />
    </svg>
  );
}
