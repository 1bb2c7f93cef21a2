import { page } from "../../chart/session/page_signals.ts";
import { CandleCells, OpenRow } from "./CandleCells.tsx";

/**
 * The row of the open candle, above those of the server. Candles that have closed since take its
 * place until the server's rows have them: the rows below do not move for a moment's difference.
 */
export function NewestCandles({ isNear }: { readonly isNear: boolean }) {
  const facts = page.facts.value;
  const shown = isNear ? page.moving.value : page.moving.peek(); // not redrawn out of sight
  const interval = page.view.value?.interval;
  if (facts?.opens === undefined) return null;
  const closed = page.closed.value?.interval === facts.interval ? page.closed.value.candles : [];
  const unstored = closed.filter(({ openTime }) => openTime > facts.newest);
  const moving = interval === facts.interval ? shown : undefined;
  if (unstored.length === 0) {
    return (
      <OpenRow
        openTime={moving?.openTime ?? facts.opens}
        candle={moving}
        decimals={facts}
      />
    );
  }
  return (
    <>
      {unstored.toReversed().map((candle) => (
        <tr key={candle.openTime} class="row-closed">
          <CandleCells candle={candle} decimals={facts} />
          <td>closed: not stored yet</td>
        </tr>
      ))}
    </>
  );
}
