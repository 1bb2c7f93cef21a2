const ROW = "[data-coin]";

/** Tells which coin's row the pointer or the focus is on, by CoinGecko's id. */
export function watchCoinRows(
  onCoin: (coin: string | undefined) => void,
  signal: AbortSignal,
): void {
  const coinOf = ({ target }: Event) =>
    target instanceof Element ? target.closest<HTMLElement>(ROW)?.dataset.coin : undefined;
  let last: string | undefined;
  const onEvent = (event: Event) => {
    const coin = coinOf(event);
    if (coin === last) return;
    last = coin;
    onCoin(coin);
  };
  for (const type of ["pointerover", "focusin"]) {
    document.addEventListener(type, onEvent, { signal, passive: true });
  }
}

/** Marks the row of one coin, or of none. */
export function markCoinRow(coin: string | undefined): void {
  for (const row of document.querySelectorAll<HTMLElement>(ROW)) {
    row.classList.toggle("is-pointed", row.dataset.coin === coin);
  }
}
