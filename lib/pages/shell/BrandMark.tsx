/** A hollow candle whose upper wick burns. */
export function BrandMark() {
  return (
    <svg class="mark" viewBox="0 0 20 28" aria-hidden="true">
      <path
        class="mark-flame"
        d="M10 1c2.3 2.6 2.9 4 2.9 5.3A2.9 2.9 0 017.1 6.3C7.1 5 7.7 3.6 10 1z"
      />
      <path class="mark-wick" d="M10 8.5v3M10 22.5v4.5" />
      <rect class="mark-body" x="5" y="11.5" width="10" height="11" rx="1.5" />
    </svg>
  );
}
