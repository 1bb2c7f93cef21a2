import { useSignalEffect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { COIN } from "../../chart/page_names.ts";
import { ShareCard, type ShareCardProps } from "./ShareCard.tsx";
import { type CapPieOptions, useCapPie } from "../components/use_cap_pie.ts";

export interface LiveShareCardProps
  extends Omit<CapPieOptions, "rate">, Pick<ShareCardProps, "kind" | "rate"> {}

/** Shares of the coins; the highlighted one is marked there and in the table. */
export function LiveShareCard({ kind, rate, ...props }: LiveShareCardProps) {
  const { host, view, rate: newest, plot, pointed, time } = useCapPie({ ...props, rate });
  const slice = pointed.value === undefined ? undefined : view.value.slices[pointed.value];

  useEffect(() => {
    const abort = new AbortController();
    watchCoinRows((coin) => {
      const index = view.value.slices.findIndex(({ id }) => id === coin);
      pointed.value = index === -1 ? undefined : index;
    }, abort.signal);
    return () => abort.abort();
  }, []);
  useSignalEffect(() => {
    markCoinRow(pointed.value === undefined ? undefined : view.value.slices[pointed.value]?.id);
  });

  return (
    <ShareCard
      kind={kind}
      rate={newest.value ?? rate}
      view={view.value}
      now={time.value}
      pointed={slice}
      isDrawn={plot.value !== undefined}
    >
      <div class="engine" ref={host} />
    </ShareCard>
  );
}

const ROW = `[${COIN}]`;

/** Reports the coin whose row has the pointer or the focus, by CoinGecko ID. */
function watchCoinRows(
  onCoin: (coin: string | undefined) => void,
  signal: AbortSignal,
): void {
  const coinOf = ({ target }: Event) =>
    target instanceof Element
      ? target.closest<HTMLElement>(ROW)?.getAttribute(COIN) ?? undefined
      : undefined;
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

/** Marks the row of one coin, or none. */
function markCoinRow(coin: string | undefined): void {
  for (const row of document.querySelectorAll<HTMLElement>(ROW)) {
    row.classList.toggle("is-pointed", row.getAttribute(COIN) === coin);
  }
}
